import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { ConfigReader } from '@backstage/config';
import { ServiceUnavailableError } from '@backstage/errors';
import { JsonValue } from '@backstage/types';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  formatSpecFindings,
  parsePipelineSpec,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { migratedDatabase } from '../../__testUtils__/migratedDatabase';
import { ProblemLog } from '../../store/ProblemLog';
import { ServiceStore } from '../../store/ServiceStore';
import { SpecStore } from '../../store/SpecStore';
import { assemblePolicies } from './assemblePolicies';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const REPOSITORY = 'example-org/vvp';
const SPEC_URL = 'https://files.example.test/example-org/vvp/deploy.yaml';
const now = new Date('2026-11-21T12:00:00.000Z');

/** Two services, of which the worker has no word of its own. */
function specText(shared: string, own: string): string {
  return `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: vvp }
spec:
  environments:
    - { name: staging, tier: staging }
    - { name: production, tier: production, promotion: ${shared} }
  services:
    issuer:
      entity: component:default/issuer
      environments:
        staging: {}
        production: { promotion: ${own} }
    worker:
      entity: component:default/worker
      environments:
        production: {}
`;
}

function group(name: string, members: string[]): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: { name, namespace: 'default' },
    relations: members.map(member => ({
      type: 'hasMember',
      targetRef: `user:default/${member}`,
    })),
  };
}

function user(name: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'User',
    metadata: { name, namespace: 'default' },
  };
}

describe.each(databases.eachSupportedId())('policies on %s', databaseId => {
  let knex: Knex;
  let specs: SpecStore;
  let problems: ProblemLog;
  let serviceIds: Map<string, string>;
  let people: Entity[];
  let warnings: [string, unknown][];
  let isAway: boolean;

  function assemble(promotion: JsonValue = []) {
    const logger = mockServices.logger.mock();
    logger.warn.mockImplementation((message, meta) => {
      warnings.push([message, meta]);
    });
    const catalog = catalogServiceMock();
    jest.spyOn(catalog, 'getEntitiesByRefs').mockImplementation(async query => {
      if (isAway) {
        throw new ServiceUnavailableError('the catalog is away');
      }
      return catalogServiceMock({ entities: people }).getEntitiesByRefs(query);
    });
    return assemblePolicies({
      knex,
      config: new ConfigReader({ deploy: { promotion } }),
      auth: mockServices.auth(),
      catalog,
      specs,
      ranges: {
        peopleBetween: async () => ({ people: [], complete: true }),
        peopleUpTo: async () => ({ people: [], complete: true }),
      },
      problems,
      logger,
    });
  }

  async function saveSpec(shared: string, own: string) {
    const result = parsePipelineSpec(specText(shared, own));
    if (!result.ok) {
      throw new Error(formatSpecFindings(result.findings, 'deploy.yaml'));
    }
    await specs.saveGood(
      { url: SPEC_URL, repository: REPOSITORY, spec: result.spec },
      now,
    );
  }

  async function listed() {
    const { items } = await problems.list({ limit: 10 });
    return items.map(({ kind, repository, subject, message, count }) => ({
      kind,
      repository,
      subject,
      message,
      count,
    }));
  }

  beforeEach(async () => {
    knex = await migratedDatabase(databases, databaseId);
    specs = new SpecStore(knex);
    problems = new ProblemLog(knex);
    warnings = [];
    isAway = false;
    people = [group('platform', ['omar']), user('omar')];
    const services = new ServiceStore(knex);
    await services.applySync(
      {
        add: ['issuer', 'worker'].map(name => ({
          entityRef: `component:default/${name}`,
          repository: REPOSITORY,
          serviceKey: name,
          name,
          owner: 'group:default/vvp-team',
          annotations: {},
          specUrl: SPEC_URL,
        })),
        update: [],
        remove: [],
      },
      now,
    );
    serviceIds = new Map();
    for (const { id, name } of await services.listAll()) {
      serviceIds.set(name, id);
      await services.declareEnvironments(
        id,
        [
          ...(name === 'issuer'
            ? [{ name: 'staging', tier: 'staging' as const }]
            : []),
          { name: 'production', tier: 'production' as const },
        ],
        now,
      );
    }
  });

  afterEach(async () => {
    await knex.destroy();
  });

  const idOf = (name: string) => serviceIds.get(name) ?? '';

  it('come from deploy.yaml and from app-config', async () => {
    await saveSpec(
      '{ soak: 1 day, hotfix: false }',
      '{ approvals: [{ from: [group:default/platform] }] }',
    );
    const { policies } = assemble([
      {
        match: { owner: 'group:default/vvp-*', tier: 'production' },
        required: true,
        policy: { expiresAfter: '1 day' },
      },
    ]);

    const { policy } = await policies.of(
      idOf('issuer'),
      'production',
      'regular',
    );
    expect(policy).toEqual({
      class: 'regular',
      approvals: [{ from: ['group:default/platform'], required: 1 }],
      selfApproval: false,
      order: 'previous',
      soakSeconds: 86_400,
      automatic: false,
      expiresAfterSeconds: 86_400,
      seam: 'protection-rule',
    });
    expect(
      (await policies.of(idOf('worker'), 'production', 'regular')).policy,
    ).toMatchObject({ approvals: [{ required: 1 }], soakSeconds: 86_400 });
    expect(
      (await policies.of(idOf('issuer'), 'staging', 'hotfix')).policy,
    ).toMatchObject({ approvals: [], order: 'none' });
  });

  it('stand by tier where there is no deploy.yaml', async () => {
    const { policies } = assemble();

    expect(
      (await policies.of(idOf('issuer'), 'production', 'regular')).policy,
    ).toMatchObject({ approvals: [{ required: 1 }], order: 'previous' });
  });

  it('refuse a hotfix where none is let in, and places that are not there', async () => {
    await saveSpec('{ hotfix: false }', '{ automatic: true }');
    const { policies } = assemble();

    await expect(
      policies.of(idOf('issuer'), 'production', 'hotfix'),
    ).rejects.toMatchObject({
      name: 'ConflictError',
      message: expect.stringContaining('Hotfixes are not let into production.'),
    });
    await expect(
      policies.of(idOf('issuer'), 'moon', 'regular'),
    ).rejects.toMatchObject({ name: 'NotFoundError' });
    await expect(
      policies.of('no-such-service', 'production', 'regular'),
    ).rejects.toMatchObject({ name: 'NotFoundError' });
  });

  it('that can never be met are told once, counted, and forgotten when they are mended', async () => {
    await saveSpec(
      '{ automatic: true }',
      '{ approvals: [{ from: [group:default/gone] }] }',
    );
    const { policyCheck } = assemble();

    await policyCheck.checkRepository(REPOSITORY, now);
    await policyCheck.checkRepository(REPOSITORY, now);

    const message = expect.stringMatching(
      /approvals\[0\]\.from: The catalog does not know group:default\/gone\..*can never be met/,
    );
    expect(await listed()).toEqual([
      {
        kind: 'promotion-policy',
        repository: REPOSITORY,
        subject: 'component:default/issuer production',
        message,
        count: 2,
      },
    ]);
    expect(warnings).toEqual([
      [
        'A promotion policy can never be met',
        {
          entityRef: 'component:default/issuer',
          environment: 'production',
          problem: message,
        },
      ],
    ]);

    await saveSpec(
      '{ automatic: true }',
      '{ approvals: [{ from: [group:default/platform] }] }',
    );
    await policyCheck.checkRepository(REPOSITORY, now);

    expect(await listed()).toEqual([]);
  });

  it.each([
    [
      'more voices than people',
      '{ approvals: [{ from: [group:default/platform], required: 2 }] }',
      [],
      /^approvals\[0\]\.required: This can never be met: 2 approvals are asked for/,
    ],
    [
      'one person for two rules',
      '{ approvals: [{ from: [group:default/platform] }, { from: [user:default/omar] }] }',
      [],
      /^approvals\[1\]: This can never be met together/,
    ],
    [
      'a hotfix by nobody',
      '{ hotfix: { approvals: [{ from: [user:default/gone] }] } }',
      [],
      /^hotfix\.approvals\[0\]\.from: The catalog does not know user:default\/gone/,
    ],
    [
      'branches that exclude those of the portal',
      '{ refs: { branches: [develop] } }',
      [{ required: true, policy: { refs: { branches: ['main'] } } }],
      /^refs: No branch and no tag is let in/,
    ],
    [
      'more environments than there are',
      '{ automatic: true }',
      [{ required: true, policy: { order: { atLeast: 5 } } }],
      /^order\.atLeast: This can never be met: 5 environments/,
    ],
  ])('are found: %s', async (_, own, config, expected) => {
    await saveSpec('{ automatic: true }', own);
    const { policyCheck } = assemble(config as JsonValue);

    const found = await policyCheck.policyProblems(idOf('issuer'));

    expect(
      found
        .filter(({ environment }) => environment === 'production')
        .map(({ message }) => message),
    ).toContainEqual(expect.stringMatching(expected));
  });

  it('are left as they were found if the catalog does not answer', async () => {
    await saveSpec(
      '{ automatic: true }',
      '{ approvals: [{ from: [group:default/gone] }] }',
    );
    await assemble().policyCheck.checkRepository(REPOSITORY, now);
    const before = await listed();
    isAway = true;

    await assemble().policyCheck.checkRepository(REPOSITORY, now);

    expect(await listed()).toEqual(before);
    expect(warnings.map(([message]) => message)).toEqual([
      'A promotion policy can never be met',
      'The promotion policies could not be checked',
    ]);
  });
});
