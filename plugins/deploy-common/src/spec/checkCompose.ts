import { deployingFiles, takenFiles } from './checkStages';
import { PipelineDocument } from './schema';
import { quote, suggest } from './suggest';

type Report = (
  path: readonly string[],
  message: string,
  remedy: string,
) => void;

type EnvironmentDocument = PipelineDocument['spec']['environments'][number];
type ComposeDocument = NonNullable<
  NonNullable<EnvironmentDocument['deploy']>['compose']
>;

/** The input by which the portal finds the run that it started. */
const CORRELATION = 'correlation';

/** Checks docker compose by SSH: whose images there are, what the files hold, and the way back that the portal takes. */
export function checkCompose(document: PipelineDocument, report: Report): void {
  document.spec.environments.forEach((environment, index) => {
    const { compose } = environment.deploy ?? {};
    if (compose) {
      const path = ['spec', 'environments', String(index), 'deploy', 'compose'];
      const tell: Report = (inside, message, remedy) =>
        report([...path, ...inside], message, remedy);
      checkFiles(compose, tell);
      checkImages(document, environment.name, compose, tell);
    }
  });
  checkDirectories(document, report);
  checkProjects(document, report);
  checkWaysBack(document, report);
}

/**
 * What is brought to one environment must not replace what runs in another. Where a host is a secret, only its name
 * can be seen: two secrets may be told apart, the same one in two environments may not.
 */
function checkDirectories({ spec }: PipelineDocument, report: Report): void {
  const owners = new Map<string, string>();
  spec.environments.forEach(({ name, deploy }, index) => {
    const { host, user, directory } = deploy?.compose ?? {};
    if (host === undefined || directory === undefined) {
      return;
    }
    const segments = directory.split('/').filter(part => part !== '.');
    const key = JSON.stringify([
      hostOf(host),
      segments.join('/'),
      // Below a home, whose it is makes a difference.
      directory.startsWith('/') ? '' : user,
    ]);
    const owner = owners.get(key);
    if (owner !== undefined) {
      report(
        [
          ...['spec', 'environments', String(index)],
          ...['deploy', 'compose', 'directory'],
        ],
        `the environments ${quote(owner)} and ${quote(
          name,
        )} have the same directory on the same host`,
        'Give each a directory of its own, or call the secrets of their hosts by names of their own.',
      );
    }
    owners.set(key, owner ?? name);
  });
}

/** As far as it can be seen: a secret or variable by its name. */
function hostOf(host: ComposeDocument['host']): unknown {
  return typeof host === 'string' ? host.toLocaleLowerCase('en-US') : host;
}

/**
 * Docker tells the containers of a host apart by their project: of two that are called the same, one deployment would
 * replace what runs of the other, whatever the directory.
 */
function checkProjects({ spec }: PipelineDocument, report: Report): void {
  const owners = new Map<string, string>();
  spec.environments.forEach(({ name, deploy }, index) => {
    const { compose } = deploy ?? {};
    if (!compose) {
      return;
    }
    const project = projectOf(compose);
    const key = JSON.stringify([hostOf(compose.host), project]);
    const owner = owners.get(key);
    if (owner !== undefined) {
      report(
        [
          ...['spec', 'environments', String(index)],
          ...['deploy', 'compose', 'directory'],
        ],
        `Docker would call the projects of the environments ${quote(
          owner,
        )} and ${quote(name)} both ${quote(project)} on one host`,
        `Let the directories end differently, such as app-${name}, or give one a COMPOSE_PROJECT_NAME in environmentFiles, .env.`,
      );
    }
    owners.set(key, owner ?? name);
  });
}

/**
 * How `docker compose` calls a project: by `COMPOSE_PROJECT_NAME`, else after the directory of the first file, in lower
 * case and without what such a name may not have
 * (https://docs.docker.com/compose/how-tos/project-name/).
 */
function projectOf(compose: ComposeDocument): string {
  const { directory, files, environmentFiles = {} } = compose;
  const named = environmentFiles['.env']?.COMPOSE_PROJECT_NAME;
  if (named !== undefined) {
    return typeof named === 'string' ? named : JSON.stringify(named);
  }
  const segments = `${directory}/${files[0]}`
    .split('/')
    .filter(part => part !== '' && part !== '.');
  return (segments.at(-2) ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '');
}

function checkFiles(compose: ComposeDocument, report: Report): void {
  const { directory, files, environmentFiles = {}, images } = compose;
  if (directory.split('/').includes('..')) {
    report(
      ['directory'],
      'the directory leads out of another one',
      'Write it without "..".',
    );
  }
  for (const [name, values] of Object.entries(environmentFiles)) {
    if (files.includes(name) || name.split('/').includes('..')) {
      report(
        ['environmentFiles', name],
        `${quote(name)} is no name for an environment file`,
        'Name a file of its own in the directory, such as .env.staging.',
      );
    }
    for (const variable of name === '.env' ? Object.keys(values) : []) {
      if (Object.hasOwn(images, variable)) {
        report(
          ['environmentFiles', name, variable],
          `${quote(variable)} is an image, and gets its value from there`,
          'Remove it here.',
        );
      }
    }
  }
}

function checkImages(
  { spec }: PipelineDocument,
  environment: string,
  { images }: ComposeDocument,
  report: Report,
): void {
  const here = Object.entries(spec.services)
    .filter(([, { environments }]) => Object.hasOwn(environments, environment))
    .map(([key]) => key);
  for (const [variable, key] of Object.entries(images)) {
    if (!here.includes(key)) {
      report(
        ['images', variable],
        `there is no service ${quote(key)} in ${quote(environment)}`,
        suggest(key, here),
      );
      continue;
    }
    const { target } = spec.services[key].environments[environment];
    if (target?.type !== 'github-workflow') {
      report(
        ['images', variable],
        `the target of ${quote(key)} in ${quote(
          environment,
        )} is no github-workflow`,
        'Name the workflow that is to bring a release back there, such as target: {type: github-workflow, workflow: rollback.yml, releaseInput: commit}.',
      );
    }
  }
}

/** The workflow that goes back is one of its own, and gets the release. That targets differ is seen with the targets. */
function checkWaysBack(document: PipelineDocument, report: Report): void {
  const { spec } = document;
  const taken = new Set([
    ...deployingFiles(document),
    ...takenFiles(document),
    ...Object.values(spec.tests ?? {}).flatMap(
      ({ workflow }) => workflow ?? [],
    ),
  ]);
  const asked = new Map<string, string>();
  const called = new Map<string, string>();
  for (const { name, deploy } of spec.environments) {
    for (const key of new Set(Object.values(deploy?.compose?.images ?? {}))) {
      const target = Object.hasOwn(spec.services, key)
        ? spec.services[key].environments[name]?.target
        : undefined;
      if (target?.type !== 'github-workflow') {
        continue;
      }
      const { workflow, inputs = {}, releaseInput } = target;
      const path = ['spec', 'services', key, 'environments', name, 'target'];
      if (taken.has(workflow)) {
        report(
          [...path, 'workflow'],
          `${workflow} is the name of another generated workflow`,
          'Name one of its own that brings releases back, such as rollback.yml.',
        );
      }
      if (releaseInput === undefined) {
        report(
          path,
          'the target has no "releaseInput"',
          'Say what the workflow takes the release by, such as releaseInput: commit.',
        );
      }
      const names = [...Object.keys(inputs).sort(), releaseInput].join(', ');
      if ((asked.get(workflow) ?? names) !== names) {
        report(
          path,
          `${workflow} is given ${names} here, and ${asked.get(
            workflow,
          )} elsewhere`,
          'Give it the same inputs everywhere, with other values.',
        );
      }
      asked.set(workflow, asked.get(workflow) ?? names);
      const call = JSON.stringify([workflow, Object.entries(inputs).sort()]);
      const known = called.get(call.toLowerCase()) ?? call;
      if (known !== call) {
        report(
          [...path, 'inputs'],
          `another target differs in upper and lower case only, and GitHub does not tell that apart`,
          'Give it other values.',
        );
      }
      called.set(call.toLowerCase(), known);
      for (const input of Object.keys(inputs)) {
        if (input === releaseInput || input === CORRELATION) {
          report(
            [...path, 'inputs', input],
            `the input ${quote(input)} has a meaning of its own`,
            'Remove it, or call it something else.',
          );
        }
      }
    }
  }
}
