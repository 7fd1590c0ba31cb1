import { isByHand } from './jobs/conditions';
import { ecsGroups } from './jobs/ecs';
import { verification } from './jobs/verify';
import { Placement, PipelinePlan } from './plan';
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
    ]),
    ...whileGithubWorks(plan, key, placements),
  ]
    .join('\n\n')
    .concat('\n');
}

function loginOf(placements: readonly Placement[]): string {
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
    `gh workflow run ${workflow} --repo ${settings.repository} ${fields}`;
  const commands = isByHand(plan)
    ? [
        run(
          settings.workflow,
          `--field confirm=DEPLOY${
            plan.units.length > 1
              ? ` --field service=${forceOf(placements, key)}`
              : ''
          }`,
        ),
      ]
    : [run(settings.workflow, `--field force=${forceOf(placements, key)}`)];
  const several = ecsGroups(plan).length > 1;
  const back = ecsGroups(plan)
    .filter(group => placements.some(one => group.placements.includes(one)))
    .map(({ job }) =>
      run(
        'rollback.yml',
        `--field confirm=ROLLBACK${
          several ? ` --field deployment=${job}` : ''
        } --field task_revision=<revision>`,
      ),
    );
  return settings.safetyLevel < 4
    ? []
    : [
        `## While GitHub works

\`\`\`sh
${[...commands, ...back].join('\n')}
gh run watch --repo ${settings.repository}
\`\`\``,
      ];
}

function forceOf(placements: readonly Placement[], key: string): string {
  // A service of a matrix is deployed with the others.
  return Object.keys(placements[0].matrix).length > 0
    ? key.split('-').slice(0, -1).join('-') || key
    : key;
}

function sections({ target, environment }: Placement): string[] {
  if (target.type === 'azure-container-app') {
    const app = `--name ${target.name} --resource-group ${target.resourceGroup}`;
    return [
      section('Look', [
        `az containerapp revision list ${app} --output table \\
  --query "[].{name:name, active:properties.active, traffic:properties.trafficWeight, health:properties.healthState, image:properties.template.containers[0].image}"`,
        `az containerapp logs show ${app} --tail 50`,
        ...(environment.url
          ? [
              `curl --include ${environment.url.replace(/\/$/, '')}${
                environment.verify?.path ?? '/healthz'
              }`,
            ]
          : []),
      ]),
      section('Deploy', [
        `az containerapp update ${app} --image ${target.image}:<commit>`,
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
    return ecsSections({ target, environment });
  }
  if (target.type !== 'azure-vm') {
    return [];
  }
  const run = (script: string) =>
    `az vm run-command invoke --name ${target.name} --resource-group ${target.resourceGroup} \\
  --command-id RunShellScript --scripts '${script}'`;
  if (target.configFile) {
    const { path, backupDirectory, owner, reload } = target.configFile;
    const again = reload ? ` && fs_cli -x reloadxml` : '';
    return [
      'One command at a time runs on this machine: on _Conflict_, wait and try again.',
      section('Look', [
        run(`ls -lt ${backupDirectory} | head; sha256sum ${path}`),
      ]),
      section('Roll back', [
        run(
          `cp -p ${path} ${backupDirectory}/$(basename ${path}).$(date -u +%Y%m%dT%H%M%SZ) && cp ${backupDirectory}/<backup> ${path}.new && ${
            owner
              ? `chown ${owner} ${path}.new`
              : `chown --reference=${path} ${path}.new`
          } && mv -T ${path}.new ${path}${again}`,
        ),
      ]),
    ];
  }
  const { directory = '', unit = '' } = target.release ?? {};
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

function ecsSections({
  target,
  environment,
}: Pick<Placement, 'target' | 'environment'>): string[] {
  if (target.type !== 'ecs') {
    return [];
  }
  const { cluster, service, region, taskDefinition = service } = target;
  const where = `--region ${region} --cluster ${cluster}`;
  const stable = `aws ecs wait services-stable ${where} --services ${service}`;
  const { VERIFY_URL } = verification(environment, environment.url);
  return [
    section('Look', [
      `aws ecs describe-services ${where} --services ${service} \\
  --query "services[0].{runs:taskDefinition, deployments:deployments[].[status, taskDefinition, rolloutState, runningCount], events:events[:5].message}"`,
      `aws ecs list-task-definitions --region ${region} --family-prefix ${taskDefinition} --sort DESC --max-items 10`,
      ...(VERIFY_URL ? [`curl --include ${VERIFY_URL}`] : []),
    ]),
    section('Deploy', [
      '# The task definition of now, with another image; write down its revision to go back to',
      `aws ecs describe-task-definition --region ${region} --task-definition ${taskDefinition}:<revision> --query taskDefinition |
  jq '.containerDefinitions[0].image = "<account>.dkr.ecr.${region}.amazonaws.com/${
        target.repository ?? service
      }:<commit>" |
    del(.taskDefinitionArn, .revision, .status, .requiresAttributes, .compatibilities, .registeredAt, .registeredBy)' >definition.json`,
      `aws ecs register-task-definition --region ${region} --cli-input-json file://definition.json --query taskDefinition.revision`,
      `aws ecs update-service ${where} --service ${service} --task-definition ${taskDefinition}:<new revision>`,
      stable,
    ]),
    section('Roll back', [
      '# To a revision of the list above',
      `aws ecs update-service ${where} --service ${service} --task-definition ${taskDefinition}:<revision>`,
      stable,
    ]),
  ];
}

function section(title: string, commands: readonly string[]): string {
  return `### ${title}\n\n\`\`\`sh\n${commands.join('\n')}\n\`\`\``;
}
