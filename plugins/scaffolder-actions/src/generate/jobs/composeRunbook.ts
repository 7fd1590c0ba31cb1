import { quote } from '../expressions';
import { registryOf } from '../images/registry';
import { PipelinePlan, Placement } from '../planModel';
import { composeOf } from './compose';
import { verification } from './verify';

/** How one gets at the machine by hand. */
export const composeHand = '`ssh <user>@<host>`, in its private network';

/** What to do by hand on the machine where docker compose runs a service: title and commands of each part. */
export function composeRunbook(
  { spec }: PipelinePlan,
  { service, environment }: Placement,
): [string, string[]][] {
  const compose = composeOf(spec, environment.name);
  if (!compose) {
    return [];
  }
  const docker = `docker compose ${compose.files
    .map(file => `--file ${file}`)
    .join(' ')}`;
  const variables = Object.entries(compose.images)
    .filter(([, key]) => key === service.key)
    .map(([variable]) => variable);
  const inside = `cd ${compose.directory}`;
  const { VERIFY_URL } = verification(environment, environment.url);
  const bring = (commit: string) =>
    variables.map(
      variable =>
        `sed -i "s|^${variable}=.*|${variable}='${service.image?.repository}:${commit}'|" .env`,
    );
  const { host: registry } = registryOf(service.image?.repository ?? '');
  const up = `${docker} up --detach --force-recreate --remove-orphans --no-build --pull never`;
  const run = [
    '# Fetches only what is not there. Docker asks for the password: a token that may read packages, and nothing else',
    '# (https://github.com/settings/tokens, classic, read:packages); it is no argument',
    `for image in $(${docker} config --images); do docker image inspect "$image" >/dev/null 2>&1 || { docker login --username <user> ${registry} && docker pull "$image"; }; done`,
    up,
    `docker logout ${registry}`,
  ];
  return [
    [
      'Look',
      [
        inside,
        `${docker} ps --all`,
        `grep -E '^(${variables.join('|')})=' .env`,
        `${docker} logs --tail 50`,
        '# Whether a deployment was neither kept nor taken back',
        'ls .deploy/before',
        ...(VERIFY_URL ? [`curl --include ${quote(VERIFY_URL)}`] : []),
      ],
    ],
    ['Deploy', [inside, ...bring('<commit>'), ...run]],
    [
      'Roll back',
      [
        '# To the files and images before a deployment that was neither kept nor taken back',
        inside,
        'cp --recursive --preserve .deploy/before/files/. .',
        `${up} && rm --recursive .deploy/before`,
        '# To an earlier commit',
        ...bring('<commit>'),
        ...run,
      ],
    ],
  ];
}

/** The runs that the portal would start for a service. */
export function composeDispatches({ target }: Placement): [string, string][] {
  return target.type === 'github-workflow'
    ? [
        [
          target.workflow,
          [
            ...Object.entries(target.inputs ?? {}).map(
              ([name, value]) => `--field ${quote(`${name}=${value}`)}`,
            ),
            `--field ${target.releaseInput}=<commit>`,
          ].join(' '),
        ],
      ]
    : [];
}
