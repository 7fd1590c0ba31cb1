import { ConfigurationComparison } from '@vvp/backstage-plugin-deploy-common';
import { sampleComparison } from '../__testUtils__/promotionSamples';
import { configurationCheck } from './configuration';

const differences: ConfigurationComparison['differences'] = [
  { name: 'env VVP_DB_HOST', change: 'changed' },
  { name: 'secret reference api-key', change: 'added' },
  { name: 'maxReplicas', change: 'removed' },
];
const message = 'There is no deploy.yaml at a1b2c3d.';

describe('configurationCheck', () => {
  it('names what differs, as it is added, removed or changed', () => {
    expect(configurationCheck(sampleComparison({ differences }))).toEqual({
      tone: 'attention',
      text: '3 names in the configuration differ. Values are not shown: they may be secrets.',
      details: [
        'env VVP_DB_HOST changed',
        'secret reference api-key added',
        'maxReplicas removed',
      ],
    });
  });

  it.each<[string, Partial<ConfigurationComparison>, string, string]>([
    ['nothing differs', {}, 'success', 'No difference in the configuration.'],
    [
      'it runs there already',
      { from: 'a', to: 'a' },
      'success',
      'The same commit runs there: no difference in the configuration.',
    ],
    [
      'nothing runs there',
      { from: undefined, differences },
      'attention',
      'Nothing runs there yet: all of its configuration comes in. Values are not shown: they may be secrets.',
    ],
    [
      'some of it is not known',
      { state: 'partial', differences, message },
      'attention',
      `3 names in the configuration differ. Values are not shown: they may be secrets. There may be more. ${message}`,
    ],
    [
      'some of it is not known, and nothing was found',
      { state: 'partial', message },
      'neutral',
      `No difference in the configuration was found, but not all of it could be compared. ${message}`,
    ],
    [
      'nothing is known',
      { state: 'unknown', message },
      'neutral',
      `What changes in the configuration is not known. ${message}`,
    ],
    [
      'nothing is known of a first release',
      { from: undefined, state: 'unknown', message },
      'neutral',
      `What changes in the configuration is not known. ${message}`,
    ],
    [
      'all of it is new for another reason',
      { differences, message: 'It was not described yet.' },
      'attention',
      '3 names in the configuration differ. Values are not shown: they may be secrets. It was not described yet.',
    ],
  ])('says that %s', (_case, part, tone, text) => {
    expect(configurationCheck(sampleComparison(part))).toMatchObject({
      tone,
      text,
    });
  });
});
