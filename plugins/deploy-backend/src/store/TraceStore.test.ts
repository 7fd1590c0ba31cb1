import { TestDatabases } from '@backstage/backend-test-utils';
import { Fact } from '@vvp/backstage-plugin-deploy-node';
import fc from 'fast-check';
import { Knex } from 'knex';
import {
  at,
  deploymentFact,
  jobFact,
  REPOSITORY,
  runFact,
  serviceMapping,
  status,
} from '../__testUtils__/facts';
import { migratedDatabase } from '../__testUtils__/migratedDatabase';
import { TraceStore } from './TraceStore';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const services = [serviceMapping('verifier'), serviceMapping('issuer')];
const now = new Date('2026-01-06T00:00:00.000Z');

function jobs(runId: string, start: number): Fact[] {
  return ['verifier', 'issuer'].flatMap((key, index) =>
    (['queued', 'in_progress', 'completed'] as const).map(
      (progress): Fact =>
        jobFact({
          runId,
          jobId: `${runId}${index}`,
          name: `deploy-${key}`,
          createdAt: at(start),
          startedAt: at(start + 5),
          finishedAt: progress === 'completed' ? at(start + 60) : undefined,
          status: progress,
          conclusion: progress === 'completed' ? 'success' : undefined,
        }),
    ),
  );
}

const story: Fact[] = [
  ...jobs('100', 10),
  ...jobs('200', 200),
  ...jobs('300', 400),
  runFact({ runId: '100', workflowName: 'CI', updatedAt: at(100) }),
  runFact({
    runId: '200',
    event: 'workflow_run',
    createdAt: at(105),
    updatedAt: at(300),
  }),
  runFact({ runId: '300', conclusion: 'failure', updatedAt: at(500) }),
  // A workflow that deploys nothing has a job of the same name.
  jobFact({ runId: '900', jobId: '9000' }),
  runFact({
    runId: '900',
    workflowName: 'Nightly',
    workflowPath: '.github/workflows/nightly.yml',
  }),
  deploymentFact({ deploymentId: '1', createdAt: at(10) }),
  deploymentFact({
    deploymentId: '1',
    runId: '100',
    attempt: 1,
    jobId: '1000',
    updatedAt: at(30),
    status: status('success', 30),
  }),
  deploymentFact({
    deploymentId: '2',
    serviceKey: 'issuer',
    status: status('failure', 700),
  }),
];

describe.each(databases.eachSupportedId())('TraceStore on %s', databaseId => {
  async function open(): Promise<{ knex: Knex; store: TraceStore }> {
    const knex = await migratedDatabase(databases, databaseId);
    for (const { serviceId, serviceKey } of services) {
      await knex('services').insert({
        id: serviceId,
        entity_ref: `component:default/${serviceKey}`,
        repository: REPOSITORY,
        service_key: serviceKey,
        name: serviceKey,
        annotations: '{}',
      });
    }
    return { knex, store: new TraceStore(knex) };
  }

  async function rowsOf(knex: Knex): Promise<object[]> {
    return knex('deployments')
      .join('environments', 'environments.id', 'deployments.environment_id')
      .join('releases', 'releases.id', 'deployments.release_id')
      .leftJoin('traces', 'traces.key', 'deployments.trace_key')
      .orderBy('source')
      .select(
        'source',
        'environments.name as environment',
        'deployments.service_id',
        'status',
        'outcome',
        'commit_sha',
        'deployments.created_at',
        'deployments.started_at',
        'finished_at',
        'trace_key',
        'parent_key',
      );
  }

  it('comes to the same rows in any order, with repetition', async () => {
    const reference = await open();
    for (const fact of story) {
      await reference.store.fold([fact], services, now);
    }
    const expected = await rowsOf(reference.knex);
    expect(expected).toHaveLength(7);

    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(story, {
          minLength: story.length,
          maxLength: story.length,
        }),
        fc.array(fc.constantFrom(...story), { maxLength: 5 }),
        async (shuffled, repeated) => {
          const { knex, store } = await open();
          for (const fact of [...shuffled, ...repeated]) {
            await store.fold([fact], services, now);
          }
          expect(await rowsOf(knex)).toEqual(expected);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('writes nothing when a mapping changes nothing', async () => {
    const { knex, store } = await open();
    for (const fact of story) {
      await store.fold([fact], services, now);
    }
    const statements: string[] = [];
    knex.on('query', ({ sql }) => statements.push(sql));

    const { result } = await store.rederive({
      repository: REPOSITORY,
      services,
      limit: 50,
      now,
    });

    expect(result.serviceIds).toEqual([]);
    expect(
      statements.filter(sql => /^(insert|update|delete)/.test(sql)),
    ).toEqual([]);
  });

  it('comes to the same rows when many fold at once', async () => {
    const reference = await open();
    for (const fact of story) {
      await reference.store.fold([fact], services, now);
    }

    const { knex, store } = await open();
    await Promise.all(
      [...story, ...[...story].reverse()].map(fact =>
        store.fold([fact], services, now),
      ),
    );

    expect(await rowsOf(knex)).toEqual(await rowsOf(reference.knex));
    const current = await knex('environments')
      .join(
        'deployments',
        'deployments.id',
        'environments.current_deployment_id',
      )
      .select('status', 'finished_at');
    expect(current).toEqual([
      { status: 'succeeded', finished_at: at(460) },
      { status: 'succeeded', finished_at: at(460) },
    ]);
  });
});
