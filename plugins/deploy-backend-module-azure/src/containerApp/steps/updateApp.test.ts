import { ContainerApp, Revision } from '@azure/arm-appcontainers';
import { decide } from './updateApp';

const wanted = { containers: [{ name: 'issuer', image: 'issuer:1' }] };
const other = { containers: [{ name: 'issuer', image: 'issuer:2' }] };

const app: ContainerApp = {
  location: 'UK South',
  provisioningState: 'Succeeded',
  latestReadyRevisionName: 'r7',
  template: wanted,
  configuration: { ingress: {} },
};

const latest: Revision = {
  name: 'r7',
  active: true,
  template: wanted,
  provisioningState: 'Provisioned',
  runningState: 'Running',
  healthState: 'Healthy',
};

describe('decide', () => {
  it.each([
    ['finish', 'it runs', {}, {}],
    [
      'wait',
      'Azure works on an update',
      { provisioningState: 'InProgress' },
      { template: other },
    ],
    ['order', 'something else is the latest revision', {}, { template: other }],
    [
      'order',
      'an update failed and left its template',
      { provisioningState: 'Failed', template: other },
      {},
    ],
    [
      'finish',
      'Azure wrote down the ordered one in another way',
      { latestReadyRevisionName: 'r9' },
      { name: 'r9', template: other },
    ],
    [
      'wait',
      'it starts',
      {},
      { runningState: 'Processing', healthState: 'None' },
    ],
    ['wait', 'another one still serves', { latestReadyRevisionName: 'r6' }, {}],
    ['fail', 'it failed', {}, { provisioningState: 'Failed' }],
  ])('says %s when %s', (expected, _, appFields, revisionFields) => {
    expect(
      decide(
        { ...app, ...appFields },
        { ...latest, ...revisionFields },
        { template: wanted, ordered: 'r9' },
      ).do,
    ).toBe(expected);
  });
});
