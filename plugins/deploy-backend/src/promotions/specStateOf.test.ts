import { TestDatabases } from '@backstage/backend-test-utils';
import { CommitRange } from '@vvp/backstage-plugin-deploy-common';
import { migratedDatabase } from '../__testUtils__/migratedDatabase';
import { KnownEnvironment } from '../targets/TargetEnvironments';
import { specStateOf } from './specStateOf';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const BUILT = 'a'.repeat(40);
const CHANGED = 'b'.repeat(40);

describe.each(databases.eachSupportedId())('deploy.yaml on %s', databaseId => {
  async function stateOf(options: {
    commit?: string;
    problem?: string;
    range?: Partial<CommitRange> | Error;
    specUrl?: string | null;
  }) {
    const knex = await migratedDatabase(databases, databaseId);
    await knex('services').insert({
      id: 'service',
      entity_ref: 'component:default/vvp-verifier',
      repository: 'example-org/vvp',
      service_key: '',
      name: 'vvp-verifier',
      annotations: '{}',
      spec_url:
        options.specUrl === undefined
          ? 'https://files.example.test/deploy.yaml'
          : options.specUrl,
    });
    return specStateOf(
      {
        knex,
        specs: {
          get: async (url, repository) => ({
            url,
            repository,
            ...(options.commit && { commit: options.commit }),
            ...(options.problem && {
              problem: { message: options.problem, since: '2026-01-01' },
            }),
            spec: {
              name: 'vvp',
              environments: [],
              services: [
                {
                  key: 'verifier',
                  entityRef: 'component:default/vvp-verifier',
                  paths: [],
                  sharedPaths: [],
                  environments: [],
                },
              ],
            },
            checkedAt: '2026-01-01',
          }),
        },
        commitsBetween: async () => {
          if (options.range instanceof Error) {
            throw options.range;
          }
          return {
            from: BUILT,
            to: CHANGED,
            state: 'known',
            direction: 'forward',
            commits: [],
            ...options.range,
          };
        },
      },
      { serviceId: 'service' } as KnownEnvironment,
      BUILT,
    );
  }

  it.each([
    [
      'is there and older than the release',
      { range: { direction: 'backward' as const } },
      {},
    ],
    ['changed in the very commit of the release', { commit: BUILT }, {}],
    ['changed after the release', {}, { changedSince: CHANGED }],
    [
      'changed on another branch',
      {
        range: { state: 'unrelated' as const, direction: 'backward' as const },
      },
      { changedSince: CHANGED },
    ],
    ['cannot be used', { problem: 'line 3: no' }, { problem: 'line 3: no' }],
    ['is compared by nobody', { range: new Error('away') }, undefined],
    [
      'is not known to GitHub',
      { range: { state: 'unknown' as const } },
      undefined,
    ],
    ['is not there', { specUrl: null }, undefined],
  ])('%s', async (_, options, expected) => {
    const state = await stateOf({ commit: CHANGED, ...options });

    expect(state).toEqual(expected);
  });
});
