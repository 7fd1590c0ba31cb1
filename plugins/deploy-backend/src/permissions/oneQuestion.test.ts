import { TestDatabases } from '@backstage/backend-test-utils';
import request from 'supertest';
import { oneDatabase } from '../__testUtils__/oneDatabase';
import { Place } from './__testUtils__/endpoints';
import { headerOf, Principal } from './__testUtils__/principals';
import { startMatrix, tiers } from './__testUtils__/startMatrix';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

describe.each(oneDatabase(databases))(
  'the permission framework on %s',
  databaseId => {
    let portal: Awaited<ReturnType<typeof startMatrix>>;
    let places: Place[];

    beforeAll(async () => {
      portal = await startMatrix({ databases, databaseId });
      places = [];
      for (const tier of tiers) {
        places.push(await portal.place(tier));
      }
    });

    afterAll(() => portal.backend.stop());

    async function get(path: string, principal: Principal) {
      portal.permissions.calls = 0;
      const { status, body } = await request(portal.backend.url)
        .get(`/api/deploy${path}`)
        .set('Authorization', headerOf(principal));
      return { status, body, calls: portal.permissions.calls };
    }

    it.each<[Principal, (boolean | undefined)[]]>([
      ['owner', [true, true, true]],
      ['developer', [true, true, false]],
      ['oncall', [undefined, undefined, true]],
      ['reader', [false, false, false]],
      ['stranger', [undefined, undefined, undefined]],
      ['administrator', [true, true, true]],
    ])(
      'is asked once for a promotion, and all that the %s may do with it',
      async (principal, expected) => {
        const found = [];
        for (const { ids } of places) {
          const { body, calls } = await get(
            `/promotions/${ids.promotions}`,
            principal,
          );
          found.push({
            mayReject: body.mayReject?.allowed,
            mayCancel: body.mayCancel?.allowed,
            calls,
          });
        }

        expect(found).toEqual(
          expected.map(allowed => ({
            mayReject: allowed,
            mayCancel: allowed,
            calls: 1,
          })),
        );
      },
    );

    it.each<[string, () => string]>([
      ['promotions', () => '/promotions'],
      ['those that wait for somebody', () => '/promotions?waitingFor=me'],
      ...['readiness', 'configuration'].map((what): [string, () => string] => [
        what,
        () => {
          const { name, environment, ids } = places[0];
          return `/services/component/default/${name}/environments/${environment}/${what}?release=${ids.releases}`;
        },
      ]),
    ])('is asked once for %s', async (_case, path) => {
      const { status, calls } = await get(path(), 'owner');

      expect({ status, calls }).toEqual({ status: 200, calls: 1 });
    });
  },
);
