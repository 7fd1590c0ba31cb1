import { TestDatabases } from '@backstage/backend-test-utils';
import request from 'supertest';
import { oneDatabase } from '../__testUtils__/oneDatabase';
import { spec } from '../schema/openapi';
import {
  Endpoint,
  endpoints,
  pathOf,
  Place,
  readService,
} from './__testUtils__/endpoints';
import { headerOf, Principal, principals } from './__testUtils__/principals';
import { nowhere, startMatrix, tiers } from './__testUtils__/startMatrix';

jest.setTimeout(300_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const nameOf = ({ method, path }: Endpoint) => `${method} ${path}`;

/** An answer without what the request itself named: only what the portal tells is left. */
function told(text: string, path: string, place: Place): string {
  const named = [
    path,
    place.name,
    place.environment,
    ...Object.values(place.ids),
  ];
  return named.reduce((rest, name) => rest.split(name).join('*'), text);
}

describe('the table of endpoints', () => {
  it('has a row for each endpoint of the document, and no other', () => {
    const documented = Object.entries(spec.paths).flatMap(([path, item]) =>
      Object.keys(item).map(method => `${method} ${path}`),
    );

    expect(endpoints.map(nameOf).sort()).toEqual(documented.sort());
  });

  it('names for each row a permission, or a reason why it needs none', () => {
    expect(
      endpoints.filter(row => Boolean(row.permission) === Boolean(row.open)),
    ).toEqual([]);
  });
});

describe.each(oneDatabase(databases))(
  'the permission matrix on %s',
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

    async function send(
      endpoint: Endpoint,
      principal: Principal,
      place: Place,
    ) {
      const path = pathOf(endpoint, place);
      const { status, text } = await request(portal.backend.url)
        [endpoint.method](`/api/deploy${path}`)
        .set('Authorization', headerOf(principal))
        .send(endpoint.body?.(place));
      return { status, text: told(text, path, place) };
    }

    async function outcomeOf(
      endpoint: Endpoint,
      principal: Principal,
      place: Place,
    ): Promise<string> {
      const { status, text } = await send(endpoint, principal, place);
      if (status === 401 || status === 403) {
        return 'R';
      }
      if (status >= 500) {
        return `${status} ${text}`;
      }
      if (status !== 404) {
        return 'A';
      }
      // Hidden is what reads as if it were not there; to whom sees the service, as if it had no such environment.
      const absent = nowhere(place.environment);
      const others =
        readService[principal] === 'AAA'
          ? [absent, { ...absent, name: place.name, environment: 'not-there' }]
          : [absent];
      for (const other of others) {
        const answer = await send(endpoint, principal, other);
        if (answer.status === 404 && answer.text === text) {
          return 'H';
        }
      }
      return 'A';
    }

    it.each(endpoints.map(row => [nameOf(row), row] as const))(
      'lets through %s who may, and nobody else',
      async (_name, endpoint) => {
        const found: Record<string, string> = {};
        for (const principal of principals) {
          const outcomes = [];
          for (const place of places) {
            const fresh = await portal.renewed(place, endpoint.path);
            outcomes.push(await outcomeOf(endpoint, principal, fresh));
          }
          found[principal] = outcomes.join('');
        }

        expect(found).toEqual(endpoint.outcomes);
      },
    );

    it.each(
      endpoints
        .filter(({ permission }) => permission)
        .map(row => [nameOf(row), row] as const),
    )('%s asks for its permission', async (_name, endpoint) => {
      const place = await portal.renewed(places[1], endpoint.path);
      portal.permissions.asked.length = 0;

      await send(endpoint, 'administrator', place);

      expect(portal.permissions.asked).toContain(endpoint.permission);
    });
  },
);
