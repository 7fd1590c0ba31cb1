import { gatesOf } from '../spec/gatesOf';
import {
  DeploySpec,
  ServiceEnvironmentSpec,
  StageSpec,
  TargetSpec,
  WorkflowCallSpec,
} from '../spec/types';
import { nameOfPart, SettingList } from './SettingList';
import { DescribedService } from './types';

/** Keys of a promotion policy that are written otherwise. */
const writtenKeys: Readonly<Record<string, string>> = {
  soakSeconds: 'soak',
  expiresAfterSeconds: 'expiresAfter',
};

/**
 * What a `deploy.yaml` says of how a service runs in an environment, comes in there and is let in, by name.
 * How it is tested is left out, and so is what only tells the portal which jobs and commits are whose.
 */
export function settingsOf(
  { spec, service }: DescribedService,
  environmentName: string,
): ReadonlyMap<string, string> {
  const list = new SettingList();
  const environment = service.environments.find(
    ({ name }) => name === environmentName,
  );
  if (!environment) {
    return list.all;
  }
  const { target, deploy } = environment;
  list.set('tier', environment.tier);
  list.set('url', environment.url);
  list.setFields('version', environment.version);
  list.setFields('health', environment.verify);
  list.setFields('rollback', environment.rollback);
  list.setFields('image', service.image);
  addTarget(list, target);
  addDeploy(list, deploy);
  addWorkflow(list, environment.workflows?.deploy);
  addStage(
    list,
    spec.environments.find(({ name }) => name === environmentName)?.stage,
    target,
  );
  for (const rule of gatesOf(spec, service.key, environmentName)) {
    list.set(`gate ${rule.name}`, rule);
  }
  addPromotion(list, environment.promotion);
  return list.all;
}

/** The scale by the names that platforms have for it. */
function addTarget(list: SettingList, target: TargetSpec | undefined): void {
  for (const [key, value] of Object.entries(target ?? {})) {
    if (typeof value === 'object') {
      list.setFields(nameOfPart(key), value);
    } else if (['minReplicas', 'maxReplicas', 'strategy'].includes(key)) {
      list.set(key, value);
    } else {
      list.set(`target ${key}`, value);
    }
  }
}

function addDeploy(list: SettingList, deploy: DeploySpec | undefined): void {
  const { environment, secrets, ...others } = deploy ?? {};
  list.setVariables('env', environment);
  for (const { name, awsSecret } of secrets ?? []) {
    list.set(`Kubernetes secret ${name}`, awsSecret);
  }
  list.setReference(deploy?.metric?.token);
  list.setFields('deploy', others);
}

function addWorkflow(
  list: SettingList,
  call: WorkflowCallSpec | undefined,
): void {
  const { workflow, ...others } = call ?? {};
  list.set('deploy workflow', workflow);
  list.setFields('deploy workflow', others);
}

/** Of what the environment has for services of some platforms: what this one gets. */
function addStage(
  list: SettingList,
  stage: StageSpec | undefined,
  target: TargetSpec | undefined,
): void {
  list.set('deployed branches', stage?.branches, 'branches');
  list.set('deployed tags', stage?.tags, 'tags');
  list.set('signed tags', stage?.signedTags);
  if (stage?.kubernetes && target?.type === 'kubernetes') {
    list.setFields('kubernetes', stage.kubernetes);
    list.setReference(stage.kubernetes.kubeconfig);
  }
  if (stage?.compose && target?.type === 'github-workflow') {
    const { environmentFiles, ...others } = stage.compose;
    for (const [file, variables] of Object.entries(environmentFiles ?? {})) {
      list.setVariables(`env file ${file}:`, variables);
    }
    list.setFields('compose', others);
    const { host, user, key, knownHosts, tailscale } = others;
    [
      host,
      user,
      key,
      knownHosts,
      tailscale?.clientId,
      tailscale?.secret,
    ].forEach(value => list.setReference(value));
  }
}

function addPromotion(
  list: SettingList,
  promotion: ServiceEnvironmentSpec['promotion'],
): void {
  for (const [key, value] of Object.entries(promotion ?? {})) {
    list.set(`promotion ${writtenKeys[key] ?? key}`, value, key);
  }
}
