import { kubernetesOf } from '../jobs/kubernetes';
import { PlanProblem } from '../planModel';
import { Asked } from '../targets/TargetKind';

/** What lacks for a Deployment: its cluster, and an image that was built before. */
export function kubernetesProblems({
  spec,
  service,
  environment,
  target,
  path,
}: Asked<'kubernetes'>): PlanProblem[] {
  const { name, deploy } = environment;
  const index = spec.environments.findIndex(one => one.name === name);
  const { cluster, kubeconfig } = kubernetesOf(spec, name) ?? {};
  return [
    ...(cluster || kubeconfig
      ? []
      : [
          {
            path: ['spec', 'environments', String(index)],
            message: `nothing says how a job gets at the cluster of ${name}`,
            remedy:
              'Add deploy: {kubernetes: {cluster: {name: shop, region: eu-central-1}}} to the environment, or {kubeconfig: {secret: KUBECONFIG}}.',
          },
        ]),
    ...(cluster && !spec.pipeline?.aws?.deployRole
      ? [
          {
            path: ['spec', 'pipeline'],
            message: `there is no "aws.deployRole", and ${service.key} goes to a cluster of Amazon EKS`,
            remedy:
              'Name the role to deploy with, such as aws: {deployRole: {variable: AWS_DEPLOY_ROLE}}.',
          },
        ]
      : []),
    ...(deploy?.secrets && !cluster
      ? [
          {
            path: [...path, 'deploy', 'secrets'],
            message: `the secrets of ${service.key} are at AWS, and the cluster of ${name} is not`,
            remedy: 'Name a "cluster", or bring the secrets in another way.',
          },
        ]
      : []),
    ...(target.workload !== undefined && target.workload !== 'Deployment'
      ? [
          {
            path: [...path, 'target', 'workload'],
            message: `no job can be generated for a ${target.workload} yet`,
            remedy: 'Deployments can.',
          },
        ]
      : []),
    ...(service.image?.repository
      ? []
      : [
          {
            path: ['spec', 'services', service.key],
            message: `there is no "image.repository", and ${service.key} goes to Kubernetes in ${name}`,
            remedy:
              'Say how it is built and where it is pushed to, such as image: {dockerfile: Dockerfile, repository: ghcr.io/example-org/shop}.',
          },
        ]),
  ];
}
