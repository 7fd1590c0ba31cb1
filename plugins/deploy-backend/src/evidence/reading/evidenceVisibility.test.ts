import { mockCredentials, TestDatabases } from '@backstage/backend-test-utils';
import {
  PermissionCondition,
  PermissionCriteria,
} from '@backstage/plugin-permission-common';
import { RESOURCE_TYPE_DEPLOY_ENVIRONMENT } from '@vvp/backstage-plugin-deploy-common';
import { EvidenceBackend, S } from '../__testUtils__/EvidenceBackend';
import { coverageReport } from '../__testUtils__/reports';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const range = 'from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z';

function rule(
  name: string,
  params: PermissionCondition['params'],
): PermissionCondition {
  return {
    rule: name,
    resourceType: RESOURCE_TYPE_DEPLOY_ENVIRONMENT,
    params,
  };
}

const isStaging = rule('HAS_ENVIRONMENT_NAME', { names: ['staging'] });
const isProduction = rule('HAS_ENVIRONMENT_TIER', { tiers: ['production'] });
const isOurs = rule('IS_SERVICE_OWNER', { claims: ['group:default/vvp-team'] });
const isTheirs = rule('IS_SERVICE_OWNER', { claims: ['group:default/other'] });

describe.each(databases.eachSupportedId())(
  'visibility of evidence on %s',
  databaseId => {
    let server: EvidenceBackend;

    beforeAll(async () => {
      server = await EvidenceBackend.start(databases, databaseId);
    });

    beforeEach(() => server.reset());

    afterAll(() => server.backend.stop());

    let ids: Record<'nowhere' | 'staging' | 'production' | 'gone', string>;

    beforeEach(async () => {
      ids = {
        nowhere: await server.record({ report: coverageReport(1) }),
        staging: await server.record({
          report: coverageReport(2),
          environment: 'staging',
        }),
        production: await server.record({
          report: coverageReport(3),
          environment: 'production',
        }),
        gone: await server.record({
          report: coverageReport(4),
          environment: 'old',
        }),
      };
    });

    it.each<{
      name: string;
      conditions: PermissionCriteria<PermissionCondition>;
      visible: (keyof typeof ids)[];
    }>([
      {
        name: 'an environment by name',
        conditions: isStaging,
        visible: ['staging', 'nowhere'],
      },
      {
        name: 'a tier',
        conditions: isProduction,
        visible: ['production', 'nowhere'],
      },
      {
        name: 'all but a tier',
        conditions: { not: isProduction },
        visible: ['staging', 'nowhere'],
      },
      {
        name: "one's own services",
        conditions: isOurs,
        visible: ['production', 'staging', 'nowhere'],
      },
      {
        name: "one's own, or staging",
        conditions: { anyOf: [isTheirs, isStaging] },
        visible: ['staging', 'nowhere'],
      },
    ])('of $name', async ({ conditions, visible }) => {
      server.allowOnly(conditions);

      const listed = await server.readAll(`${S}/evidence`, 1);
      const trends = await server.backend.get(
        `${S}/trends?type=coverage&${range}`,
      );

      expect(listed.map(({ id }) => id)).toEqual(
        visible.map(name => ids[name]),
      );
      expect(
        trends.body.series
          .flatMap((series: { points: { evidenceId: string }[] }) =>
            series.points.map(point => point.evidenceId),
          )
          .sort(),
      ).toEqual(visible.map(name => ids[name]).sort());
      for (const [name, id] of Object.entries(ids)) {
        const { status } = await server.backend.get(`/evidence/${id}`);
        expect(`${name} ${status}`).toBe(
          `${name} ${visible.some(one => one === name) ? 200 : 404}`,
        );
      }
    });

    it('shows everything to those who may see everything', async () => {
      expect(await server.readAll(`${S}/evidence`)).toHaveLength(4);
      expect((await server.backend.get(`/evidence/${ids.gone}`)).status).toBe(
        200,
      );
    });

    it('shows nothing of services of others', async () => {
      server.allowOnly(isTheirs);

      expect((await server.backend.get(`${S}/evidence`)).status).toBe(404);
      expect((await server.backend.get(`${S}/trends?type=test`)).status).toBe(
        404,
      );
      expect(
        (await server.backend.get(`/evidence/${ids.nowhere}`)).status,
      ).toBe(404);
    });

    it('shows nothing to those who did not sign in', async () => {
      const nobody = mockCredentials.none.header();

      expect(
        (await server.backend.get(`/evidence/${ids.nowhere}`, nobody)).status,
      ).toBe(401);
      expect((await server.backend.get(`${S}/evidence`, nobody)).status).toBe(
        401,
      );
    });
  },
);
