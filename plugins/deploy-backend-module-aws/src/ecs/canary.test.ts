import { Service, ServiceDeployment } from '@aws-sdk/client-ecs';
import { canaryOf } from './canary';
import { snapshotOf } from './snapshot';

const prefix = 'arn:aws:ecs:eu-central-1:111122223333:task-definition/';
const revisions = new Map([
  ['blue', `${prefix}api:1`],
  ['green', `${prefix}api:2`],
]);

const service: Service = {
  taskDefinition: `${prefix}api:2`,
  desiredCount: 2,
  deploymentConfiguration: { strategy: 'BLUE_GREEN' },
  deployments: [
    {
      status: 'PRIMARY',
      taskDefinition: `${prefix}api:2`,
      desiredCount: 2,
      runningCount: 2,
    },
  ],
};

function look(
  deployment: Partial<ServiceDeployment>,
  weight: number = 0,
  changed: Partial<Service> = {},
) {
  const snapshot = snapshotOf(
    { ...service, ...changed },
    [
      {
        serviceDeploymentArn: 'deployment',
        status: 'IN_PROGRESS',
        updatedAt: new Date('2026-11-21T10:00:00Z'),
        deploymentConfiguration: { bakeTimeInMinutes: 10 },
        sourceServiceRevisions: [
          { arn: 'blue', requestedProductionTrafficWeight: 100 - weight },
        ],
        targetServiceRevision: {
          arn: 'green',
          requestedProductionTrafficWeight: weight,
        },
        ...deployment,
      },
    ],
    revisions,
  );
  return canaryOf(snapshot, { id: 'api:2' });
}

describe('a canary at ECS', () => {
  it.each<[string, Partial<ServiceDeployment>, object]>([
    ['waits', { status: 'PENDING' }, { phase: 'PENDING' }],
    ['comes up', { lifecycleStage: 'SCALE_UP' }, { phase: 'SCALE_UP' }],
    [
      'bakes',
      { lifecycleStage: 'BAKE_TIME' },
      { phase: 'BAKE_TIME', until: '2026-11-21T10:10:00.000Z' },
    ],
    [
      'bakes without saying how long',
      { lifecycleStage: 'BAKE_TIME', deploymentConfiguration: {} },
      { phase: 'BAKE_TIME' },
    ],
    [
      'is taken back in its bake time',
      { lifecycleStage: 'BAKE_TIME', status: 'ROLLBACK_IN_PROGRESS' },
      { phase: 'ROLLBACK_IN_PROGRESS' },
    ],
  ])('tells where it stands when it %s', (_, deployment, movesItself) => {
    expect(look(deployment).movesItself).toEqual(movesItself);
  });

  it.each([
    [0, 'api:1'],
    [10, 'api:1'],
    [100, 'api:1'],
  ])('has %s % of production beside what ran before', (weight, stable) => {
    expect(look({}, weight)).toMatchObject({
      revision: 'api:2',
      percent: weight,
      stable,
      paused: false,
    });
  });

  it('moves no more once ECS is done', () => {
    const seen = look({ status: 'SUCCESSFUL' }, 100);

    expect(seen).toMatchObject({ percent: 100, health: { state: 'healthy' } });
    expect(seen).not.toHaveProperty('movesItself');
    expect(seen).not.toHaveProperty('stable');
    expect(seen).not.toHaveProperty('log');
  });

  it('is unhealthy once ECS takes it back, with the reason', () => {
    const { health } = look({
      status: 'ROLLBACK_IN_PROGRESS',
      rollback: { reason: 'The circuit breaker threshold was exceeded.' },
    });

    expect(health).toEqual({
      state: 'unhealthy',
      reason: 'The circuit breaker threshold was exceeded.',
      ready: 2,
      wanted: 2,
    });
  });

  it.each([
    [0, 0, 'unknown', '0 of 2 of its tasks run.'],
    [0, 2, 'degraded', '0 of 2 of its tasks run, 2 failed.'],
    [1, 0, 'degraded', '1 of 2 of its tasks run.'],
  ])(
    'with %s tasks that run and %s that failed is %s',
    (runningCount, failedTasks, state, reason) => {
      const { health } = look({}, 0, {
        deployments: [
          { ...service.deployments![0], runningCount, failedTasks },
        ],
      });

      expect(health).toMatchObject({ state, reason });
    },
  );

  it('says what is not read, and who waits', () => {
    const { problems } = look({
      lifecycleHookDetails: [{ status: 'AWAITING_ACTION' }],
    });

    expect(problems).toEqual([
      expect.stringContaining('lifecycle hook'),
      expect.stringContaining('CloudWatch'),
    ]);
  });

  it('says that a rolling service has none', () => {
    const { problems } = look({}, 0, { deploymentConfiguration: {} });

    expect(problems).toContainEqual(
      expect.stringContaining('Set the deployment strategy'),
    );
  });
});
