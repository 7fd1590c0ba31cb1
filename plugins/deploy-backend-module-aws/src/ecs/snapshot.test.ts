import { Service, ServiceDeployment } from '@aws-sdk/client-ecs';
import { servingOf, snapshotOf, trafficOf } from './snapshot';

const prefix = 'arn:aws:ecs:eu-central-1:111122223333:task-definition/';
const revisions = new Map([
  ['blue', `${prefix}api:1`],
  ['green', `${prefix}api:2`],
]);

function blueGreen(weight: number, status: 'IN_PROGRESS' | 'SUCCESSFUL') {
  const service: Service = {
    taskDefinition: `${prefix}api:2`,
    desiredCount: 2,
    deploymentConfiguration: { strategy: 'BLUE_GREEN' },
  };
  const deployment: ServiceDeployment = {
    serviceDeploymentArn: 'deployment',
    status,
    sourceServiceRevisions: [
      { arn: 'blue', requestedProductionTrafficWeight: 100 - weight },
    ],
    targetServiceRevision: {
      arn: 'green',
      requestedProductionTrafficWeight: weight,
    },
  };
  return snapshotOf(service, [deployment], revisions);
}

function rolling(deployments: Service['deployments']) {
  return snapshotOf(
    {
      taskDefinition: `${prefix}api:2`,
      desiredCount: 3,
      deployments,
    },
    [],
    revisions,
  );
}

describe('servingOf', () => {
  it.each([
    ['before the shift', blueGreen(0, 'IN_PROGRESS'), 'api:1'],
    ['after the shift', blueGreen(100, 'IN_PROGRESS'), 'api:2'],
    ['at the end', blueGreen(100, 'SUCCESSFUL'), 'api:2'],
    [
      'while nothing of the new one runs',
      rolling([
        {
          status: 'PRIMARY',
          taskDefinition: `${prefix}api:2`,
          runningCount: 0,
        },
        { status: 'ACTIVE', taskDefinition: `${prefix}api:1`, runningCount: 3 },
      ]),
      'api:1',
    ],
    [
      'while some of the new one run',
      rolling([
        {
          status: 'PRIMARY',
          taskDefinition: `${prefix}api:2`,
          runningCount: 1,
        },
        { status: 'ACTIVE', taskDefinition: `${prefix}api:1`, runningCount: 2 },
      ]),
      'api:2',
    ],
    ['while nothing runs', rolling([]), 'api:2'],
  ])('is, %s, the right one', (_, snapshot, expected) => {
    expect(servingOf(snapshot)).toBe(expected);
  });
});

describe('trafficOf', () => {
  it('is what ECS says where it shifts traffic', () => {
    expect(trafficOf(blueGreen(10, 'IN_PROGRESS'))).toEqual([
      { revision: 'api:2', percent: 10 },
      { revision: 'api:1', percent: 90 },
    ]);
  });

  it('is by running tasks elsewhere, and adds up', () => {
    const shares = trafficOf(
      rolling([
        { taskDefinition: `${prefix}api:2`, runningCount: 1 },
        { taskDefinition: `${prefix}api:1`, runningCount: 2 },
      ]),
    );

    expect(shares).toEqual([
      { revision: 'api:2', percent: 33 },
      { revision: 'api:1', percent: 67 },
    ]);
  });
});
