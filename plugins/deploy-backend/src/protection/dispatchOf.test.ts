import { TestDatabases } from '@backstage/backend-test-utils';
import { RunFact } from '@vvp/backstage-plugin-deploy-node';
import { migratedDatabase } from '../__testUtils__/migratedDatabase';
import { engineFixture } from '../operations/engine/__testUtils__/engineFixture';
import {
  loadDispatch,
  maybeStarted,
  StartUnderWay,
  startsOf,
} from './dispatchOf';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const sought = { since: '2026-01-05T12:00:00.000Z', known: [7] };
const start: StartUnderWay = { workflow: 'release.yml', sought };
const run = {
  event: 'workflow_dispatch',
  createdAt: '2026-01-05T12:00:10.000Z',
  workflowPath: '.github/workflows/release.yml',
};

describe('maybeStarted', () => {
  it.each<[string, string, Partial<typeof run> | undefined, StartUnderWay]>([
    ['a fresh run of the workflow', '8', run, start],
    ['a run of which nothing is known yet', '8', undefined, start],
    ['a run whose file is not known', '8', { workflowPath: undefined }, start],
    ['any workflow, where none is named', '8', run, { sought }],
    ['the run that GitHub named', '8', run, { ...start, runId: 8 }],
  ])('takes %s for one', (_, runId, more, under) => {
    expect(maybeStarted(runId, more && { ...run, ...more }, under)).toBe(true);
  });

  it.each<[string, string, Partial<typeof run>, StartUnderWay]>([
    ['one that was there before', '7', {}, start],
    ['an older one', '8', { createdAt: '2026-01-05T11:59:59.000Z' }, start],
    ['a push', '8', { event: 'push' }, start],
    [
      'another workflow',
      '8',
      { workflowPath: '.github/workflows/other.yml' },
      start,
    ],
    ['another one than GitHub named', '9', {}, { ...start, runId: 8 }],
    ['any before GitHub is asked', '8', {}, {}],
  ])('takes %s for none', (_, runId, more, under) => {
    expect(maybeStarted(runId, { ...run, ...more }, under)).toBe(false);
  });
});

describe('startsOf', () => {
  const call = { workflow: 'release.yml', releaseInput: 'commit' };
  const starts = (input: object, name = 'deploy') =>
    startsOf({
      name,
      input: JSON.stringify(input),
      memory: JSON.stringify({ run: { sought, runId: 8 }, 'run-done': true }),
    });

  it.each<[string, object]>([
    ['a commit', { ...call, commit: 'a' }],
    ['a release that a target puts back', { ...call, release: {} }],
  ])('tells the start of a run that is told %s', (_, input) => {
    expect(starts(input)).toEqual([{ ...start, runId: 8 }]);
  });

  it.each<[string, object, string]>([
    ['a smoke test', { ...call, commit: 'a' }, 'smoke-test'],
    ['integration tests', { ...call, commit: 'a' }, 'integration-tests'],
    ['a run that is told no commit', call, 'deploy'],
    [
      'a workflow that takes no release',
      { ...call, releaseInput: '', release: {} },
      'run-workflow',
    ],
  ])('tells nothing of %s, which is never noted', (_, input, name) => {
    expect(starts(input, name)).toEqual([]);
  });
});

describe.each(databases.eachSupportedId())('loadDispatch on %s', databaseId => {
  const repository = 'example-org/vvp';

  /** A running rollback, with steps that start workflows. */
  async function running(steps: number) {
    const fixture = await engineFixture(
      await migratedDatabase(databases, databaseId),
    );
    const { knex } = fixture;
    const place = await fixture.environment();
    await knex('operations').insert({
      id: 'o1',
      service_id: place.serviceId,
      environment_id: place.environmentId,
      position: 1,
      kind: 'rollback',
      status: 'running',
      phase: 'forward',
      lock_key: 'fake:1',
      requested_by: 'user:default/dana',
      automatic: false,
      context: '{}',
      created_at: sought.since,
      due_at: sought.since,
      fence: 0,
    });
    const rows = Array.from({ length: steps }, (_, position) => ({
      operation_id: 'o1',
      position,
      name: `start-${position}`,
      title: 'Start',
      runner: 'target',
      input: JSON.stringify({
        workflow: 'other.yml',
        releaseInput: 'release',
        commit: 'b'.repeat(40),
      }),
      timeout_seconds: 60,
      compensates: true,
      status: 'running',
      memory: JSON.stringify({ run: { sought } }),
    }));
    await knex.batchInsert('operation_steps', rows, 20);
    return { knex, ...place };
  }

  it.each([
    [100, undefined],
    [101, 'unsure'],
  ])('tells of a run beside %s starts: %s', async (starts, expected) => {
    const { knex } = await running(starts);

    const dispatch = await loadDispatch(knex, {
      repository,
      runId: '8',
      run: run as RunFact,
    });

    expect(dispatch).toBe(expected);
  });

  it('takes a push for none, however many are started', async () => {
    const { knex } = await running(101);

    const dispatch = await loadDispatch(knex, {
      repository,
      runId: '8',
      run: { ...run, event: 'push' } as RunFact,
    });

    expect(dispatch).toBeUndefined();
  });

  it.each([
    ['forward', null, {}],
    ['compensating', null, { isUndoing: true }],
    ['forward', sought.since, { hasEnded: true }],
  ])('tells of %s, ended at %s: %j', async (phase, endedAt, more) => {
    const { knex, environmentId } = await running(0);
    await knex('operations').update({ phase });
    await knex('dispatched_runs').insert({
      repository,
      run_id: '8',
      environment_id: environmentId,
      commit_sha: 'a'.repeat(40),
      operation_id: 'o1',
      finished_at: endedAt,
    });

    const dispatch = await loadDispatch(knex, {
      repository,
      runId: '8',
      run: undefined,
    });

    expect(dispatch).toEqual({
      operationId: 'o1',
      kind: 'rollback',
      status: 'running',
      environmentId,
      commit: 'a'.repeat(40),
      ...more,
    });
  });
});
