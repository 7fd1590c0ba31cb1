import { quote } from '../expressions';
import { Group, PipelinePlan, Placement } from '../planModel';
import { ecsGroups } from './ecs';
import { deploymentsOf } from './ecsRollback';
import { section } from './runbookPieces';
import { verification } from './verify';

/** Workflows that go back, with the fields that they are started with. */
export function ecsDispatches(
  plan: PipelinePlan,
  placements: readonly Placement[],
): [string, string][] {
  const all = ecsGroups(plan);
  const { manual } = plan.spec.pipeline ?? {};
  return deploymentsOf(plan, all)
    .filter(({ group }) =>
      placements.some(one => group.placements.includes(one)),
    )
    .map(({ group, name }) =>
      manual
        ? [manual.workflow, manualFields(all, group)]
        : [
            'rollback.yml',
            `--field confirm=ROLLBACK${
              all.length > 1 ? ` --field deployment=${quote(name)}` : ''
            } --field task_revision=<revision>`,
          ],
    );
}

function manualFields(all: readonly Group[], group: Group): string {
  const keyOf = ({ placements: [{ service }] }: Group) => service.key;
  const several = new Set(all.map(keyOf)).size > 1;
  return `--field environment=${quote(group.environment)}${
    several ? ` --field service=${keyOf(group)}` : ''
  } --field rollback=true`;
}

/** How to look, deploy and go back by hand, where ECS runs the service. */
export function ecsSections({
  target,
  environment,
  service: { image },
}: Placement): string[] {
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
      ...(VERIFY_URL ? [`curl --include ${quote(VERIFY_URL)}`] : []),
    ]),
    section('Deploy', [
      '# The task definition of now, with another image; write down its revision to go back to',
      `aws ecs describe-task-definition --region ${region} --task-definition ${taskDefinition}:<revision> --query taskDefinition |
  jq '.containerDefinitions[0].image = "${
    image?.repository ??
    `<account>.dkr.ecr.${region}.amazonaws.com/${target.repository ?? service}`
  }:<commit>" |
    del(.taskDefinitionArn, .revision, .status, .requiresAttributes, .compatibilities, .registeredAt, .registeredBy)' >definition.json`,
      `aws ecs register-task-definition --region ${region} --cli-input-json file://definition.json --query taskDefinition.revision`,
      `aws ecs update-service ${where} --service ${service} --task-definition ${taskDefinition}:<new revision>`,
      stable,
    ]),
    section('Roll back', [
      ...(target.strategy === 'blue-green'
        ? [
            '# As long as old and new run side by side: the first of the list is taken back at once',
            `aws ecs list-service-deployments ${where} --service ${service} --max-results 5`,
            `aws ecs stop-service-deployment --region ${region} --stop-type ROLLBACK --service-deployment-arn <ARN>`,
          ]
        : []),
      '# To a revision of the list above',
      `aws ecs update-service ${where} --service ${service} --task-definition ${taskDefinition}:<revision>`,
      stable,
    ]),
  ];
}
