import { Service } from '@aws-sdk/client-ecs';
import { healthOf } from './health';

const primary = { status: 'PRIMARY', rolloutState: 'COMPLETED' as const };

describe('healthOf', () => {
  it.each<[Service, string]>([
    [
      {
        status: 'ACTIVE',
        desiredCount: 2,
        runningCount: 2,
        deployments: [primary],
      },
      'healthy',
    ],
    [{ status: 'ACTIVE', desiredCount: 2, runningCount: 1 }, 'degraded'],
    [{ status: 'ACTIVE', desiredCount: 2, runningCount: 0 }, 'unhealthy'],
    [{ status: 'ACTIVE', desiredCount: 0, runningCount: 0 }, 'unknown'],
    [{ status: 'DRAINING', desiredCount: 2, runningCount: 2 }, 'unhealthy'],
    [
      {
        status: 'ACTIVE',
        desiredCount: 2,
        runningCount: 2,
        deployments: [{ ...primary, rolloutState: 'FAILED' }],
      },
      'degraded',
    ],
    [{}, 'unhealthy'],
  ])('of %j is %s', (service, state) => {
    expect(healthOf(service).state).toBe(state);
  });
});
