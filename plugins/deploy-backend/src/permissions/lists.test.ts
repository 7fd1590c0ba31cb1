import { mockCredentials, TestDatabases } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import { RESOURCE_TYPE_DEPLOY_ENVIRONMENT } from '@vvp/backstage-plugin-deploy-common';
import {
  startDeployBackend,
  TestBackend,
} from '../__testUtils__/startDeployBackend';
import { Conditions, OURS, THEIRS } from './__testUtils__/principals';
import {
  FIRST,
  ROWS_OF_FIRST,
  seedLists,
  Spot,
} from './__testUtils__/seedLists';
import { deployConditions } from './conditions';

jest.setTimeout(300_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const isOurs = deployConditions.isServiceOwner({ claims: [OURS] });
const isTheirs = deployConditions.isServiceOwner({ claims: [THEIRS] });
const isProduction = deployConditions.hasEnvironmentTier({
  tiers: ['production'],
});
const isStaging = deployConditions.hasEnvironmentName({ names: ['staging'] });

const S = `/services/component/default/${FIRST}`;

/** Every list, and whether it is of the first service alone. */
const lists: { path: string; ofFirst?: true }[] = [
  { path: '/services' },
  { path: '/services?sort=-lastDeployed' },
  { path: '/promotions' },
  { path: '/promotions?waitingFor=me' },
  { path: '/locks' },
  { path: '/freezes' },
  { path: `${S}/deployments`, ofFirst: true },
  { path: `${S}/releases`, ofFirst: true },
  { path: `${S}/evidence`, ofFirst: true },
  { path: `${S}/operations`, ofFirst: true },
];

const cases: {
  who: string;
  conditions: Conditions;
  sees: (spot: Spot) => boolean;
}[] = [
  { who: 'owners', conditions: isOurs, sees: ({ owner }) => owner === OURS },
  {
    who: 'a tier',
    conditions: isProduction,
    sees: ({ tier }) => tier === 'production',
  },
  {
    who: 'a name',
    conditions: isStaging,
    sees: ({ environment }) => environment === 'staging',
  },
  {
    who: 'all but the owners',
    conditions: { not: isOurs },
    sees: ({ owner }) => owner !== OURS,
  },
  {
    who: 'a tier of owners',
    conditions: { allOf: [isOurs, { not: isProduction }] },
    sees: ({ owner, tier }) => owner === OURS && tier !== 'production',
  },
  {
    who: 'owners, and a tier of all',
    conditions: { anyOf: [isTheirs, isProduction] },
    sees: ({ owner, tier }) => owner === THEIRS || tier === 'production',
  },
  {
    who: 'one environment of ours, the other of theirs',
    conditions: {
      anyOf: [
        { allOf: [isOurs, isStaging] },
        { not: { anyOf: [isOurs, isStaging] } },
      ],
    },
    sees: ({ owner, environment }) =>
      (owner === OURS) === (environment === 'staging'),
  },
];

describe.each(databases.eachSupportedId())('lists on %s', databaseId => {
  let backend: TestBackend;
  let spots: Spot[];
  let decide: (permission: string) => PolicyDecision;

  beforeAll(async () => {
    backend = await startDeployBackend({
      databases,
      databaseId,
      decide: permission => decide(permission),
    });
    spots = await seedLists(backend.knex);
    for (const environment of await backend.knex('environments')) {
      const last = await backend
        .knex('deployments')
        .where({ environment_id: environment.id })
        .orderBy('created_at', 'desc')
        .first();
      await backend.knex('environments').where({ id: environment.id }).update({
        current_deployment_id: last.id,
        latest_deployment_id: last.id,
        last_deployed_at: last.finished_at,
      });
    }
  });

  beforeEach(() => {
    decide = () => ({ result: AuthorizeResult.ALLOW });
  });

  afterAll(() => backend.stop());

  const only = (conditions: Conditions): PolicyDecision => ({
    result: AuthorizeResult.CONDITIONAL,
    pluginId: 'deploy',
    resourceType: RESOURCE_TYPE_DEPLOY_ENVIRONMENT,
    conditions,
  });

  /** Every page, as it came; a cursor is also read for what it hides. */
  async function readAll(path: string, limit: number) {
    const pages: { items: { id?: string; entityRef?: string }[] }[] = [];
    const texts: string[] = [];
    let cursor: string | undefined;
    do {
      const query = new URLSearchParams({
        limit: String(limit),
        ...(cursor && { cursor }),
      });
      const { status, body, text } = await backend.get(
        `${path}${path.includes('?') ? '&' : '?'}${query}`,
        mockCredentials.user.header('user:default/omar'),
      );
      if (status !== 200) {
        return { status, pages, text };
      }
      pages.push(body);
      cursor = body.nextCursor;
      texts.push(
        text,
        cursor ? Buffer.from(cursor, 'base64url').toString() : '',
      );
    } while (cursor);
    return { status: 200, pages, text: texts.join('\n') };
  }

  const marksIn = (text: string) =>
    [...new Set(text.match(/mark-\d+-\w+\./g) ?? [])].sort();

  describe.each(cases)('for $who', ({ conditions, sees }) => {
    beforeEach(() => {
      decide = () => only(conditions);
    });

    it.each(lists)(
      'of $path are full, whole, and tell of nothing else',
      async ({ path, ofFirst }) => {
        const visible = spots.filter(
          spot => sees(spot) && (!ofFirst || spot.name === FIRST),
        );
        const hidden = spots
          .map(({ name }) => name)
          // The path itself names the first one.
          .filter(name => !(ofFirst && name === FIRST))
          .filter(name => !spots.some(one => one.name === name && sees(one)));

        const { status, pages, text } = await readAll(path, 7);

        expect(status).toBe(visible.length > 0 ? 200 : 404);
        expect(marksIn(text)).toEqual(visible.map(({ mark }) => mark).sort());
        expect(pages.slice(0, -1).map(({ items }) => items.length)).toEqual(
          pages.slice(0, -1).map(() => 7),
        );
        const rows = pages.flatMap(({ items }) =>
          items.map(({ id, entityRef }) => id ?? entityRef),
        );
        expect(new Set(rows).size).toBe(rows.length);
        for (const name of hidden) {
          expect(text).not.toMatch(new RegExp(`${name}\\b`));
        }
      },
    );

    it.each(spotsFilters())(
      'cannot be asked for what is hidden: %s',
      async (_name, filter) => {
        const hidden = spots.filter(spot => !sees(spot));
        const found = [];
        for (const spot of hidden.slice(0, 4)) {
          const { status, text } = await backend.get(filter(spot));
          found.push({
            status,
            items: status === 200 && JSON.parse(text).items,
          });
        }

        expect(
          found.filter(
            ({ status, items }) => status !== 404 && items?.length !== 0,
          ),
        ).toEqual([]);
      },
    );
  });

  it('of freezes name only what may be seen', async () => {
    const scope = {
      services: [
        `component:default/${FIRST}`,
        'component:default/svc-theirs-1',
      ],
      systems: [
        `system:default/sys-${FIRST}`,
        'system:default/sys-svc-theirs-1',
      ],
      environments: ['staging', 'live', 'elsewhere'],
    };
    const { status } = await backend.post('/freezes', {
      title: 'Of both',
      reason: 'Nothing moves in either of them',
      scope,
      window: { from: '2098-01-01T00:00:00Z', to: '2098-01-02T00:00:00Z' },
    });
    decide = () => only({ allOf: [isOurs, isStaging] });

    const { body } = await backend.get('/freezes?limit=1');

    expect(status).toBe(201);
    expect(body.items).toEqual([
      expect.objectContaining({
        title: 'Of both',
        scope: {
          services: [`component:default/${FIRST}`],
          systems: [`system:default/sys-${FIRST}`],
          environments: ['staging'],
        },
      }),
    ]);
    await backend.delete(`/freezes/${body.items[0].id}`);
  });

  it('of releases tell where they went only as far as it may be seen', async () => {
    decide = () => only({ allOf: [isOurs, isStaging] });

    const { pages, text } = await readAll(`${S}/releases`, 40);

    expect(pages.flatMap(({ items }) => items)).toHaveLength(2 * ROWS_OF_FIRST);
    expect(text).not.toContain('live');
  });

  it('waits for a voice only where it may be given', async () => {
    decide = permission =>
      permission === 'deploy.approve'
        ? only({ allOf: [isOurs, isProduction] })
        : { result: AuthorizeResult.ALLOW };

    const { pages, text } = await readAll('/promotions?waitingFor=me', 10);

    expect(marksIn(text)).toEqual(
      spots
        .filter(({ owner, tier }) => owner === OURS && tier === 'production')
        .map(({ mark }) => mark)
        .sort(),
    );
    expect(pages.slice(0, -1).every(({ items }) => items.length === 10)).toBe(
      true,
    );
  });
});

/** Paths of lists that name a spot in their filter. */
function spotsFilters() {
  const filters: [string, (spot: Spot) => string][] = [
    ...['deployments', 'releases', 'evidence', 'operations'].map(
      (tail): [string, (spot: Spot) => string] => [
        tail,
        ({ name, environment }) =>
          `/services/component/default/${name}/${tail}?environment=${environment}`,
      ],
    ),
    [
      'promotions',
      ({ name, environment }) =>
        `/promotions?entityRef=component:default/${name}&environment=${environment}`,
    ],
  ];
  return filters;
}
