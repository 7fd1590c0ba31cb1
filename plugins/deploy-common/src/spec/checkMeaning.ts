import { checkAddress } from './checkAddress';
import { checkGates } from './checkGates';
import { checkGlobs } from './checkGlobs';
import { checkPipeline } from './checkPipeline';
import { checkPromotion } from './checkPromotion';
import { checkTwins } from './checkTwins';
import { namesOverlap, refsOverlap } from './globs';
import { PipelineDocument } from './schema';
import { quote, suggest } from './suggest';
import { SpecFinding } from './types';
import { YamlSource, toPointer } from './YamlSource';

type ServiceDocument = PipelineDocument['spec']['services'][string];
type EnvironmentDocument = ServiceDocument['environments'][string];
type JobDocument = NonNullable<EnvironmentDocument['jobs']>[number];
type Path = readonly string[];
type Report = (path: Path, message: string, remedy: string) => void;

function pathProblem(path: string): string | undefined {
  if (/^[/\\]|^[A-Za-z]:/.test(path)) return 'is absolute';
  if (path.includes('\\')) return 'has a backslash';
  if (path.startsWith('!')) return 'is negated';
  if (/\p{Cc}/u.test(path)) return 'has a control character';
  const segments = path.split('/');
  if (segments.includes('..')) return 'leaves the repository';
  if (segments.includes('.')) return 'has a segment "."';
  return undefined;
}

function checkPath(value: string, path: Path, report: Report) {
  const problem = pathProblem(value);
  if (problem) {
    report(
      path,
      `the path ${quote(value)} ${problem}`,
      'Write it relative to the root of the repository, such as services/verifier/**.',
    );
  }
}

function checkDeclared(document: PipelineDocument, report: Report) {
  const seen = new Map<string, string>();
  document.spec.environments.forEach(({ name, url }, index) => {
    const path = ['spec', 'environments', String(index)];
    // GitHub does not tell upper from lower case in the names of environments.
    const key = name.toLocaleLowerCase('en-US');
    const earlier = seen.get(key);
    if (earlier !== undefined) {
      report(
        [...path, 'name'],
        earlier === name
          ? `the environment ${quote(name)} is declared twice`
          : `the environments ${quote(earlier)} and ${quote(
              name,
            )} are one at GitHub, which ignores case`,
        'Keep one of the two.',
      );
    }
    seen.set(key, name);
    checkAddress(url, [...path, 'url'], report);
  });
}

function checkEntities(document: PipelineDocument, report: Report) {
  const owners = new Map<string, string>();
  for (const [key, { entity }] of Object.entries(document.spec.services)) {
    if (entity === undefined) {
      continue;
    }
    const entityRef = entity.toLocaleLowerCase('en-US');
    const earlier = owners.get(entityRef);
    if (earlier !== undefined) {
      report(
        ['spec', 'services', key, 'entity'],
        `the services ${quote(earlier)} and ${quote(
          key,
        )} both name ${entityRef}`,
        'Give each service an entity of its own.',
      );
    }
    owners.set(entityRef, earlier ?? key);
  }
}

/** What lies on a machine is where it says: a detour could lead anywhere. */
function checkMachinePaths(
  {
    release,
    configFile,
  }: Extract<EnvironmentDocument['target'], { type: 'azure-vm' }>,
  path: Path,
  report: Report,
) {
  const places: [string[], string | undefined][] = [
    [['release', 'directory'], release?.directory],
    [['release', 'environmentFile'], release?.environmentFile],
    [['configFile', 'path'], configFile?.path],
    [['configFile', 'backupDirectory'], configFile?.backupDirectory],
  ];
  for (const [place, file] of places) {
    if (file?.split('/').some(part => part === '..' || part === '.')) {
      report(
        [...path, ...place],
        `the path ${quote(file)} has a segment "." or ".."`,
        'Write where it leads to, such as /opt/vvp/sip-redirect.',
      );
    }
  }
}

function checkTarget(
  target: EnvironmentDocument['target'],
  path: Path,
  report: Report,
) {
  if (target?.type === 'azure-vm') {
    const { release, configFile, health } = target;
    if ((release === undefined) === (configFile === undefined)) {
      report(
        path,
        'an azure-vm target needs either "release" or "configFile"',
        'Say what lies on the machine: releases in directories, or one configuration file.',
      );
    }
    if (configFile) {
      checkPath(configFile.source, [...path, 'configFile', 'source'], report);
    }
    checkAddress(health?.url, [...path, 'health', 'url'], report);
    checkMachinePaths(target, path, report);
  }
  if (target?.type === 'azure-container-app') {
    const { minReplicas = 0, maxReplicas = Infinity } = target;
    if (minReplicas > maxReplicas) {
      report(
        [...path, 'minReplicas'],
        'minReplicas is more than maxReplicas',
        'Swap the two numbers.',
      );
    }
  }
  if (target?.type === 'ecs') {
    for (const field of ['cluster', 'service'] as const) {
      // The name and the ARN of one thing would look like two things.
      if (!/^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(target[field])) {
        report(
          [...path, field],
          `${quote(field)} is no name of Amazon ECS`,
          'Write the name alone, not its ARN.',
        );
      }
    }
  }
  if (
    target?.type === 'kubernetes' &&
    target.strategy === 'canary' &&
    (target.workload ?? 'Deployment') !== 'Deployment'
  ) {
    report(
      [...path, 'strategy'],
      `a ${target.workload} cannot do a canary: its pods are replaced in their places`,
      'Remove "strategy" and "canary", or make the workload a Deployment.',
    );
  }
  if (
    (target?.type === 'kubernetes' || target?.type === 'azure-container-app') &&
    target.canary
  ) {
    if (target.strategy !== 'canary') {
      report(
        [...path, 'canary'],
        '"canary" is there without strategy: canary',
        'Add strategy: canary, or remove "canary".',
      );
    }
  }
}

function checkEnvironment(
  environment: EnvironmentDocument,
  path: Path,
  report: Report,
) {
  checkAddress(environment.url, [...path, 'url'], report);
  checkTarget(environment.target, [...path, 'target'], report);
  // Which hosts may be asked is for the portal to say, and checked when it asks.
  checkAddress(environment.version?.url, [...path, 'version', 'url'], report);
}

/** Whether one job of one run could be meant by both. */
function sameJob(left: JobDocument, right: JobDocument): boolean {
  if (left.workflow !== right.workflow) {
    return false;
  }
  // GitHub appends the values of a matrix, which a mapping without them takes as they are.
  const names = ({ job, matrix }: JobDocument) =>
    matrix ? [`${job} (*)`] : [job, `${job} (*)`];
  const overlap = names(left).some(name =>
    names(right).some(other => namesOverlap(name, other)),
  );
  if (!overlap) {
    return false;
  }
  const rightMatrix = new Map(Object.entries(right.matrix ?? {}));
  const apart = Object.entries(left.matrix ?? {}).some(
    ([key, value]) =>
      rightMatrix.has(key) && String(rightMatrix.get(key)) !== String(value),
  );
  if (apart) {
    return false;
  }
  const { branches } = left;
  const others = right.branches;
  return (
    !branches ||
    !others ||
    branches.some(glob => others.some(other => refsOverlap(glob, other)))
  );
}

function checkJobs(key: string, service: ServiceDocument, report: Report) {
  const jobs = Object.entries(service.environments).flatMap(
    ([environment, document]) =>
      (document.jobs ?? []).map((job, index) => ({ environment, job, index })),
  );
  for (const [position, later] of jobs.entries()) {
    const earlier = jobs
      .slice(0, position)
      .find(
        each =>
          each.environment !== later.environment &&
          sameJob(each.job, later.job),
      );
    if (earlier) {
      report(
        [
          ...['spec', 'services', key, 'environments', later.environment],
          ...['jobs', String(later.index)],
        ],
        `the job ${quote(later.job.job)} deploys to both ${quote(
          earlier.environment,
        )} and ${quote(later.environment)}`,
        'Tell the two apart by branches or matrix.',
      );
    }
  }
}

function checkService(
  key: string,
  service: ServiceDocument,
  declared: ReadonlySet<string>,
  report: Report,
) {
  const path = ['spec', 'services', key];
  for (const list of ['paths', 'sharedPaths'] as const) {
    (service[list] ?? []).forEach((value, index) =>
      checkPath(value, [...path, list, String(index)], report),
    );
  }
  for (const list of ['paths', 'irreversible'] as const) {
    (service.migrations?.[list] ?? []).forEach((value, index) =>
      checkPath(value, [...path, 'migrations', list, String(index)], report),
    );
  }
  for (const [name, environment] of Object.entries(service.environments)) {
    const environmentPath = [...path, 'environments', name];
    if (!declared.has(name)) {
      report(
        environmentPath,
        `the environment ${quote(name)} is not declared`,
        `Add it to spec.environments. ${suggest(name, [...declared])}`,
      );
    }
    checkEnvironment(environment, environmentPath, report);
  }
  checkJobs(key, service, report);
}

/** Checks what a schema cannot say: names that must exist, be unique, or lead to one answer. */
export function checkMeaning(
  document: PipelineDocument,
  source: YamlSource,
): SpecFinding[] {
  const findings: SpecFinding[] = [];
  const report: Report = (path, message, remedy) => {
    const position = source.locate(path);
    findings.push({ message, remedy, ...position, path: toPointer(path) });
  };
  checkDeclared(document, report);
  checkEntities(document, report);
  const declared = new Set(document.spec.environments.map(({ name }) => name));
  for (const [key, service] of Object.entries(document.spec.services)) {
    checkService(key, service, declared, report);
  }
  checkTwins(document, report);
  checkGlobs(document, report);
  checkPipeline(document, report);
  checkGates(document, report);
  checkPromotion(document, report);
  return findings;
}
