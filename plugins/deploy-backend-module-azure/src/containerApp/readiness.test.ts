import { Revision } from '@azure/arm-appcontainers';
import { healthOf, readinessOf, replicaReasons } from './readiness';

const good: Revision = {
  active: true,
  replicas: 1,
  provisioningState: 'Provisioned',
  runningState: 'Running',
  healthState: 'Healthy',
  template: { scale: { minReplicas: 1 } },
};

const idle: Revision = {
  ...good,
  replicas: 0,
  healthState: 'None',
  template: { scale: { minReplicas: 0 } },
};

describe('readinessOf', () => {
  it.each([
    ['ready', 'one that runs', good],
    [
      'ready',
      'one at its maximum',
      { ...good, runningState: 'RunningAtMaxScale' },
    ],
    [
      'ready',
      'one that its scale put to sleep',
      { ...idle, runningState: 'ScaledToZero' },
    ],
    [
      'waiting',
      'one that its scale does not put to sleep',
      { ...idle, template: good.template },
    ],
    [
      'waiting',
      'one that begins',
      { ...good, provisioningState: 'Provisioning' },
    ],
    [
      'waiting',
      'one whose replicas start',
      { ...good, runningState: 'Processing', healthState: 'None' },
    ],
    [
      'waiting',
      'one whose health is not known yet',
      { ...good, healthState: 'None' },
    ],
    [
      'waiting',
      'one that fails its probes',
      { ...good, runningState: 'Degraded', healthState: 'Unhealthy' },
    ],
    ['waiting', 'one that is not active', { ...good, active: false }],
    [
      'waiting',
      'one in a state that is new',
      { ...good, runningState: 'Dreaming' },
    ],
    [
      'failed',
      'one that was not provisioned',
      { ...good, provisioningState: 'Failed' },
    ],
    [
      'failed',
      'one that could not start',
      { ...good, runningState: 'ActivationFailed' },
    ],
    ['failed', 'one that failed', { ...good, runningState: 'Failed' }],
  ])('is %s for %s', (state, _, revision) => {
    expect(readinessOf(revision, true).state).toBe(state);
  });

  it('asks no health of a revision without ingress', () => {
    expect(readinessOf({ ...good, healthState: 'None' }, false).state).toBe(
      'ready',
    );
  });

  it('says why', () => {
    const revision = {
      ...good,
      provisioningState: 'Failed',
      provisioningError: 'manifest\nunknown',
    };

    expect(readinessOf(revision, true).reason).toBe(
      'provisioning state Failed, running state Running, health Healthy (manifest unknown)',
    );
  });
});

describe('healthOf', () => {
  it.each([
    ['healthy', good],
    ['healthy', { ...idle, runningState: 'Stopped' }],
    ['unhealthy', { ...good, healthState: 'Unhealthy' }],
    ['unhealthy', { ...good, provisioningState: 'Failed' }],
    ['degraded', { ...good, runningState: 'Degraded', healthState: 'None' }],
    ['unknown', { ...good, runningState: 'Processing', healthState: 'None' }],
    ['unknown', undefined],
  ])('is %s', (state, revision) => {
    expect(healthOf(revision, true).state).toBe(state);
  });
});

describe('replicaReasons', () => {
  it('tells each reason once', () => {
    const waiting = {
      containers: [
        {
          name: 'issuer',
          ready: false,
          restartCount: 3,
          runningStateDetails: 'CrashLoopBackOff',
        },
        { name: 'agent', ready: true },
      ],
    };

    expect(replicaReasons([waiting, waiting])).toEqual([
      'issuer: CrashLoopBackOff, 3 restarts',
    ]);
  });
});
