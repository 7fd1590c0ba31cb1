import { kubernetesOf } from './jobs/kubernetes';
import { Group, PipelinePlan, Placement } from './planModel';

/** A statement of a policy, but for the ARNs' account. */
interface Grant {
  id: string;
  actions: string[];
  resource: string | string[];
}

/** What is deployed to a cluster of Amazon EKS. */
export function eksGroups({ groups, spec }: PipelinePlan): Group[] {
  return groups.filter(
    ({ environment, placements: [{ target }] }) =>
      target.type === 'kubernetes' && kubernetesOf(spec, environment)?.cluster,
  );
}

/** Region of the cluster; '' for a service that goes elsewhere. */
export function eksRegion(
  { spec }: PipelinePlan,
  { environment, target }: Placement,
): string {
  return target.type === 'kubernetes'
    ? kubernetesOf(spec, environment.name)?.cluster?.region ?? ''
    : '';
}

/** Finds one cluster, and reads the secrets of one service; what may be changed there the cluster's own roles say. */
export function eksGrants(
  { spec }: PipelinePlan,
  { environment }: Placement,
  { partition, account }: { partition: string; account: string },
): Grant[] {
  const { cluster } = kubernetesOf(spec, environment.name) ?? {};
  const { secrets = [] } = environment.deploy ?? {};
  if (!cluster) {
    return [];
  }
  const arn = (service: string, resource: string) =>
    `arn:${partition}:${service}:${cluster.region}:${account}:${resource}`;
  return [
    {
      id: 'FindTheCluster',
      actions: ['eks:DescribeCluster'],
      resource: arn('eks', `cluster/${cluster.name}`),
    },
    ...(secrets.length > 0
      ? [
          {
            id: 'ReadTheSecrets',
            actions: ['secretsmanager:GetSecretValue'],
            // AWS adds six characters to each name.
            resource: secrets.map(({ awsSecret }) =>
              arn('secretsmanager', `secret:${awsSecret}-??????`),
            ),
          },
        ]
      : []),
  ];
}
