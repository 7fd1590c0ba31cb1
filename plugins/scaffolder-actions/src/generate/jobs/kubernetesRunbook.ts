import { quote } from '../expressions';
import { PipelinePlan, Placement } from '../planModel';
import { isByHand } from './conditions';
import { kubernetesOf } from './kubernetes';
import { rollbackInput } from './kubernetesRollback';
import { verification } from './verify';

/** How one gets at the cluster by hand. */
export const kubernetesHand =
  '`aws sso login --profile <profile>`, then `export AWS_PROFILE=<profile>`; or the `KUBECONFIG` of the cluster';

/** What to do by hand with a Deployment: title and commands of each part. */
export function kubernetesRunbook(
  { spec }: PipelinePlan,
  { environment, target, service }: Placement,
): [string, string[]][] {
  if (target.type !== 'kubernetes') {
    return [];
  }
  const { name, namespace, container } = target;
  const { cluster } = kubernetesOf(spec, environment.name) ?? {};
  const { VERIFY_URL } = verification(environment, environment.url);
  const kubectl = `kubectl --namespace ${namespace}`;
  const status = `${kubectl} rollout status deployment/${name}`;
  return [
    [
      'Look',
      [
        ...(cluster
          ? [
              `aws eks update-kubeconfig --name ${cluster.name} --region ${cluster.region}`,
            ]
          : []),
        `${kubectl} describe deployment ${name}`,
        `${kubectl} get replicasets --output wide`,
        `${kubectl} get pods`,
        `${kubectl} logs deployment/${name} --tail 50`,
        '# Whether a deployment was neither kept nor taken back',
        `${kubectl} get configmap ${name}-deploying`,
        `${kubectl} get deployment ${name}-canary`,
        ...(VERIFY_URL ? [`curl --include ${quote(VERIFY_URL)}`] : []),
      ],
    ],
    [
      'Deploy',
      [
        `${kubectl} set image deployment/${name} ${
          container ?? '<container>'
        }=${service.image?.repository ?? '<repository>'}:<commit>`,
        status,
      ],
    ],
    [
      'Roll back',
      [
        '# To what ran before, or with --to-revision to another one of the history',
        `${kubectl} rollout history deployment/${name}`,
        `${kubectl} rollout undo deployment/${name}`,
        status,
        '# A canary that was left',
        `${kubectl} delete deployment ${name}-canary --ignore-not-found`,
      ],
    ],
  ];
}

/** The run that goes back, as workflow and fields. */
export function kubernetesDispatches(
  plan: PipelinePlan,
  placement: Placement,
  choice: (workflow: string) => string,
): [string, string][] {
  const group = plan.groups.find(({ placements }) =>
    placements.includes(placement),
  );
  const [input, where] = (group && rollbackInput(plan, group)) ?? [];
  return placement.target.type === 'kubernetes' && group
    ? [
        [
          group.workflow,
          `${
            isByHand(plan)
              ? '--field confirm=ROLLBACK'
              : '--field rollback=true'
          }${input && where ? ` --field ${input}=${quote(where)}` : ''}${choice(
            group.workflow,
          )}`,
        ],
      ]
    : [];
}
