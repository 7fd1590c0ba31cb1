import { PipelineSpec, StageSpec } from '@vvp/backstage-plugin-deploy-common';
import { expressionOf } from '../expressions';
import { imageExpression } from '../images/images';
import { Step } from '../model';
import { Group, PipelinePlan, Placement } from '../planModel';
import { awsLogin } from './steps';
import { lookingMinutes, verification } from './verify';

/** A cluster, as an environment describes it. */
export type Kubernetes = NonNullable<StageSpec['kubernetes']>;

const SCRIPT = '.github/deploy/kubernetes.sh';

/** How an environment's cluster is reached, if it has one. */
export function kubernetesOf(
  { environments }: Pick<PipelineSpec, 'environments'>,
  environment: string,
): Kubernetes | undefined {
  return environments.find(({ name }) => name === environment)?.stage
    ?.kubernetes;
}

/** Whether a job gets at the cluster by a secret, and not by a token of its own. */
export function hasKubeconfig(
  { spec }: PipelinePlan,
  { environment }: Placement,
): boolean {
  return kubernetesOf(spec, environment.name)?.kubeconfig !== undefined;
}

/** As the role that deploys, where the cluster is one of Amazon EKS. */
export function kubernetesLogin(
  { spec, settings }: PipelinePlan,
  placement: Placement,
  minutes: number,
): Step[] {
  const { cluster, kubectl } =
    kubernetesOf(spec, placement.environment.name) ?? {};
  const { deployRole } = settings.aws;
  return [
    ...(cluster && deployRole
      ? [awsLogin(expressionOf(deployRole), cluster.region, minutes)]
      : []),
    ...(kubectl
      ? [
          {
            name: 'Set up kubectl',
            uses: 'azure/setup-kubectl',
            with: { version: `v${kubectl}` },
          },
        ]
      : []),
  ];
}

/** Brings the image of the commit to the Deployment, a canary first where it is asked for; it goes back by itself. */
export function kubernetesSteps({ spec }: PipelinePlan, group: Group): Step[] {
  const [placement] = group.placements;
  const { environment, service } = placement;
  const { manifests } = kubernetesOf(spec, environment.name) ?? {};
  const secrets = environment.deploy?.secrets ?? [];
  return [
    {
      name: 'Deploy',
      env: {
        ...workloadOf(spec, placement),
        IMAGE: imageExpression(group, service) ?? '',
        COMMIT: '${{ github.sha }}',
        ...(manifests && { MANIFESTS: lines(manifests) }),
        ...(secrets.length > 0 && {
          SECRETS: lines(
            secrets.map(({ name, awsSecret }) => `${name}=${awsSecret}`),
          ),
        }),
        ...canaryOf(placement),
      },
      run: SCRIPT,
    },
    {
      name: 'Take back what was cancelled',
      if: 'cancelled()',
      env: workloadOf(spec, placement),
      run: `${SCRIPT} cancelled`,
    },
  ];
}

/** Brings back what served before. */
export function kubernetesRollbackSteps(
  { spec }: PipelinePlan,
  placement: Placement,
): Step[] {
  return [
    {
      name: 'Roll back',
      env: workloadOf(spec, placement),
      run: `${SCRIPT} rollback`,
    },
  ];
}

/** Until a rollout is complete, or it is given up. */
const ROLLOUT_MINUTES = 15;

/**
 * In and out again, each with the looks at the address; a canary comes in before, and is watched: a look may take as long
 * as the time to the next one.
 */
export function kubernetesMinutes({ environment, target }: Placement): number {
  const canary = isCanary(target)
    ? ROLLOUT_MINUTES + 2 * (target.canary?.minutes ?? 5)
    : 0;
  return 9 + canary + 2 * (ROLLOUT_MINUTES + lookingMinutes(environment));
}

/** Whether a release comes in by a canary. */
export function isCanary(
  target: Placement['target'],
): target is Extract<Placement['target'], { type: 'kubernetes' }> {
  return target.type === 'kubernetes' && target.strategy === 'canary';
}

function workloadOf(
  spec: PipelineSpec,
  { environment, target }: Placement,
): Record<string, string> {
  if (target.type !== 'kubernetes') {
    return {};
  }
  const { cluster, kubeconfig } = kubernetesOf(spec, environment.name) ?? {};
  return {
    NAMESPACE: target.namespace,
    DEPLOYMENT: target.name,
    ...(target.container && { CONTAINER: target.container }),
    ...(cluster && { CLUSTER: cluster.name }),
    ...(kubeconfig && { KUBECONFIG_CONTENT: expressionOf(kubeconfig) }),
    ...verification(environment, environment.url),
  };
}

function canaryOf({ environment, target }: Placement): Record<string, string> {
  if (!isCanary(target)) {
    return {};
  }
  const {
    percent = 10,
    minutes = 5,
    maxErrors = 5,
    logEntries = 100,
  } = target.canary ?? {};
  const { metric } = environment.deploy ?? {};
  return {
    CANARY_PERCENT: `\${{ inputs.deploy_percentage || '${percent}' }}`,
    CANARY_MINUTES: String(minutes),
    CANARY_MAX_ERRORS: String(maxErrors),
    CANARY_LOG_ENTRIES: String(logEntries),
    ...(metric && {
      METRIC_URL: metric.url,
      METRIC_QUERY: metric.query,
      METRIC_MAXIMUM: String(metric.maximum),
      ...(metric.token && { METRIC_TOKEN: expressionOf(metric.token) }),
    }),
  };
}

function lines(all: readonly string[]): string {
  return all.map(line => `${line}\n`).join('');
}
