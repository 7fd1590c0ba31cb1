import { Step } from '../model';
import { directoryOf, PipelinePlan, Placement } from '../planModel';
import { expressionOf } from '../expressions';

/** What a job does for a machine: a release, or one file of its configuration. */
export function machineSteps(plan: PipelinePlan, placement: Placement): Step[] {
  return [...releaseSteps(plan, placement), ...configFileSteps(placement)];
}

/**
 * A quarter of an hour until it is its turn, half an hour and two minutes for the script, in which it comes and goes
 * back (see azure-vm-run.sh); the archive before.
 */
export const machineMinutes = 55;

/** Hands a release over by a storage account, and has the machine switch to it; it goes back by itself. */
function releaseSteps(
  { settings }: PipelinePlan,
  { service, environment, target }: Placement,
): Step[] {
  if (target.type !== 'azure-vm' || !target.release || !settings.storage) {
    return [];
  }
  const { release, health = {} } = target;
  const { storage } = settings;
  return [
    {
      name: 'Deploy',
      env: {
        resource_group: target.resourceGroup,
        vm: target.name,
        storage_account: expressionOf(storage.account),
        container: storage.container,
        paths: (environment.deploy?.include ?? includedOf(service)).join(' '),
        directory: release.directory,
        unit: release.unit,
        release: '${{ github.sha }}',
        keep: String(release.keep ?? 3),
        ...(release.environmentFile && {
          environment_file: release.environmentFile,
        }),
        ...(health.url && { health_url: health.url }),
        ...(health.url && {
          health_statuses: (environment.verify?.statuses ?? [200]).join(' '),
        }),
        ...(health.keyVariable && { key_variable: health.keyVariable }),
        ...(health.keyHeader && { key_header: health.keyHeader }),
        ...(health.udpPort && { udp_port: String(health.udpPort) }),
      },
      run: '.github/deploy/azure-vm-release.sh',
    },
  ];
}

/** What a release is made of: the service's directory and its shared ones. */
function includedOf(service: Placement['service']): string[] {
  const shared = service.sharedPaths.map(path => path.replace(/\/?\*.*$/, ''));
  return [...new Set([directoryOf(service), ...shared])];
}

/** Sends a configuration file, with a copy of the one before, and has it read again. */
function configFileSteps({ target }: Placement): Step[] {
  if (target.type !== 'azure-vm' || !target.configFile) {
    return [];
  }
  const { source, path, backupDirectory, owner, reload } = target.configFile;
  return [
    {
      name: 'Deploy',
      env: {
        resource_group: target.resourceGroup,
        vm: target.name,
        source,
        path,
        backup_directory: backupDirectory,
        ...(owner && { owner }),
        ...(reload && { reload }),
      },
      run: '.github/deploy/azure-vm-config-file.sh',
    },
  ];
}
