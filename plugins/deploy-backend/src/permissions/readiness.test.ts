import { mockCredentials, TestDatabases } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import { RESOURCE_TYPE_DEPLOY_ENVIRONMENT } from '@vvp/backstage-plugin-deploy-common';
import { oneDatabase } from '../__testUtils__/oneDatabase';
import {
  FIRST,
  PRODUCTION,
  SERVICE,
  startVerifier,
} from '../promotions/__testUtils__/startVerifier';
import { deployConditions } from './conditions';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const everything: PolicyDecision = { result: AuthorizeResult.ALLOW };
const onlyProduction: PolicyDecision = {
  result: AuthorizeResult.CONDITIONAL,
  pluginId: 'deploy',
  resourceType: RESOURCE_TYPE_DEPLOY_ENVIRONMENT,
  conditions: deployConditions.hasEnvironmentTier({ tiers: ['production'] }),
};

describe.each(oneDatabase(databases))(
  'readiness of a production whose staging is hidden, on %s',
  databaseId => {
    let portal: Awaited<ReturnType<typeof startVerifier>>;
    let decision: PolicyDecision;
    let release: string;
    let promotion: string;

    beforeAll(async () => {
      decision = everything;
      portal = await startVerifier({
        databases,
        databaseId,
        promotion:
          '{ approvals: [{ from: [group:default/platform-team], required: 1 }], order: previous, soak: 1 hour }',
        decide: permission =>
          permission === 'deploy.read' ? decision : everything,
      });
      release = await portal.releaseOf(FIRST);
      promotion = (await portal.ask()).body.id;
    });

    beforeEach(() => {
      decision = everything;
    });

    afterAll(() => portal.backend.stop());

    const paths = (): [string, string][] => [
      ['readiness', `${PRODUCTION}/readiness?release=${release}`],
      ['promotion', `/promotions/${promotion}`],
      ['promotions', '/promotions'],
      ['releases', `${SERVICE}/releases`],
      ['service', SERVICE],
    ];

    const conditionsOf = async () => {
      const { body } = await portal.get(
        `${PRODUCTION}/readiness?release=${release}`,
      );
      return body.conditions;
    };

    it('names staging to whom may see it', async () => {
      expect(JSON.stringify(await conditionsOf())).toContain('staging');
    });

    it('judges the same, and names it nowhere, to whom may not', async () => {
      const seen = await conditionsOf();
      decision = onlyProduction;

      const unseen = await conditionsOf();
      const texts = await Promise.all(
        paths().map(async ([name, path]) => {
          const { status, text } = await portal.backend.get(
            path,
            mockCredentials.user.header('user:default/omar'),
          );
          return [name, status, text.includes('staging')];
        }),
      );

      const states = (conditions: { id: string; state: string }[]) =>
        conditions.map(({ id, state }) => [id, state]);
      expect(states(unseen)).toEqual(states(seen));
      expect(texts).toEqual(paths().map(([name]) => [name, 200, false]));
    });
  },
);
