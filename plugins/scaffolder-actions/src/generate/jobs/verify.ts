import { ServiceEnvironmentSpec } from '@vvp/backstage-plugin-deploy-common';
import { Job } from '../model';
import { isMatrix, names } from '../names';
import { Group, PipelinePlan } from '../planModel';
import { deployCondition, firstJob } from './conditions';
import { checkout } from './steps';

/** How the scripts look at a service: `VERIFY_URL` and its limits; nothing where it has no address. */
export function verification(
  { verify = {} }: Pick<ServiceEnvironmentSpec, 'verify'>,
  url: string | undefined,
): Record<string, string> {
  return url === undefined
    ? {}
    : {
        VERIFY_URL: `${url.replace(/\/$/, '')}${verify.path ?? '/healthz'}`,
        VERIFY_STATUSES: (verify.statuses ?? [200]).join(' '),
        VERIFY_ATTEMPTS: String(verify.attempts ?? 12),
        VERIFY_SECONDS: String(verify.seconds ?? 5),
      };
}

/** The job that looks at all services of a matrix after the last one came. */
export function verifyJob(plan: PipelinePlan, group: Group): Job {
  return {
    needs: [...firstJob(plan), group.job],
    if: deployCondition(plan, group.key, group),
    'runs-on': plan.settings.runner,
    'timeout-minutes': 10,
    permissions: { contents: 'read' },
    steps: [
      checkout(),
      ...group.placements
        .filter(({ environment }) => environment.url)
        .map(({ service, environment }) => ({
          name: `Ask ${service.key}`,
          env: verification(environment, environment.url),
          run: '.github/deploy/verify-http.sh',
        })),
    ],
  };
}

/** Key of that job; undefined where each deployment looks for itself. */
export function verifyJobOf(group: Group): string | undefined {
  return isMatrix(group) &&
    group.placements.some(({ environment }) => environment.url)
    ? names.verify(group.job)
    : undefined;
}
