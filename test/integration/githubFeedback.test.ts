import { generateKeyPairSync } from 'node:crypto';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { ScmIntegrations } from '@backstage/integration';
import { FeedbackWriter } from '@vvp/backstage-plugin-deploy-backend/src/feedback/FeedbackWriter';
import {
  FeedbackInput,
  FeedbackSubject,
  FileLines,
} from '@vvp/backstage-plugin-deploy-backend/src/feedback/types';
import { GithubClients } from '@vvp/backstage-plugin-deploy-backend/src/github/GithubClients';
import { applyMigrations } from '@vvp/backstage-plugin-deploy-backend/src/store/applyMigrations';
import { GateResult, GateState } from '@vvp/backstage-plugin-deploy-common';
import {
  GithubSimulator,
  startGithubSimulator,
} from '../simulators/github/client';
import {
  expectNoViolations,
  REPOSITORIES,
  VVP,
} from '../simulators/github/testing';

jest.setTimeout(240_000);

// The parts are tested on SQLite as well; the whole, on what production has.
const databases = TestDatabases.create({ ids: ['POSTGRES_15'] });

const TOKEN = 'token-of-the-portal';
const COVERAGE = 'deploy / Verifier / coverage (production)';
const MINUTE = 60_000;

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});

/** What an integration has to say who it is. */
const credentials = {
  app: {
    apps: [
      {
        appId: 700123,
        privateKey,
        clientId: 'client',
        clientSecret: 'not-a-secret',
        webhookSecret: 'not-a-secret',
      },
    ],
  },
  token: { token: TOKEN },
};

function gate(state: GateState, more: Partial<GateResult> = {}): GateResult {
  return {
    id: 'coverage-of-verifier',
    name: 'coverage',
    title: 'Coverage',
    environment: 'production',
    state,
    reason: 'Line coverage is 70 %, at least 79 % is asked.',
    checks: [],
    evidenceType: 'coverage',
    evidenceIds: [],
    carriedForward: false,
    ...more,
  };
}

/** So many lines that are no ranges. */
function uncovered(count: number): FileLines[] {
  const lines = Array.from({ length: count }, (_, index) => 2 * index + 1);
  return [{ path: 'services/verifier/app/main.py', lines }];
}

describe.each(databases.eachSupportedId())('feedback on %s', databaseId => {
  let github: GithubSimulator;
  let known: Omit<FeedbackInput, keyof FeedbackSubject>;
  let asked: FeedbackSubject[];
  let passed: number;
  let isOutOfOrder: boolean;

  beforeAll(async () => {
    github = await startGithubSimulator({
      examples: REPOSITORIES,
      tokens: { [TOKEN]: 'portal' },
    });
  });

  afterAll(async () => {
    await expectNoViolations(github, `feedback-${databaseId}`);
    await github.stop();
  });

  beforeEach(() => {
    asked = [];
    passed = 0;
    isOutOfOrder = false;
    say({ gates: [gate('fail')] });
  });

  /** What is known of the verifier from now on. */
  function say(service: Partial<FeedbackInput['services'][0]>) {
    known = {
      services: [
        {
          entityRef: 'component:default/vvp-verifier',
          title: 'Verifier',
          detailsUrl: 'https://portal.example.test/verifier',
          gates: [],
          ...service,
        },
      ],
    };
  }

  async function start(kind: keyof typeof credentials) {
    const knex = await databases.init(databaseId);
    await applyMigrations(knex);
    const logger = mockServices.logger.mock();
    const create = () =>
      new FeedbackWriter({
        knex,
        github: new GithubClients({
          integrations: ScmIntegrations.fromConfig(
            mockServices.rootConfig({
              data: {
                integrations: {
                  github: [
                    {
                      host: github.host,
                      apiBaseUrl: github.apiUrl,
                      ...credentials[kind],
                    },
                  ],
                },
              },
            }),
          ),
          logger,
        }),
        services: {
          listPages: async () => [
            { repository: VVP, url: `${github.url}/${VVP}/blob/main/x.yaml` },
          ],
        },
        load: async subject => {
          if (isOutOfOrder) {
            throw new Error('The database is out of order');
          }
          asked.push(subject);
          return { ...subject, ...known };
        },
        logger,
        now: () => new Date(Date.now() + passed),
      });
    const writer = create();
    const write = () => writer.writeDue(new AbortController().signal);
    return {
      knex,
      create,
      want: (subject: Omit<FeedbackSubject, 'repository'>) =>
        writer.want({ repository: VVP, ...subject }),
      write,
      tell: async (subject: Omit<FeedbackSubject, 'repository'>) => {
        await writer.want({ repository: VVP, ...subject });
        return write();
      },
    };
  }

  async function commit(): Promise<string> {
    const { sha } = await github.push(VVP, {
      message: 'Verifier: fix',
      files: { 'services/verifier/app/main.py': `${Math.random()}\n` },
    });
    return sha;
  }

  async function openPull() {
    const branch = `topic-${Math.random()}`;
    const pull = await github.openPullRequest(VVP, {
      branch,
      title: 'A topic',
      files: { [`${branch}.txt`]: '1\n' },
    });
    return { ...pull, branch };
  }

  async function checksOf(sha: string) {
    const { checks } = await github.feedback(VVP);
    return checks.filter(check => check.sha === sha);
  }

  async function statusesOf(sha: string) {
    const { statuses } = await github.feedback(VVP);
    return statuses.filter(status => status.sha === sha);
  }

  async function commentsOn(number: number) {
    const { comments } = await github.feedback(VVP);
    return comments.filter(comment => comment.number === number);
  }

  /** How often operations are called meanwhile: those that write, or all. */
  async function countCalls(
    work: () => Promise<unknown>,
    counted = /^(checks|issues)\/|status/,
  ) {
    const before = (await github.validation()).rest;
    await work();
    const after = (await github.validation()).rest;
    return Object.fromEntries(
      Object.keys(after)
        .filter(name => counted.test(name))
        .map(name => [name, after[name] - (before[name] ?? 0)])
        .filter(([, count]) => count),
    );
  }

  describe('as a GitHub App', () => {
    it('writes 120 annotations by three requests, and nothing when nothing is new', async () => {
      const { tell } = await start('app');
      const sha = await commit();
      const coverage = {
        lines: { covered: 70, total: 100 },
        uncovered: uncovered(120),
      };
      say({ gates: [gate('fail')], coverage });

      const first = await countCalls(() => tell({ commit: sha }));
      const second = await countCalls(() => tell({ commit: sha }), /./);
      const [created] = await checksOf(sha);
      say({ gates: [gate('waived')], coverage });
      const third = await countCalls(() => tell({ commit: sha }));

      const checks = await checksOf(sha);
      expect(first).toEqual({ 'checks/create': 1, 'checks/update': 2 });
      expect(second).toEqual({});
      expect(third).toEqual({ 'checks/update': 1 });
      expect(created).toMatchObject({
        name: COVERAGE,
        conclusion: 'failure',
        title: 'Line coverage is 70 %, at least 79 % is asked.',
        detailsUrl: 'https://portal.example.test/verifier',
      });
      expect(checks).toEqual([{ ...created, conclusion: 'neutral' }]);
      expect(
        checks[0].annotations.map(annotation => annotation.startLine),
      ).toEqual(uncovered(120)[0].lines);
    });

    it('adds the first annotations in place, and replaces a run whose annotations change', async () => {
      const { tell } = await start('app');
      const sha = await commit();
      say({ gates: [gate('pending')] });
      await tell({ commit: sha });
      const pending = await checksOf(sha);
      const lines = { covered: 70, total: 100 };
      say({
        gates: [gate('fail')],
        coverage: { lines, uncovered: uncovered(3) },
      });
      await tell({ commit: sha });
      const failed = await checksOf(sha);
      say({
        gates: [gate('pass')],
        coverage: { lines, uncovered: uncovered(1) },
      });

      await tell({ commit: sha });

      const checks = await checksOf(sha);
      expect(pending).toMatchObject([{ status: 'in_progress' }]);
      expect(failed).toMatchObject([
        { id: pending[0].id, conclusion: 'failure' },
      ]);
      expect(failed[0].annotations).toHaveLength(3);
      expect(checks).toMatchObject([
        { isShown: false },
        { isShown: true, conclusion: 'success', name: COVERAGE },
      ]);
      expect(checks[1].annotations).toHaveLength(1);
    });

    it('shows each annotation once although an answer was lost half-way', async () => {
      const { tell, write } = await start('app');
      const sha = await commit();
      say({
        gates: [gate('fail')],
        coverage: {
          lines: { covered: 70, total: 100 },
          uncovered: uncovered(60),
        },
      });
      await github.failRest('checks/update', { status: 502, carriedOut: true });

      const first = await tell({ commit: sha });
      passed += MINUTE;
      const second = await write();

      const shown = (await checksOf(sha)).filter(check => check.isShown);
      expect([first, second]).toEqual([0, 1]);
      expect(shown).toHaveLength(1);
      expect(shown[0].annotations).toHaveLength(60);
    });

    it('ends the check run of a gate that is gone, and takes it up again', async () => {
      const { tell } = await start('app');
      const sha = await commit();
      const other = gate('pass', { id: 'other', name: 'tests' });
      say({ gates: [gate('fail'), other] });
      await tell({ commit: sha });
      say({ gates: [gate('none'), other] });
      await tell({ commit: sha });
      const without = await checksOf(sha);
      say({ gates: [gate('fail'), other] });

      await tell({ commit: sha });

      expect(without).toMatchObject([
        { name: COVERAGE, conclusion: 'neutral', title: 'No longer asked for' },
        { conclusion: 'success' },
      ]);
      expect(await checksOf(sha)).toMatchObject([
        { id: without[0].id, conclusion: 'failure' },
        { id: without[1].id },
      ]);
    });

    it('waits where GitHub limits requests, and does not take that for a refusal', async () => {
      const { knex, tell, write } = await start('app');
      const sha = await commit();
      await github.failRest('checks/create', {
        status: 403,
        message: 'You have exceeded a secondary rate limit.',
        headers: { 'retry-after': '900' },
      });

      const first = await tell({ commit: sha });
      const [row] = await knex('github_feedback').where(
        'subject',
        `commit:${sha}`,
      );
      passed += 14 * MINUTE;
      const early = await write();
      passed += 2 * MINUTE;
      const late = await write();

      const wait = Date.parse(row.due_at) - Date.now();
      expect(wait).toBeGreaterThan(14 * MINUTE);
      expect(wait).toBeLessThanOrEqual(15 * MINUTE);
      expect([first, early, late]).toEqual([0, 0, 1]);
      expect(await checksOf(sha)).toHaveLength(1);
      expect(await statusesOf(sha)).toEqual([]);
    });

    it('gives up after ten attempts, and rests before it begins again', async () => {
      const { knex, tell, write } = await start('app');
      const sha = await commit();
      isOutOfOrder = true;
      await tell({ commit: sha });
      for (let attempt = 2; attempt <= 11; attempt++) {
        passed += 61 * MINUTE;
        await write();
      }
      const [row] = await knex('github_feedback').where(
        'subject',
        `commit:${sha}`,
      );
      isOutOfOrder = false;

      const again = await tell({ commit: sha });

      expect(row).toMatchObject({ state: 'failed', attempts: 10 });
      expect(again).toBe(1);
    });

    it('writes one comment, however many replicas are at it', async () => {
      const { create, want } = await start('app');
      const pull = await openPull();
      await want({ commit: pull.sha, pullRequest: pull.number });

      const written = await Promise.all(
        [1, 2, 3].map(() => create().writeDue(new AbortController().signal)),
      );

      const comments = await commentsOn(pull.number);
      expect(written.reduce((sum, count) => sum + count)).toBe(2);
      expect(await checksOf(pull.sha)).toHaveLength(1);
      expect(comments).toHaveLength(1);
      expect(comments[0].body).toContain('at least 79 % is asked');
    });

    it('brings the comment up to date in place, with the head of the pull request', async () => {
      const { tell } = await start('app');
      const pull = await openPull();
      await tell({ commit: pull.sha, pullRequest: pull.number });
      const [before] = await commentsOn(pull.number);
      const pushed = await github.push(VVP, {
        branch: pull.branch,
        message: 'Again',
        files: { 'again.txt': '1\n' },
      });
      say({
        gates: [gate('pass')],
        tests: { passed: 7, failed: 0, skipped: 1, flaky: 0, failures: [] },
      });

      // What comes late is about the head before.
      await tell({ commit: pull.sha, pullRequest: pull.number });

      const after = await commentsOn(pull.number);
      expect(after).toMatchObject([{ id: before.id }]);
      expect(after[0].body).toContain('7 passed, 1 skipped');
      expect(asked.at(-1)).toEqual({
        repository: VVP,
        commit: pushed.sha,
        pullRequest: pull.number,
      });
      const late = await countCalls(() =>
        tell({ commit: pull.sha, pullRequest: pull.number }),
      );
      const head = { commit: pushed.sha, pullRequest: pull.number };
      await tell(head);
      const again = await countCalls(() => tell(head), /./);
      expect(late).toEqual({});
      expect(again).toEqual({});
    });

    it('finds the comment again whose answer was lost, not one that somebody copied', async () => {
      const { tell, write } = await start('app');
      const pull = await openPull();
      await github.failRest('issues/create-comment', {
        status: 502,
        carriedOut: true,
      });
      await tell({ commit: pull.sha, pullRequest: pull.number });
      const [lost] = await commentsOn(pull.number);
      await github.rest(
        'POST',
        `/repos/${VVP}/issues/${pull.number}/comments`,
        {
          token: TOKEN,
          body: { body: lost.body },
        },
      );
      say({ gates: [gate('pass')] });
      passed += MINUTE;

      await write();

      const comments = await commentsOn(pull.number);
      expect(comments).toHaveLength(2);
      expect(comments[0].body).not.toContain('at least 79 % is asked');
      expect(comments[1].body).toBe(lost.body);
    });

    it('writes the comment anew if somebody deleted it, but not on what is merged', async () => {
      const { tell } = await start('app');
      const pull = await openPull();
      const remove = async () => {
        const [{ id }] = await commentsOn(pull.number);
        await github.rest('DELETE', `/repos/${VVP}/issues/comments/${id}`, {
          token: TOKEN,
        });
      };
      await tell({ commit: pull.sha, pullRequest: pull.number });
      await remove();
      say({ gates: [gate('pass')] });
      await tell({ commit: pull.sha, pullRequest: pull.number });
      const anew = await commentsOn(pull.number);
      await remove();
      await github.mergePullRequest(VVP, pull.number);
      say({ gates: [gate('waived')] });

      await tell({ commit: pull.sha, pullRequest: pull.number });

      expect(anew).toHaveLength(1);
      expect(await commentsOn(pull.number)).toEqual([]);
    });
  });

  describe('with a token', () => {
    it('writes statuses, and asks for check runs once', async () => {
      const { tell } = await start('token');
      const first = await commit();
      const second = await commit();
      say({ gates: [gate('fail'), gate('none', { name: 'nothing' })] });

      const calls = await countCalls(async () => {
        await tell({ commit: first });
        await tell({ commit: first });
        await tell({ commit: second });
      });

      const status = {
        context: COVERAGE,
        state: 'failure',
        description: 'Line coverage is 70 %, at least 79 % is asked.',
        targetUrl: 'https://portal.example.test/verifier',
      };
      expect(calls).toEqual({
        'checks/create': 1,
        'repos/create-commit-status': 2,
      });
      expect(await statusesOf(first)).toMatchObject([status]);
      expect(await statusesOf(second)).toMatchObject([status]);
    });

    it('clears the status of a gate that is gone', async () => {
      const { tell } = await start('token');
      const sha = await commit();
      await tell({ commit: sha });
      say({ gates: [] });

      await tell({ commit: sha });

      expect(await statusesOf(sha)).toMatchObject([
        { context: COVERAGE, state: 'failure' },
        { context: COVERAGE, state: 'success' },
      ]);
    });

    it('asks for check runs again after a day, and clears the statuses then', async () => {
      const byToken = await start('token');
      const sha = await commit();
      await byToken.tell({ commit: sha });
      const rows = await byToken.knex('github_feedback');
      const byApp = await start('app');
      await byApp.knex('github_feedback').insert(rows);
      await byApp.tell({ commit: sha });
      const before = await checksOf(sha);
      passed += 25 * 60 * MINUTE;

      await byApp.tell({ commit: sha });

      expect(before).toEqual([]);
      expect(await checksOf(sha)).toMatchObject([{ conclusion: 'failure' }]);
      expect((await statusesOf(sha)).at(-1)).toMatchObject({
        state: 'success',
        description: 'No longer asked for',
      });
    });

    it('says nothing where nobody knows anything', async () => {
      const { want, write } = await start('token');
      const pull = await openPull();
      known = { services: [] };
      await want({ commit: pull.sha, pullRequest: pull.number });

      const calls = await countCalls(write);

      expect(calls).toEqual({});
    });
  });
});
