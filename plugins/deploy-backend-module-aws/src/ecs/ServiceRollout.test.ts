import { StepControl, TargetError } from '@vvp/backstage-plugin-deploy-node';
import { EcsApi } from './EcsApi';
import { ServiceReader } from './ServiceReader';
import { ServiceRollout } from './ServiceRollout';
import { ServiceSnapshot } from './snapshot';
import { StepMemory } from './StepMemory';

const wanted = 'api:2';
const pushed = 'api:4';

const ours = {
  arn: 'deployment-1',
  target: wanted,
  awaitsAction: false,
};
const theirs = {
  arn: 'deployment-2',
  status: 'IN_PROGRESS',
  target: pushed,
  awaitsAction: false,
} as const;

function lookOf(
  set: string,
  deployments: ServiceSnapshot['deployments'],
): ServiceSnapshot {
  const primary = {
    id: `ecs-svc/${set}`,
    status: 'PRIMARY',
    taskDefinition: set,
    runningCount: 2,
    rolloutState: 'COMPLETED' as const,
  };
  return {
    service: { status: 'ACTIVE', desiredCount: 2, deployments: [primary] },
    taskDefinition: set,
    primary,
    deployments,
  };
}

/** Deployments as they were listed before a push, and described after it. */
const halfSeen = lookOf(wanted, [{ ...ours, status: 'STOPPED' }]);
const wholeSeen = lookOf(pushed, [theirs, { ...ours, status: 'STOPPED' }]);
const there = lookOf(wanted, [
  { ...ours, arn: 'deployment-3', status: 'SUCCESSFUL' },
  { ...theirs, status: 'STOPPED' },
]);

function open(looks: ServiceSnapshot[]) {
  const control: StepControl = {
    operationId: 'operation-1',
    fence: 1,
    attempt: 1,
    signal: new AbortController().signal,
    memory: { do: { after: 'deployment-0' } },
    outputs: {},
    log: () => {},
    remember: async () => {},
    wait: async () => {},
  };
  const asked: string[] = [];
  const api = {
    resource: 'service api',
    updateService: async (revision: string) => {
      asked.push(revision);
    },
    service: async () => ({}),
    stoppedTasks: async () => [],
  } as unknown as EcsApi;
  const reader = {
    snapshot: async () => (looks.length > 1 ? looks.shift() : looks[0]),
  } as unknown as ServiceReader;
  return {
    asked,
    rollout: new ServiceRollout({
      api,
      reader,
      control,
      memory: new StepMemory(control, 'do'),
      pollMilliseconds: 1,
      limitMilliseconds: 60_000,
    }),
  };
}

describe('ServiceRollout', () => {
  it('does not take a push that it sees half of for a failure', async () => {
    const { asked, rollout } = open([
      halfSeen,
      wholeSeen,
      wholeSeen,
      wholeSeen,
      there,
    ]);

    await rollout.untilStable(wanted);

    expect(asked).toEqual([wanted]);
  });

  it('fails if its deployment was given up, and nothing took its place', async () => {
    const { asked, rollout } = open([halfSeen]);

    await expect(rollout.untilStable(wanted)).rejects.toThrow(TargetError);
    expect(asked).toEqual([]);
  });
});
