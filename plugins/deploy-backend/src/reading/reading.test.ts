import { mockCredentials, TestDatabases } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  PermissionCondition,
  PermissionCriteria,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import { RESOURCE_TYPE_DEPLOY_ENVIRONMENT } from '@vvp/backstage-plugin-deploy-common';
import { component } from '../__testUtils__/entities';
import { workflowJob } from '../__testUtils__/github';
import {
  startDeployBackend,
  TestBackend,
} from '../__testUtils__/startDeployBackend';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const jobs = {
  'deploy.vvp.io/jobs': 'staging=deploy-staging,production=deploy-production',
};

const entities = [
  ...Array.from({ length: 7 }, (_, index) =>
    component(`ours-${index}`, {
      repository: `example-org/ours-${index}`,
      owner: 'group:default/ours',
      annotations: jobs,
    }),
  ),
  ...Array.from({ length: 7 }, (_, index) =>
    component(`theirs-${index}`, {
      repository: `example-org/theirs-${index}`,
      owner: 'group:default/theirs',
      annotations: jobs,
    }),
  ),
  component('fresh', {
    repository: 'example-org/fresh',
    owner: 'group:default/ours',
  }),
];

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

const isOurs = rule('IS_SERVICE_OWNER', { claims: ['group:default/ours'] });
const isProduction = rule('HAS_ENVIRONMENT_TIER', { tiers: ['production'] });
const isStaging = rule('HAS_ENVIRONMENT_NAME', { names: ['staging'] });

describe.each(databases.eachSupportedId())('reading on %s', databaseId => {
  let backend: TestBackend;
  let decision: PolicyDecision;

  beforeAll(async () => {
    backend = await startDeployBackend({
      databases,
      databaseId,
      entities,
      decide: () => decision,
    });
    decision = { result: AuthorizeResult.ALLOW };
    let id = 1;
    for (const entity of entities.slice(0, 14)) {
      for (const [index, environment] of [
        'staging',
        'production',
        'production',
      ].entries()) {
        await backend.deliver(
          'workflow_job',
          workflowJob({
            id,
            runId: id,
            repository: `example-org/${entity.metadata.name}`,
            name: `deploy-${environment}`,
            start: id * 3 + index,
            sha: index === 2 ? 'e'.repeat(40) : undefined,
          }),
        );
        id += 1;
      }
    }
  });

  beforeEach(() => {
    decision = { result: AuthorizeResult.ALLOW };
  });

  afterAll(() => backend.stop());

  function only(conditions: PermissionCriteria<PermissionCondition>) {
    decision = {
      result: AuthorizeResult.CONDITIONAL,
      pluginId: 'deploy',
      resourceType: RESOURCE_TYPE_DEPLOY_ENVIRONMENT,
      conditions,
    };
  }

  /** Every page of a list; each but the last has to be full. */
  async function readAll(path: string, limit: number) {
    const items = [];
    let cursor = '';
    for (;;) {
      const separator = path.includes('?') ? '&' : '?';
      const { body } = await backend.get(
        `${path}${separator}limit=${limit}${cursor && `&cursor=${cursor}`}`,
      );
      items.push(...body.items);
      if (!body.nextCursor) {
        expect(body.items.length).toBeLessThanOrEqual(limit);
        return items;
      }
      expect(body.items).toHaveLength(limit);
      cursor = encodeURIComponent(body.nextCursor);
    }
  }

  const namesOf = (services: { entityRef: string }[]) =>
    services.map(service => service.entityRef.split('/')[1]);

  it.each([1, 2, 5, 100])(
    'pages through services, %s at a time',
    async limit => {
      const names = namesOf(await readAll('/services', limit));

      expect(names).toEqual(
        entities.map(entity => entity.metadata.name).sort(),
      );
    },
  );

  it.each(['name', '-name', 'lastDeployed', '-lastDeployed'])(
    'sorts services by %s across pages',
    async sort => {
      const paged = namesOf(await readAll(`/services?sort=${sort}`, 4));
      const whole = namesOf(await readAll(`/services?sort=${sort}`, 100));

      expect(paged).toEqual(whole);
      expect(new Set(paged).size).toBe(entities.length);
    },
  );

  it('puts what was deployed last first, and what never was last', async () => {
    const names = namesOf(await readAll('/services?sort=-lastDeployed', 100));

    expect(names[0]).toBe('theirs-6');
    expect(names.at(-1)).toBe('fresh');
  });

  it.each([
    ['owner=group:default/theirs', 7],
    ['text=OURS-3', 1],
    ['text=%25', 0],
    ['text=_', 0],
    ['tier=production', 14],
    ['tier=preview', 0],
    ['system=system:default/none', 0],
  ])('filters services by %s', async (filter, count) => {
    expect(await readAll(`/services?${filter}`, 100)).toHaveLength(count);
  });

  it('filters deployments', async () => {
    const path = '/services/component/default/ours-0/deployments';

    expect(await readAll(path, 1)).toHaveLength(3);
    expect(await readAll(`${path}?environment=staging`, 1)).toHaveLength(1);
    expect(await readAll(`${path}?status=superseded`, 1)).toHaveLength(1);
    expect(
      await readAll(`${path}?status=superseded&status=succeeded`, 2),
    ).toHaveLength(3);
    expect(await readAll(`${path}?commit=eeeeeee`, 1)).toHaveLength(1);
    const [newest, middle] = await readAll(path, 100);
    expect(await readAll(`${path}?from=${newest.createdAt}`, 100)).toHaveLength(
      1,
    );
    expect(await readAll(`${path}?to=${middle.createdAt}`, 100)).toHaveLength(
      1,
    );
  });

  it('is described by the OpenAPI document that it serves', async () => {
    const document = await backend.document();

    expect(document.openapi).toMatch(/^3\.1/);
    expect(
      Object.keys(document.paths).map(path => path.replace('/api/deploy', '')),
    ).toEqual([
      '/services',
      '/services/{kind}/{namespace}/{name}',
      '/services/{kind}/{namespace}/{name}/deployments',
      '/deployments/{id}',
      '/evidence',
      '/evidence/{id}',
      '/services/{kind}/{namespace}/{name}/evidence',
      '/services/{kind}/{namespace}/{name}/trends',
      '/admin/deployment-tests',
      '/services/{kind}/{namespace}/{name}/environments/{environment}/gates',
      '/gates/{id}/waiver',
      '/services/{kind}/{namespace}/{name}/operations',
      '/services/{kind}/{namespace}/{name}/commits',
      ...[
        'revisions',
        'revisions/{revision}/quarantine',
        'diagnostics',
        'redeploy',
        'restart',
        'rerun-tests',
        'hold',
        'lock',
      ].map(
        verb =>
          `/services/{kind}/{namespace}/{name}/environments/{environment}/${verb}`,
      ),
      '/locks',
      '/releases/{id}/quarantine',
      '/deployments/{id}/rerun-failed-jobs',
      '/rollbacks/preview',
      '/rollbacks',
      '/operations/{id}',
      '/operations/{id}/cancel',
      '/freezes',
      '/freezes/preview',
      '/freezes/{id}',
      '/services/{kind}/{namespace}/{name}/environments/{environment}/readiness',
      '/services/{kind}/{namespace}/{name}/environments/{environment}/configuration',
      '/services/{kind}/{namespace}/{name}/releases',
      '/promotions',
      '/promotions/{id}',
      ...[
        'approve',
        'reject',
        'cancel',
        'pause',
        'continue',
        'abort',
        'override',
      ].map(verb => `/promotions/{id}/${verb}`),
      '/ingest/problems',
    ]);
  });

  it('refuses a cursor of another order', async () => {
    const { body } = await backend.get('/services?sort=name&limit=1');
    const { status } = await backend.get(
      `/services?sort=-name&cursor=${encodeURIComponent(body.nextCursor)}`,
    );

    expect(status).toBe(400);
  });

  it.each<
    [string, PermissionCriteria<PermissionCondition>, string[], string[]]
  >([
    ['an owner', isOurs, ['ours', 'fresh'], ['staging', 'production']],
    [
      'an owner, and production only',
      { allOf: [isOurs, isProduction] },
      ['ours'],
      ['production'],
    ],
    [
      'an owner, but not production',
      { allOf: [isOurs, { not: isProduction }] },
      ['ours', 'fresh'],
      ['staging'],
    ],
    [
      'nobody of these',
      { not: { anyOf: [isOurs, isStaging] } },
      ['theirs'],
      ['production'],
    ],
    [
      'neither both',
      { not: { allOf: [isOurs, isStaging] } },
      ['ours', 'theirs', 'fresh'],
      ['staging', 'production'],
    ],
    ['no claims at all', rule('IS_SERVICE_OWNER', { claims: [] }), [], []],
  ])(
    'shows %s just that, in full pages',
    async (_case, conditions, prefixes, environments) => {
      only(conditions);
      const services = await readAll('/services', 3);

      const expected = entities
        .map(entity => entity.metadata.name)
        .filter(name => prefixes.some(prefix => name.startsWith(prefix)))
        .sort();
      expect(namesOf(services)).toEqual(expected);
      const seen = services.flatMap(service =>
        service.environments.map((one: { name: string }) => one.name),
      );
      expect([...new Set(seen)].sort()).toEqual([...environments].sort());
    },
  );

  it('hides what may not be seen from every other path too', async () => {
    const path = '/services/component/default';
    const all = await readAll(`${path}/theirs-0/deployments`, 100);
    only({ allOf: [isOurs, isStaging] });

    expect((await backend.get(`${path}/theirs-0`)).status).toBe(404);
    expect((await backend.get(`${path}/theirs-0/deployments`)).status).toBe(
      404,
    );
    expect((await backend.get(`/deployments/${all[0].id}`)).status).toBe(404);
    const { body } = await backend.get(`${path}/ours-0`);
    expect(body.environments).toHaveLength(1);
    const ours = await readAll(`${path}/ours-0/deployments`, 1);
    expect(ours).toEqual([expect.objectContaining({ environment: 'staging' })]);
    expect((await backend.get(`/deployments/${ours[0].id}`)).status).toBe(200);
  });

  it.each([
    '/services',
    '/services/component/default/ours-0',
    '/services/component/default/ours-0/deployments',
    '/deployments/63a97e06-b0fd-42d7-92c8-74308c52dd81',
  ])('refuses %s without the permission', async path => {
    decision = { result: AuthorizeResult.DENY };

    const { status, body } = await backend.get(path);

    expect(status).toBe(403);
    expect(body.error.message).toContain('deploy.read');
  });

  it('refuses a caller who is nobody', async () => {
    const { status } = await backend.get(
      '/services',
      mockCredentials.user.invalidHeader(),
    );

    expect(status).toBe(401);
  });

  it('says of a service that is not there what it needs', async () => {
    const { status, body } = await backend.get(
      '/services/component/default/nowhere',
    );

    expect(status).toBe(404);
    expect(body.error.message).toContain('github.com/project-slug');
  });
});
