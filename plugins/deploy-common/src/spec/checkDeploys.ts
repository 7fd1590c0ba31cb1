import { PipelineDocument } from './schema';
import { quote } from './suggest';
import { TargetSpec } from './types';

type Report = (
  path: readonly string[],
  message: string,
  remedy: string,
) => void;

type EnvironmentDocument =
  PipelineDocument['spec']['services'][string]['environments'][string];

/** One service in one environment, with a target. */
interface Placed {
  service: string;
  path: readonly string[];
  environment: EnvironmentDocument;
  target: TargetSpec;
  /** Its address there, also where it is that of the whole environment. */
  url: string | undefined;
}

/** Where the variables of a service stand, on platforms that a deployment leaves them to. */
const VARIABLES: Readonly<Record<TargetSpec['type'], string | undefined>> = {
  'azure-container-app': undefined,
  'azure-vm':
    'Write them to the file on the machine that target.release.environmentFile names, and remove "environment".',
  ecs: 'Say them in the task definition, from which each deployment takes everything but the image, and remove "environment".',
  kubernetes:
    'Say them in a manifest (deploy.kubernetes.manifests of the environment), secrets by deploy.secrets, and remove "environment".',
  'github-workflow':
    'Say them under deploy.compose.environmentFiles of the environment, and remove "environment".',
  custom: 'Remove "environment".',
};

/** Refuses what a deployment to that kind of target makes nothing of: nobody would see that it lacks. */
export function checkDeploys({ spec }: PipelineDocument, report: Report): void {
  if (!spec.pipeline) {
    return;
  }
  for (const [service, { environments }] of Object.entries(spec.services)) {
    for (const [name, environment] of Object.entries(environments)) {
      const { target } = environment;
      if (target) {
        const path = ['spec', 'services', service, 'environments', name];
        const url =
          environment.url ??
          spec.environments.find(one => one.name === name)?.url;
        const placed = { service, path, environment, target, url };
        checkVariables(placed, report);
        checkInclude(placed, report);
        checkVerify(placed, report);
        checkMatrix(spec, name, placed, report);
      }
    }
  }
}

function checkVariables(
  { service, path, environment, target }: Placed,
  report: Report,
): void {
  const remedy = VARIABLES[target.type];
  if (environment.deploy?.environment && remedy !== undefined) {
    report(
      [...path, 'deploy', 'environment'],
      `only Container Apps get variables with a release, and the target of ${quote(
        service,
      )} is ${target.type}`,
      remedy,
    );
  }
}

function checkInclude(
  { service, path, environment, target }: Placed,
  report: Report,
): void {
  const isRelease = target.type === 'azure-vm' && target.release;
  if (environment.deploy?.include && !isRelease) {
    report(
      [...path, 'deploy', 'include'],
      `only releases on a machine are made of files, and ${quote(
        service,
      )} has none there`,
      'Remove "include".',
    );
  }
}

/** A machine is asked by `health` of its target, on the machine itself; of anything else the address is asked. */
function checkVerify(
  { service, path, environment, target, url }: Placed,
  report: Report,
): void {
  const { verify } = environment;
  if (!verify) {
    return;
  }
  const place = [...path, 'verify'];
  if (target.type === 'azure-vm') {
    const asks = target.release && target.health?.url;
    for (const key of Object.keys(verify)) {
      if (key !== 'statuses' || !asks) {
        report(
          [...place, key],
          `a deployment to a machine asks by "health" of the target, and ${quote(
            key,
          )} would do nothing`,
          target.release
            ? `Remove it; what is asked on the machine is target.health, such as {url: http://127.0.0.1:8080${
                verify.path ?? '/healthz'
              }}.`
            : 'Remove it: a file is in place, or read again by "reload".',
        );
      }
    }
  } else if (url === undefined) {
    report(
      place,
      `${quote(service)} has no "url" there that could be asked`,
      'Add its url, or remove "verify".',
    );
  }
}

/**
 * GitHub names the values of a matrix behind a job, and the portal looks for them: a job without one shows none. Below
 * safety level 4 no job that deploys is generated: those that are mapped are somebody's own.
 */
function checkMatrix(
  { pipeline, environments, services }: PipelineDocument['spec'],
  name: string,
  { service, path, environment, target }: Placed,
  report: Report,
): void {
  if ((pipeline?.safetyLevel ?? 5) < 4) {
    return;
  }
  const file =
    environments.find(one => one.name === name)?.deploy?.workflow ??
    pipeline?.workflow ??
    'deploy.yml';
  (environment.jobs ?? []).forEach(({ workflow, job, matrix }, index) => {
    const isShared = Object.entries(services).some(
      ([other, { environments: places }]) =>
        other !== service &&
        Object.hasOwn(places, name) &&
        places[name].jobs?.some(
          one => one.workflow === workflow && one.job === job,
        ),
    );
    const hasLegs = isShared && target.type !== 'github-workflow';
    if (matrix && workflow === file && !hasLegs) {
      report(
        [...path, 'jobs', String(index), 'matrix'],
        `the job ${quote(job)} is generated without a matrix: ${
          isShared
            ? 'docker compose brings all services at once'
            : 'no other service has it'
        }`,
        'Remove "matrix".',
      );
    }
  });
}
