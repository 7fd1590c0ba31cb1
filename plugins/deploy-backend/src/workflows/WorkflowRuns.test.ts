import { StepControl } from '@vvp/backstage-plugin-deploy-node';
import { DispatchedRuns } from './DispatchedRuns';
import { LeftBehind } from './leftBehind';
import { GithubAccess } from './RepositoryClient';
import { RunOrder, WorkflowRuns } from './WorkflowRuns';

const [BEFORE, NEW] = ['a'.repeat(40), 'b'.repeat(40)];

const order: RunOrder = {
  repository: 'example-org/vvp',
  workflow: 'release.yml',
  inputs: {},
  releaseInput: 'commit',
  release: { commit: NEW, value: NEW },
  environmentId: 'production-1',
};

/** Undoes a run that was cancelled in an attempt of which no job was begun; `seen` is there now. */
async function undo(attempt: number | undefined, seen: string) {
  const lines: string[] = [];
  const data = {
    id: 12,
    event: 'workflow_dispatch',
    status: 'completed',
    conclusion: 'cancelled',
    head_sha: 'c'.repeat(40),
    created_at: '2026-01-05T12:00:00Z',
    updated_at: '2026-01-05T12:10:00Z',
    ...(attempt && { run_attempt: attempt }),
  };
  const jobs = [
    { id: 1, name: 'deploy', status: 'completed', conclusion: 'cancelled' },
  ];
  const client = {
    rest: {
      actions: {
        getWorkflowRun: async () => ({ data, headers: {} }),
        listJobsForWorkflowRun: async () => ({ data: { jobs }, headers: {} }),
      },
    },
  };
  const runs = new WorkflowRuns(
    {
      github: { forUrl: async () => client },
      services: {
        listPages: async () => [
          { repository: order.repository, url: 'https://github.example.test' },
        ],
      },
    } as unknown as GithubAccess,
    {
      openOf: async () => [],
      record: async () => {},
      finish: async () => {},
      deployingJobs: async () => jobs,
    } as unknown as DispatchedRuns,
  );
  const control = {
    operationId: 'operation-1',
    signal: new AbortController().signal,
    memory: { run: { runId: 12 } },
    log: (line: string) => lines.push(line),
    remember: async () => {},
    wait: async () => {},
  } as unknown as StepControl;
  const left: LeftBehind = {
    environment: 'production',
    seen: [{ commit: seen, by: 'The platform' }],
    known: { commit: BEFORE, at: '2026-01-04T12:00:00Z' },
  };
  await runs.undo(order, control, async () => left);
  return lines;
}

describe('a run of which no job was begun', () => {
  it.each([undefined, 1])('changed nothing, attempt %s', async attempt => {
    expect(await undo(attempt, NEW)).toEqual([
      expect.stringContaining('there is nothing to undo'),
    ]);
  });

  it('may have changed something before it was run again', async () => {
    await expect(undo(2, NEW)).rejects.toThrow(/the new release/);
    expect(await undo(2, BEFORE)).toEqual([expect.stringMatching(/as before/)]);
  });
});
