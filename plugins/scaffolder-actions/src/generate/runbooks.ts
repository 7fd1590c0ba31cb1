import { posix } from 'node:path';
import { quote } from './expressions';
import { isByHand } from './jobs/conditions';
import {
  composeDispatches,
  composeHand,
  composeRunbook,
} from './jobs/composeRunbook';
import { ecsDispatches, ecsSections } from './jobs/ecsRunbook';
import { section } from './jobs/runbookPieces';
import { choiceName } from './jobs/choice';
import {
  kubernetesDispatches,
  kubernetesHand,
  kubernetesRunbook,
} from './jobs/kubernetesRunbook';
import { Placement, PipelinePlan } from './planModel';
import { planOfStage } from './stages';
import { GeneratedFile } from './model';

/** A runbook for each service: what to do by hand when the portal or GitHub is down. */
export function runbooksOf(plan: PipelinePlan): GeneratedFile[] {
  return plan.spec.services.flatMap(({ key }) => {
    const placements = plan.groups
      .flatMap(group => group.placements)
      .filter(({ service }) => service.key === key);
    return placements.length === 0
      ? []
      : [
          {
            path: `docs/runbooks/${key}/RUNBOOK.md`,
            content: runbook(plan, key, placements),
          },
        ];
  });
}

function runbook(
  plan: PipelinePlan,
  key: string,
  placements: readonly Placement[],
): string {
  return [
    `# ${key}: by hand`,
    `For when the portal or GitHub is down. Log in first: ${loginOf(
      placements,
    )}.
What is done by hand is not in the portal's history: say it there afterwards.`,
    ...placements.flatMap(placement => [
      `## ${placement.environment.name}`,
      ...sections(placement),
      ...[
        ...composeRunbook(plan, placement),
        ...kubernetesRunbook(plan, placement),
      ].map(([title, commands]) => section(title, commands)),
    ]),
    ...whileGithubWorks(plan, key, placements),
  ]
    .join('\n\n')
    .concat('\n');
}

function loginOf(placements: readonly Placement[]): string {
  if (placements.every(({ target }) => target.type === 'github-workflow')) {
    return composeHand;
  }
  if (placements.every(({ target }) => target.type === 'kubernetes')) {
    return kubernetesHand;
  }
  return placements.some(({ target }) => target.type === 'ecs')
    ? '`aws sso login --profile <profile>`, then `export AWS_PROFILE=<profile>`'
    : '`az login`, then `az account set --subscription <subscription>`';
}

function whileGithubWorks(
  plan: PipelinePlan,
  key: string,
  placements: readonly Placement[],
): string[] {
  const { settings } = plan;
  const run = (workflow: string, fields: string) =>
    `gh workflow run ${quote(workflow)} --repo ${
      settings.repository
    } ${fields}`;
  const confirmed = isByHand(plan) ? '--field confirm=DEPLOY' : '';
  const commands = stagesWith(plan, placements).map(workflow =>
    run(workflow, `${confirmed}${chosenIn(plan, workflow, key)}`.trim()),
  );
  const back = ecsDispatches(plan, placements).map(([workflow, fields]) =>
    run(workflow, fields),
  );
  const dispatched = placements
    .flatMap(placement => [
      ...composeDispatches(placement),
      ...kubernetesDispatches(plan, placement, workflow =>
        chosenIn(plan, workflow, key),
      ),
    ])
    .map(([workflow, fields]) => run(workflow, fields));
  return settings.safetyLevel < 4
    ? []
    : [
        `## While GitHub works

\`\`\`sh
${[...commands, ...back, ...dispatched].join('\n')}
gh run watch --repo ${settings.repository}
\`\`\``,
      ];
}

/** The workflows that bring a service anywhere. */
function stagesWith(
  { groups }: PipelinePlan,
  placements: readonly Placement[],
): string[] {
  return [
    ...new Set(
      groups
        .filter(group => placements.some(one => group.placements.includes(one)))
        .map(({ workflow }) => workflow),
    ),
  ];
}

/** How a workflow is told which service is meant; nothing where there is one and nobody is asked. */
function chosenIn(plan: PipelinePlan, workflow: string, key: string): string {
  const stage = plan.stages.find(one => one.workflow === workflow);
  const part = stage ? planOfStage(plan, stage) : plan;
  const name = choiceName(part);
  return name === 'service' && part.units.length === 1
    ? ''
    : ` --field ${name}=${forceOf(part, key)}`;
}

/** What the service is deployed as: one of a matrix comes with the others, and so does one of docker compose. */
function forceOf({ units }: PipelinePlan, key: string): string {
  // Where there are two, the one that goes further: another environment may have more of them in one job.
  const [largest] = units
    .filter(({ services }) => services.some(one => one.key === key))
    .sort((left, right) => right.services.length - left.services.length);
  return largest?.key ?? key;
}

function sections(placement: Placement): string[] {
  const { target, environment, service } = placement;
  if (target.type === 'azure-container-app') {
    const app = `--name ${quote(target.name)} --resource-group ${quote(
      target.resourceGroup,
    )}`;
    return [
      section('Look', [
        `az containerapp revision list ${app} --output table \\
  --query "[].{name:name, active:properties.active, traffic:properties.trafficWeight, health:properties.healthState, image:properties.template.containers[0].image}"`,
        `az containerapp logs show ${app} --tail 50`,
        ...(environment.url
          ? [
              `curl --include ${quote(
                `${environment.url.replace(/\/$/, '')}${
                  environment.verify?.path ?? '/healthz'
                }`,
              )}`,
            ]
          : []),
      ]),
      section('Deploy', [
        `az containerapp update ${app} --image ${quote(
          service.image?.repository ?? target.image ?? '',
        )}:<commit>`,
      ]),
      section('Roll back', [
        '# To a revision of the list above',
        `az containerapp revision copy ${app} --from-revision <revision>`,
        '# If several revisions may be active at once',
        `az containerapp revision activate ${app} --revision <revision>`,
        `az containerapp ingress traffic set ${app} --revision-weight <revision>=100`,
      ]),
    ];
  }
  if (target.type === 'ecs') {
    return ecsSections(placement);
  }
  if (target.type !== 'azure-vm') {
    return [];
  }
  const run = (script: string) =>
    `az vm run-command invoke --name ${quote(
      target.name,
    )} --resource-group ${quote(target.resourceGroup)} \\
  --command-id RunShellScript --scripts ${quote(script)}`;
  if (target.configFile) {
    const { owner, reload } = target.configFile;
    const path = quote(target.configFile.path);
    const backups = quote(target.configFile.backupDirectory);
    const again = reload ? ` && fs_cli -x reloadxml` : '';
    return [
      'One command at a time runs on this machine: on _Conflict_, wait and try again.',
      section('Look', [run(`ls -lt ${backups} | head; sha256sum ${path}`)]),
      section('Roll back', [
        run(
          `cp -p ${path} ${backups}/${quote(
            posix.basename(target.configFile.path),
          )}.$(date -u +%Y%m%dT%H%M%SZ) && cp ${backups}/<backup> ${path}.new && ${
            owner
              ? `chown ${owner} ${path}.new`
              : `chown --reference=${path} ${path}.new`
          } && mv -T ${path}.new ${path}${again}`,
        ),
      ]),
    ];
  }
  const directory = quote(target.release?.directory ?? '');
  const unit = quote(target.release?.unit ?? '');
  return [
    'One command at a time runs on this machine: on _Conflict_, wait and try again.',
    section('Look', [
      run(
        `readlink ${directory}/current; ls -lt ${directory}/releases | head; systemctl status ${unit} --no-pager`,
      ),
      run(
        target.health?.udpPort
          ? `ss -H -u -l -n -p "sport = :${target.health.udpPort}"; journalctl -u ${unit} -n 50 --no-pager`
          : `journalctl -u ${unit} -n 50 --no-pager`,
      ),
    ]),
    section('Roll back', [
      '# To a commit of the list above',
      run(
        `ln -sfnT releases/<commit> ${directory}/current.new && mv -Tf ${directory}/current.new ${directory}/current && systemctl restart ${unit}`,
      ),
    ]),
  ];
}
