import { createGithubWorkflowTarget } from '@vvp/backstage-plugin-deploy-backend/src/workflows';
import { GithubWorkflowSpec } from '@vvp/backstage-plugin-deploy-backend/src/workflows/planWorkflowRollback';
import { TargetHarness } from '@vvp/backstage-plugin-deploy-node/testUtils';
import { Knex } from 'knex';
import type { GithubSimulator } from '../simulators/github/client';
import { GithubWorkflowWorld } from './githubWorkflowWorld';

/** More requests than any test makes. */
const ALWAYS = 1_000_000;

/** Operations of GitHub that change something and that the portal has a reason to ask for. */
const CHANGES = [
  'actions/create-workflow-dispatch',
  'actions/cancel-workflow-run',
  'actions/force-cancel-workflow-run',
  'actions/re-run-workflow-failed-jobs',
];

const deploy = {
  name: 'production',
  jobs: [{ workflow: 'deploy.yml', job: 'deploy', commit: 'run' as const }],
};

let count = 0;

/** A release of another service, by database: nobody changes it. */
const foreignReleases = new WeakMap<Knex, Promise<string>>();

function foreignIn(world: GithubWorkflowWorld): Promise<string> {
  const known = foreignReleases.get(world.knex);
  if (known) return known;
  const pushed = pushForeign(world);
  foreignReleases.set(world.knex, pushed);
  return pushed;
}

async function pushForeign(world: GithubWorkflowWorld): Promise<string> {
  const repository = await world.addRepository('neighbour');
  await world.addService(repository, 'neighbour', deploy);
  return world.push(repository, 'foreign');
}

/**
 * A service that a workflow of a simulated GitHub deploys, with three releases, beside another one. Harnesses
 * may share a database.
 *
 * @param knex - migrated
 */
export async function startGithubWorkflowHarness(
  github: GithubSimulator,
  knex: Knex,
): Promise<TargetHarness<GithubWorkflowSpec>> {
  count += 1;
  const nth = count;
  const world = new GithubWorkflowWorld(github, knex);
  const repository = await world.addRepository(`harness-${nth}`);
  const service = await world.addService(repository, `shop-${nth}`, deploy);
  const [older, previous, current] = await world.pushAll(
    repository,
    'older',
    'previous',
    'current',
  );
  const foreign = await foreignIn(world);

  const countChanges = async () => {
    const { rest } = await github.validation();
    return CHANGES.reduce((sum, name) => sum + (rest[name] ?? 0), 0);
  };
  const before = await countChanges();

  return {
    target: createGithubWorkflowTarget(world.access),
    environment: {
      entityRef: service.entityRef,
      repository,
      environment: 'production',
      tier: 'production',
      target: {
        type: 'github-workflow',
        workflow: 'deploy.yml',
        releaseInput: 'release',
      },
    },
    revisions: {
      older,
      previous,
      current,
      foreign,
      gone: 'd'.repeat(40),
    },
    serving: async () => {
      // The title of a run says what it deploys.
      const good = (await world.runs(repository))
        .filter(run => run.conclusion === 'success')
        .sort((left, right) => right.id - left.id);
      return good[0].display_title.split(' ')[1];
    },
    changes: async () => (await countChanges()) - before,
    // Nothing is ingested: webhooks may come late.
    push: async () =>
      (
        await github.push(repository, {
          message: 'pushed',
          files: { 'README.md': 'pushed\n' },
        })
      ).sha,
    faults: {
      denyChanges: () =>
        github.failRest('changes', {
          status: 403,
          message: 'Resource not accessible by integration',
          times: ALWAYS,
        }),
      rejectCredentials: () =>
        github.failRest('*', {
          status: 401,
          message: 'Bad credentials',
          times: ALWAYS,
        }),
      neverHealthy: revision =>
        github.setOutcomes(repository, {
          [`*${revision}*/deploy`]: { conclusion: 'failure' },
        }),
      throttle: requests =>
        github.failRest('*', {
          status: 429,
          message: 'You have exceeded a secondary rate limit',
          headers: { 'retry-after': '1' },
          times: requests,
        }),
      cutNextChange: () =>
        github.failRest('changes', {
          status: 502,
          cut: true,
          carriedOut: true,
        }),
      clear: () => github.clearRestFaults(),
    },
    stop: () => github.clearRestFaults(),
  };
}
