import { JWTPayload } from 'jose';
import { authoriseOidcReport, ReportClaim } from './authoriseOidcReport';
import { PullRequests } from './pullRequests';

const SHA = 'a'.repeat(40);
const HEAD = 'b'.repeat(40);
const OTHER = 'c'.repeat(40);
const REPOSITORY = 'example-org/vvp';

const workflowOf = (repository: string, ref: string) =>
  `${repository}/.github/workflows/deploy.yml@${ref}`;

const push: JWTPayload = {
  iss: 'https://token.actions.githubusercontent.com',
  repository: 'Example-Org/vvp',
  ref: 'refs/heads/main',
  sha: SHA,
  event_name: 'push',
  job_workflow_ref: workflowOf('Example-Org/vvp', 'refs/heads/main'),
  run_id: '7',
  run_attempt: '2',
  actor: 'dana',
  head_ref: '',
};

const pull: JWTPayload = {
  ...push,
  ref: 'refs/pull/12/merge',
  event_name: 'pull_request',
  job_workflow_ref: workflowOf('example-org/vvp', 'refs/pull/12/merge'),
  head_ref: 'feature/two',
};

const target: JWTPayload = {
  ...push,
  event_name: 'pull_request_target',
  head_ref: 'feature/two',
};

const pulls: PullRequests = {
  headOf: async (repository, number) =>
    repository === REPOSITORY && number === 12 ? HEAD : undefined,
  withHead: async (repository, commit) =>
    repository === REPOSITORY && commit === HEAD
      ? [
          { number: 12, branch: 'feature/two' },
          { number: 13, branch: 'feature/three' },
        ]
      : [],
};

function authorise(
  claims: JWTPayload,
  report: Partial<ReportClaim> = {},
  lookup = pulls,
) {
  return authoriseOidcReport(
    claims,
    { repository: REPOSITORY, commit: SHA, allowed: {}, ...report },
    lookup,
  );
}

describe('authoriseOidcReport', () => {
  it('grants a job to report on the commit of its run, and says who it was', async () => {
    expect(await authorise(push)).toEqual({
      ref: 'main',
      provenance: {
        kind: 'github-oidc',
        repository: 'Example-Org/vvp',
        ref: 'refs/heads/main',
        sha: SHA,
        workflow: workflowOf('Example-Org/vvp', 'refs/heads/main'),
        runId: '7',
        attempt: 2,
        event: 'push',
        actor: 'dana',
      },
    });
  });

  it.each([
    ['a tag', 'refs/tags/v1.0.0', 'v1.0.0'],
    ['a branch with slashes', 'refs/heads/fix/it', 'fix/it'],
    [
      'a merge queue',
      'refs/heads/gh-readonly-queue/main/pr-1-a',
      'gh-readonly-queue/main/pr-1-a',
    ],
  ])('names the ref of %s', async (_case, ref, expected) => {
    const grant = await authorise({ ...push, ref });

    expect(grant.ref).toBe(expected);
    expect(grant.pullRequest).toBeUndefined();
  });

  it.each([
    'create',
    'deployment',
    'deployment_status',
    'merge_group',
    'push',
    'release',
    'repository_dispatch',
    'schedule',
    'workflow_dispatch',
  ])('grants a run on %s', async event_name => {
    const grant = await authorise({ ...push, event_name });

    expect(grant).toMatchObject({
      ref: 'main',
      provenance: { event: event_name },
    });
    expect(grant.pullRequest).toBeUndefined();
  });

  it.each([
    'check_run',
    'check_suite',
    'discussion_comment',
    'dynamic',
    'issue_comment',
    'issues',
    'status',
    'workflow_run',
    'an_event_of_tomorrow',
    'Push',
  ])(
    'refuses a run on %s, which may have checked out a pull request',
    async event_name => {
      await expect(authorise({ ...push, event_name })).rejects.toMatchObject({
        name: 'NotAllowedError',
        message: expect.stringMatching(
          `${event_name} \\(event_name\\), .* add the event to spec\\.evidence\\.events of deploy\\.yaml`,
        ),
      });
    },
  );

  it('grants a run on an event that deploy.yaml names, and on the safe ones still', async () => {
    const allowed = { events: ['workflow_run'] };
    const named = { ...push, event_name: 'workflow_run' };

    expect((await authorise(named, { allowed })).ref).toBe('main');
    expect((await authorise(push, { allowed })).ref).toBe('main');
    await expect(
      authorise({ ...push, event_name: 'issue_comment' }, { allowed }),
    ).rejects.toThrow('issue_comment (event_name)');
    await expect(authorise(named, { allowed, commit: OTHER })).rejects.toThrow(
      '(sha)',
    );
  });

  it('keeps a run for a pull request with it although deploy.yaml names the event', async () => {
    const allowed = { events: ['pull_request', 'pull_request_target'] };

    expect(await authorise(pull, { allowed })).toMatchObject({
      pullRequest: 12,
    });
    await expect(authorise(target, { allowed })).rejects.toThrow(
      'none of that branch',
    );
  });

  it.each([
    [
      'of another repository',
      { repository: 'evil/vvp' },
      {},
      'evil/vvp (repository)',
    ],
    [
      'of a repository of similar name',
      { repository: 'example-org/vvp2' },
      {},
      '(repository)',
    ],
    ['on another commit', { sha: OTHER }, {}, `${OTHER} (sha)`],
    [
      'on a ref that is not allowed',
      {},
      { allowed: { refs: ['release/*'] } },
      'refs/heads/main (ref), which may not bring reports: deploy.yaml allows release/*',
    ],
    ['on no branch', { ref: 'refs/notes/x' }, {}, 'refs/notes/x (ref)'],
    [
      'of a workflow of another repository',
      { job_workflow_ref: workflowOf('example-org/shared', 'refs/heads/main') },
      {},
      '(job_workflow_ref)',
    ],
    [
      'of a workflow that is not allowed',
      {},
      { allowed: { workflows: ['test.yml'] } },
      'deploy.yaml allows test.yml',
    ],
    [
      'without a repository',
      { repository: undefined },
      {},
      'lacks the claim repository',
    ],
    ['without a sha', { sha: undefined }, {}, 'lacks the claim sha'],
    ['without a ref', { ref: undefined }, {}, 'lacks the claim ref'],
    [
      'without an event',
      { event_name: undefined },
      {},
      'lacks the claim event_name',
    ],
    [
      'without a workflow',
      { job_workflow_ref: undefined },
      {},
      'lacks the claim job_workflow_ref',
    ],
    ['without a run', { run_id: undefined }, {}, 'lacks the claim run_id'],
    [
      'without an attempt',
      { run_attempt: undefined },
      {},
      'lacks the claim run_attempt',
    ],
    [
      'with a short sha',
      { sha: 'aaaaaaa' },
      {},
      'malformed value in the claim sha',
    ],
    [
      'with a list of repositories',
      { repository: [REPOSITORY] },
      {},
      'malformed value in the claim repository',
    ],
  ])('refuses a token %s', async (_case, claims, report, message) => {
    await expect(
      authorise({ ...push, ...claims }, report),
    ).rejects.toMatchObject({
      name: 'NotAllowedError',
      message: expect.stringContaining(message),
    });
  });

  it('does not tell a stranger which repository is the right one', async () => {
    const claims = { ...push, repository: 'evil/vvp' };

    await expect(
      authorise(claims, { repository: 'example-org/secret-name' }),
    ).rejects.not.toThrow('secret-name');
  });

  it.each([
    ['the merge commit of its run', pull, SHA],
    ['its head', pull, HEAD],
    ['its head, on pull_request_target', target, HEAD],
    [
      'its head, after it was merged',
      { ...target, event_name: 'pull_request' },
      HEAD,
    ],
    [
      'the merge commit, on another event of it',
      { ...pull, event_name: 'pull_request_review' },
      SHA,
    ],
  ])(
    'ties a report on %s to the pull request',
    async (_case, claims, commit) => {
      const grant = await authorise(claims, { commit });

      expect(grant).toMatchObject({ pullRequest: 12, ref: 'feature/two' });
    },
  );

  it('ties it to the pull request whatever the claims say of the event', async () => {
    const grant = await authorise({
      ...pull,
      event_name: 'push',
      head_ref: '',
    });

    expect(grant.pullRequest).toBe(12);
  });

  it.each([
    ['another commit', pull, OTHER, 'neither the merge commit of its run'],
    ['the base, on pull_request_target', target, SHA, 'none of that branch'],
    [
      'another commit, on pull_request_target',
      target,
      OTHER,
      'none of that branch',
    ],
    [
      'the head of another branch',
      { ...target, head_ref: 'other' },
      HEAD,
      'none of that branch',
    ],
  ])(
    'refuses a report of a pull request on %s',
    async (_case, claims, commit, message) => {
      await expect(authorise(claims, { commit })).rejects.toMatchObject({
        name: 'NotAllowedError',
        message: expect.stringContaining(message),
      });
    },
  );

  it('refuses to guess between two pull requests of one branch', async () => {
    const twice = [12, 14].map(number => ({ number, branch: 'feature/two' }));

    await expect(
      authorise(
        target,
        { commit: HEAD },
        { ...pulls, withHead: async () => twice },
      ),
    ).rejects.toMatchObject({
      name: 'NotAllowedError',
      message: expect.stringContaining('more than one'),
    });
  });

  it('asks to come back when GitHub does not answer', async () => {
    const down: PullRequests = {
      headOf: () => Promise.reject(new Error('down')),
      withHead: () => Promise.reject(new Error('down')),
    };

    await expect(authorise(pull, { commit: HEAD }, down)).rejects.toMatchObject(
      { name: 'ServiceUnavailableError' },
    );
  });

  it('does not ask GitHub for a token of another repository', async () => {
    const headOf = jest.fn(async () => HEAD);
    const claims = { ...pull, repository: 'evil/vvp' };

    await expect(
      authorise(claims, { commit: HEAD }, { ...pulls, headOf }),
    ).rejects.toMatchObject({ name: 'NotAllowedError' });

    expect(headOf).not.toHaveBeenCalled();
  });
});
