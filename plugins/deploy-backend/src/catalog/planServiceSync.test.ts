import { KnownService, planServiceSync } from './planServiceSync';
import { TrackedService } from './trackedService';

function tracked(
  name: string,
  overrides: Partial<TrackedService> = {},
): TrackedService {
  return {
    entityRef: `component:default/${name}`,
    repository: 'example-org/vvp',
    serviceKey: name,
    name,
    annotations: {},
    ...overrides,
  };
}

function known(
  name: string,
  overrides: Partial<KnownService> = {},
): KnownService {
  return {
    ...tracked(name),
    id: `id-of-${name}`,
    removed: false,
    ...overrides,
  };
}

const annotated = { annotations: { 'deploy.vvp.io/service': 'issuer' } };

describe('planServiceSync', () => {
  it.each([
    [
      'nothing has changed',
      [known('issuer')],
      [tracked('issuer')],
      { add: [], update: [], remove: [] },
    ],
    [
      'one is new',
      [],
      [tracked('issuer')],
      { add: ['issuer'], update: [], remove: [] },
    ],
    [
      'one has left',
      [known('issuer')],
      [],
      { add: [], update: [], remove: ['id-of-issuer'] },
    ],
    [
      'one left before',
      [known('issuer', { removed: true })],
      [],
      { add: [], update: [], remove: [] },
    ],
    [
      'one is back',
      [known('issuer', { removed: true })],
      [tracked('issuer')],
      { add: [], update: ['id-of-issuer=issuer'], remove: [] },
    ],
    [
      'the owner has changed',
      [known('issuer')],
      [tracked('issuer', { owner: 'group:default/new' })],
      { add: [], update: ['id-of-issuer=issuer'], remove: [] },
    ],
    [
      'one is renamed and keeps its key',
      [known('issuer', { ...annotated, serviceKey: 'issuer' }), known('other')],
      [
        tracked('minter', { ...annotated, serviceKey: 'issuer' }),
        tracked('other'),
      ],
      { add: [], update: ['id-of-issuer=minter'], remove: [] },
    ],
    [
      'one is renamed that has no key, the only change of its repository',
      [known('issuer'), known('other')],
      [tracked('minter'), tracked('other')],
      { add: [], update: ['id-of-issuer=minter'], remove: [] },
    ],
    [
      'two vanish and one appears: nobody knows which it was',
      [known('issuer'), known('other')],
      [tracked('minter')],
      { add: ['minter'], update: [], remove: ['id-of-issuer', 'id-of-other'] },
    ],
    [
      'one appears in another repository',
      [known('issuer')],
      [tracked('minter', { repository: 'example-org/other' })],
      { add: ['minter'], update: [], remove: ['id-of-issuer'] },
    ],
    [
      'two keys are swapped between names',
      [
        known('first', { serviceKey: 'a' }),
        known('second', { serviceKey: 'b' }),
      ],
      [
        tracked('second', { serviceKey: 'b' }),
        tracked('third', { serviceKey: 'a' }),
      ],
      { add: [], update: ['id-of-first=third'], remove: [] },
    ],
  ])('when %s', (_case, knownServices, catalog, expected) => {
    const plan = planServiceSync(knownServices, catalog);

    expect({
      add: plan.add.map(one => one.name),
      update: plan.update.map(one => `${one.id}=${one.name}`),
      remove: plan.remove,
    }).toEqual(expected);
  });
});
