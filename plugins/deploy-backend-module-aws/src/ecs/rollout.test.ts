import { Service } from '@aws-sdk/client-ecs';
import {
  failureThreshold,
  givenUpOf,
  isComingIn,
  judgeRollout,
} from './rollout';
import { DeploymentView, ServiceSnapshot } from './snapshot';

const wanted = 'api:2';

function snapshot(options: {
  set?: string;
  running?: number;
  failedTasks?: number;
  rolloutState?: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  others?: number;
  breaker?: boolean;
  deployments?: Partial<DeploymentView>[];
}): ServiceSnapshot {
  const set = options.set ?? wanted;
  const primary = {
    id: 'ecs-svc/2',
    status: 'PRIMARY',
    taskDefinition: `arn:aws:ecs:eu-central-1:111122223333:task-definition/${set}`,
    runningCount: options.running ?? 2,
    failedTasks: options.failedTasks ?? 0,
    rolloutState: options.rolloutState ?? ('COMPLETED' as const),
    rolloutStateReason: 'said by ECS',
  };
  const service: Service = {
    status: 'ACTIVE',
    desiredCount: 2,
    deployments: [
      primary,
      ...(options.others
        ? [{ status: 'ACTIVE', runningCount: options.others }]
        : []),
    ],
    deploymentConfiguration: {
      deploymentCircuitBreaker: {
        enable: options.breaker ?? false,
        rollback: false,
      },
    },
  };
  return {
    service,
    taskDefinition: set,
    primary,
    deployments: (options.deployments ?? []).map((each, index) => ({
      arn: `deployment-${index}`,
      status: 'SUCCESSFUL',
      awaitsAction: false,
      ...each,
    })),
  };
}

describe('judgeRollout', () => {
  it.each([
    ['all is done', snapshot({}), 'stable'],
    [
      'ECS is at it',
      snapshot({ deployments: [{ status: 'IN_PROGRESS', target: wanted }] }),
      'progressing',
    ],
    ['a task is missing', snapshot({ running: 1 }), 'progressing'],
    ['old tasks run', snapshot({ others: 1 }), 'progressing'],
    [
      'the rollout is not complete',
      snapshot({ rolloutState: 'IN_PROGRESS' }),
      'progressing',
    ],
    ['the rollout failed', snapshot({ rolloutState: 'FAILED' }), 'failed'],
    [
      'no task comes up',
      snapshot({ running: 0, failedTasks: 3, rolloutState: 'IN_PROGRESS' }),
      'failed',
    ],
    [
      'the circuit breaker has not tripped yet',
      snapshot({
        running: 0,
        failedTasks: 3,
        rolloutState: 'IN_PROGRESS',
        breaker: true,
      }),
      'progressing',
    ],
    ['something else is set', snapshot({ set: 'api:3' }), 'superseded'],
  ])('when %s, finds it %s', (_, given, state) => {
    expect(judgeRollout(given, wanted).state).toBe(state);
  });

  it.each([
    ['all seems done', snapshot({ deployments: [{ arn: 'before' }] })],
    [
      'the rollout before it failed',
      snapshot({ rolloutState: 'FAILED', deployments: [{ arn: 'before' }] }),
    ],
  ])('does not believe that %s before ECS tells of its own', (_, given) => {
    expect(judgeRollout(given, wanted, 'before')).toEqual({
      state: 'progressing',
      summary: 'ECS has not begun yet.',
    });
  });

  it.each([
    ['has gone back', 'ROLLBACK_SUCCESSFUL', 'COMPLETED', 'stable'],
    ['is going back', 'ROLLBACK_IN_PROGRESS', 'IN_PROGRESS', 'progressing'],
    ['could not go back', 'ROLLBACK_FAILED', 'FAILED', 'progressing'],
    ['gave up another one', 'STOPPED', 'COMPLETED', 'progressing'],
  ] as const)(
    'awaits nothing of its own only where ECS went back to the revision before it was asked: it %s',
    (_, status, rolloutState, state) => {
      const given = snapshot({
        rolloutState,
        deployments: [
          { arn: 'before', status, target: 'api:3', source: wanted },
        ],
      });

      expect(judgeRollout(given, wanted, 'before').state).toBe(state);
    },
  );

  it('does not take what ECS went back to for a later change', () => {
    const given = snapshot({
      deployments: [
        {
          arn: 'before',
          status: 'ROLLBACK_SUCCESSFUL',
          target: 'api:3',
          source: 'api:1',
        },
      ],
    });

    expect(judgeRollout(given, wanted, 'before').state).toBe('progressing');
  });

  it.each([
    ['ROLLBACK_REQUESTED', 'failed'],
    ['ROLLBACK_IN_PROGRESS', 'failed'],
    ['ROLLBACK_SUCCESSFUL', 'failed'],
    ['ROLLBACK_FAILED', 'failed'],
    ['STOPPED', 'failed'],
    ['IN_PROGRESS', 'superseded'],
  ] as const)(
    'finds a deployment of ours that is %s %s once another revision is set',
    (status, state) => {
      const given = snapshot({
        set: 'api:1',
        deployments: [
          { arn: 'ours', status, target: wanted, reason: 'tripped' },
          { arn: 'before' },
        ],
      });

      expect(judgeRollout(given, wanted, 'before').state).toBe(state);
    },
  );

  it('says what ECS did, and why', () => {
    const given = snapshot({
      set: 'api:1',
      deployments: [
        {
          arn: 'ours',
          status: 'ROLLBACK_SUCCESSFUL',
          target: wanted,
          reason: 'the circuit breaker tripped',
        },
      ],
    });

    expect(judgeRollout(given, wanted, 'before')).toEqual({
      state: 'failed',
      reason: 'ECS took api:2 back by itself: the circuit breaker tripped',
    });
  });

  it('does not mind that the revision failed some other time', () => {
    const given = snapshot({
      deployments: [
        { arn: 'ours', target: wanted },
        { arn: 'before', status: 'ROLLBACK_SUCCESSFUL', target: wanted },
      ],
    });

    expect(judgeRollout(given, wanted, 'before').state).toBe('stable');
  });

  it('waits for ECS to show what it was asked for', () => {
    const given = snapshot({ set: 'api:1', deployments: [{ arn: 'before' }] });

    expect(judgeRollout(given, wanted, 'before').state).toBe('progressing');
  });

  it('sees that a pipeline replaced it', () => {
    const given = snapshot({
      set: 'api:9',
      deployments: [
        { arn: 'push', status: 'IN_PROGRESS', target: 'api:9' },
        { arn: 'ours', status: 'STOPPED', target: wanted },
        { arn: 'before' },
      ],
    });

    expect(judgeRollout(given, wanted, 'before')).toEqual({
      state: 'superseded',
      by: 'api:9',
    });
  });

  it('says when a lifecycle hook waits for somebody', () => {
    const given = snapshot({
      deployments: [
        {
          status: 'IN_PROGRESS',
          target: wanted,
          stage: 'POST_TEST_TRAFFIC_SHIFT',
          awaitsAction: true,
        },
      ],
    });

    expect(judgeRollout(given, wanted)).toEqual({
      state: 'progressing',
      summary:
        '2 of 2 tasks of api:2 run, 0 of other revisions, stage POST_TEST_TRAFFIC_SHIFT; a lifecycle hook waits for somebody to let it go on.',
    });
  });
});

describe('failureThreshold', () => {
  it.each([
    [0, 3],
    [1, 3],
    [10, 5],
    [25, 13],
    [1000, 200],
  ])('is, for %d wanted tasks, %d', (desired, threshold) => {
    expect(failureThreshold(desired)).toBe(threshold);
  });
});

describe('givenUpOf', () => {
  const updatedAt = '2026-01-05T12:03:00.000Z';
  const newer = { target: 'api:3', status: 'SUCCESSFUL' as const };
  const look = (...deployments: Partial<DeploymentView>[]) =>
    givenUpOf(snapshot({ set: 'api:1', deployments }), wanted);

  it.each<[DeploymentView['status'], RegExp]>([
    ['ROLLBACK_IN_PROGRESS', /is taking api:2 back by itself: too many tasks/],
    ['ROLLBACK_SUCCESSFUL', /took api:2 back by itself: too many tasks/],
    ['ROLLBACK_FAILED', /and failed: too many tasks/],
    ['STOPPED', /gave the deployment of api:2 up: too many tasks/],
  ])('tells when and why: %s', (status, reason) => {
    expect(
      look({
        target: wanted,
        status,
        updatedAt,
        reason: 'too many tasks failed',
      }),
    ).toEqual({ at: updatedAt, reason: expect.stringMatching(reason) });
  });

  it('tells it of one that another deployment came after', () => {
    expect(
      look(newer, { target: wanted, status: 'ROLLBACK_SUCCESSFUL', updatedAt }),
    ).toMatchObject({ at: updatedAt });
  });

  it.each<[string, Partial<DeploymentView>[]]>([
    ['it came in', [{ target: wanted, status: 'SUCCESSFUL', updatedAt }]],
    ['it is coming in', [{ target: wanted, status: 'IN_PROGRESS', updatedAt }]],
    [
      'it came in later',
      [
        { target: wanted, status: 'SUCCESSFUL', updatedAt },
        { target: wanted, status: 'ROLLBACK_SUCCESSFUL', updatedAt },
      ],
    ],
    [
      'it was stopped for a newer one',
      [newer, { target: wanted, status: 'STOPPED', updatedAt }],
    ],
    [
      'another one was taken back',
      [{ target: 'api:3', status: 'ROLLBACK_SUCCESSFUL', updatedAt }],
    ],
  ])('tells nothing where %s', (_, deployments) => {
    expect(look(...deployments)).toBeUndefined();
  });
});

describe('isComingIn', () => {
  it.each<[boolean, Partial<DeploymentView>]>([
    [true, { target: wanted, status: 'PENDING' }],
    [true, { target: wanted, status: 'IN_PROGRESS' }],
    [false, { target: wanted, status: 'SUCCESSFUL' }],
    [false, { target: wanted, status: 'ROLLBACK_IN_PROGRESS' }],
    [false, { target: 'api:3', status: 'IN_PROGRESS' }],
  ])('is %s with %j', (expected, deployment) => {
    expect(isComingIn(snapshot({ deployments: [deployment] }), wanted)).toBe(
      expected,
    );
  });
});
