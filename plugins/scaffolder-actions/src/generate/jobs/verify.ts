import { ServiceEnvironmentSpec } from '@vvp/backstage-plugin-deploy-common';
import { Job } from '../model';
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

/** As long as an answer is waited for. */
const ANSWER_SECONDS = 10;

/** Minutes that a service has by default. */
const USUAL_MINUTES = 3;

/**
 * How long it may take until the address of a service has answered as it should, or is given up: at least as long as by
 * default.
 */
export function lookingMinutes({
  url,
  verify = {},
}: Pick<ServiceEnvironmentSpec, 'url' | 'verify'>): number {
  const { attempts = 12, seconds = 5 } = verify;
  return url === undefined
    ? USUAL_MINUTES
    : Math.max(
        USUAL_MINUTES,
        Math.ceil((attempts * (seconds + ANSWER_SECONDS)) / 60),
      );
}

/** The job that looks at all services of a matrix after the last one came. */
export function verifyJob(plan: PipelinePlan, group: Group): Job {
  const asked = group.placements.filter(({ environment }) => environment.url);
  const minutes = asked.reduce(
    (sum, { environment }) => sum + lookingMinutes(environment),
    1,
  );
  const needs = [...firstJob(plan), group.job];
  return {
    needs,
    // Where nothing was brought there is nothing new to look at.
    if: [
      deployCondition(plan, [group], needs),
      `needs.${group.job}.result == 'success'`,
    ].join(' && '),
    'runs-on': plan.settings.runner,
    'timeout-minutes': Math.min(360, Math.max(10, minutes)),
    permissions: { contents: 'read' },
    steps: [
      checkout(),
      ...asked.map(({ service, environment }) => ({
        name: `Ask ${service.key}`,
        env: verification(environment, environment.url),
        run: '.github/deploy/verify-http.sh',
      })),
    ],
  };
}
