import type {
  DeliveryFaults,
  EnvironmentRequest,
  Outcomes,
  PullRequestRequest,
  PushRequest,
  RepositoryRequest,
  RestFault,
  StartRequest,
  TagRequest,
} from '../../client/types';
import { bypassRules, playerOf, push, pushTag, rerun } from '../engine';
import type { JsonObject } from '../json';
import type { Conclusion, Repository } from '../state/model';
import type { Simulator } from '../Simulator';
import { filesOf } from './filesOf';
import { closePull, openPull } from './pulls';
import { startWorkflow } from './startWorkflow';
import { describeFeedback, describeRun } from './describe';

interface ControlCall {
  parameters: string[];
  query: URLSearchParams;
  body: JsonObject;
}

interface Route {
  method: 'GET' | 'POST' | 'PUT';
  path: RegExp;
  handle: (
    simulator: Simulator,
    call: ControlCall,
  ) => Promise<unknown> | unknown;
}

function repositoryOf(simulator: Simulator, call: ControlCall): Repository {
  const [owner, name] = call.parameters;
  const repository = simulator.world.repository(owner, name);
  if (!repository) throw new Error(`No repository ${owner}/${name}`);
  return repository;
}

function runOf(simulator: Simulator, call: ControlCall) {
  const run = simulator.world.run(
    repositoryOf(simulator, call),
    Number(call.parameters[2]),
  );
  if (!run) throw new Error(`No run ${call.parameters[2]}`);
  return run;
}

function moveClock(simulator: Simulator, at: string | undefined): void {
  if (at !== undefined) simulator.world.scheduler.advanceTo(Date.parse(at));
}

const REPOSITORY = '/repositories/([^/]+)/([^/]+)';

function path(text: string): RegExp {
  return new RegExp(`^${text}$`);
}

/** Every control, by method and path below `/_control`. */
export const routes: Route[] = [
  {
    method: 'POST',
    path: path('/repositories'),
    handle: (simulator, call) => {
      const request = call.body as unknown as RepositoryRequest;
      return simulator.exclusive(async () => {
        const repository = await simulator.world.addRepository({
          owner: request.owner,
          name: request.name,
          description: request.description ?? request.name,
          createdAt: simulator.world.now,
          folder: request.folder,
          author: simulator.world.account(request.author ?? 'dana'),
        });
        return {
          id: repository.id,
          fullName: repository.fullName,
          sha: await repository.git.resolve('main'),
        };
      });
    },
  },
  {
    method: 'POST',
    path: path(`${REPOSITORY}/pushes`),
    handle: (simulator, call) => {
      const request = call.body as unknown as PushRequest;
      const repository = repositoryOf(simulator, call);
      return simulator.exclusive(async () => {
        moveClock(simulator, request.at);
        const { sha, runs } = await push(simulator.world, repository, {
          branch: request.branch ?? repository.defaultBranch,
          author: simulator.world.account(request.author ?? 'dana'),
          message: request.message,
          files: filesOf(request.files),
          outcomes: request.outcomes ?? {},
        });
        return { sha, runs: runs.map(run => run.id) };
      });
    },
  },
  {
    method: 'POST',
    path: path(`${REPOSITORY}/tags`),
    handle: (simulator, call) => {
      const request = call.body as unknown as TagRequest;
      const repository = repositoryOf(simulator, call);
      return simulator.exclusive(async () => {
        moveClock(simulator, request.at);
        const sha = await repository.git.resolve(request.ref ?? 'main');
        if (!sha) throw new Error(`No commit ${request.ref}`);
        const runs = await pushTag(simulator.world, repository, {
          tag: request.tag,
          sha,
          actor: simulator.world.account(request.actor ?? 'dana'),
          outcomes: request.outcomes ?? {},
        });
        return { sha, runs: runs.map(run => run.id) };
      });
    },
  },
  {
    method: 'POST',
    path: path(`${REPOSITORY}/starts`),
    handle: (simulator, call) => {
      const request = call.body as unknown as StartRequest;
      const repository = repositoryOf(simulator, call);
      return simulator.exclusive(async () => {
        moveClock(simulator, request.at);
        const run = await startWorkflow(simulator.world, repository, request);
        return { run: run.id };
      });
    },
  },
  {
    method: 'POST',
    path: path(`${REPOSITORY}/pulls`),
    handle: (simulator, call) =>
      simulator.exclusive(() => {
        const request = call.body as unknown as PullRequestRequest;
        moveClock(simulator, request.at);
        return openPull(
          simulator.world,
          repositoryOf(simulator, call),
          request,
        );
      }),
  },
  {
    method: 'POST',
    path: path(`${REPOSITORY}/pulls/(\\d+)/merge`),
    handle: (simulator, call) =>
      simulator.exclusive(() =>
        closePull(
          simulator.world,
          repositoryOf(simulator, call),
          Number(call.parameters[2]),
          { merge: true, outcomes: (call.body.outcomes ?? {}) as Outcomes },
        ),
      ),
  },
  {
    method: 'PUT',
    path: path(`${REPOSITORY}/environments/([^/]+)`),
    handle: (simulator, call) =>
      simulator.exclusive(async () => {
        const request = call.body as unknown as EnvironmentRequest;
        const { world } = simulator;
        const environment = world.environment(
          repositoryOf(simulator, call),
          call.parameters[2],
        );
        environment.protectionRules = request.customRule
          ? [
              {
                id: world.ids.next(),
                appId: world.app.id,
                appSlug: world.app.slug,
              },
            ]
          : [];
        environment.reviewers = (request.reviewers ?? []).map(login =>
          world.account(login),
        );
        environment.preventSelfReview = request.preventSelfReview ?? false;
        environment.updatedAt = world.now;
        return { id: environment.id };
      }),
  },
  {
    method: 'PUT',
    path: path(`${REPOSITORY}/outcomes`),
    handle: (simulator, call) =>
      simulator.world.setOutcomes(
        repositoryOf(simulator, call),
        call.body as Outcomes,
      ),
  },
  {
    method: 'GET',
    path: path(`${REPOSITORY}/runs/(\\d+)`),
    handle: (simulator, call) => describeRun(runOf(simulator, call)),
  },
  {
    method: 'GET',
    path: path(`${REPOSITORY}/runs/(\\d+)/rule-reports`),
    handle: (simulator, call) =>
      runOf(simulator, call).ruleReports.map(report => ({ ...report })),
  },
  {
    method: 'POST',
    path: path(`${REPOSITORY}/runs/(\\d+)/bypass`),
    handle: (simulator, call) =>
      simulator.exclusive(async () => {
        const run = runOf(simulator, call);
        const environment = String(call.body.environment);
        if (!(await bypassRules(run, environment))) {
          throw new Error(`Nothing waits at ${environment}`);
        }
      }),
  },
  {
    method: 'POST',
    path: path(`${REPOSITORY}/runs/(\\d+)/rerun`),
    handle: (simulator, call) =>
      simulator.exclusive(async () => {
        const attempt = await rerun(simulator.world, runOf(simulator, call), {
          actor: simulator.world.account(String(call.body.actor ?? 'dana')),
          failedOnly: call.body.failedOnly === true,
          outcomes: call.body.outcomes as Outcomes | undefined,
        });
        if (!attempt) throw new Error('The run has not ended');
        return { attempt: attempt.number };
      }),
  },
  {
    method: 'POST',
    path: path(`${REPOSITORY}/jobs/(\\d+)/complete`),
    handle: (simulator, call) =>
      simulator.exclusive(async () => {
        const repository = repositoryOf(simulator, call);
        const job = simulator.world.job(repository, Number(call.parameters[2]));
        if (!job) throw new Error(`No job ${call.parameters[2]}`);
        await playerOf(job.attempt)?.complete(
          job,
          (call.body.conclusion ?? 'success') as Conclusion,
        );
      }),
  },
  {
    method: 'GET',
    path: path('/reports'),
    handle: simulator => simulator.reports?.state ?? { waiting: 0, refused: 0 },
  },
  {
    method: 'GET',
    path: path('/clouds'),
    handle: simulator => simulator.clouds?.state ?? { waiting: 0, refused: 0 },
  },
  {
    method: 'POST',
    path: path(`${REPOSITORY}/jobs/(\\d+)/token`),
    handle: async (simulator, call) => {
      const repository = repositoryOf(simulator, call);
      const job = simulator.world.job(repository, Number(call.parameters[2]));
      if (!job) throw new Error(`No job ${call.parameters[2]}`);
      const token = await simulator.oidc.mint(job, {
        audience: String(call.body.audience ?? 'deploy'),
        overrides: call.body.overrides as JsonObject | undefined,
        expiresIn: call.body.expiresIn as number | undefined,
      });
      return { token };
    },
  },
  {
    method: 'POST',
    path: path('/oidc/rotate'),
    handle: (simulator, call) =>
      simulator.oidc.rotate({ forget: call.body.forget === true }),
  },
  {
    method: 'GET',
    path: path('/deliveries'),
    handle: simulator => simulator.deliveries.list(),
  },
  {
    method: 'GET',
    path: path('/deliveries/(\\d+)'),
    handle: (simulator, call) => {
      const delivery = simulator.deliveries.get(Number(call.parameters[0]));
      if (!delivery) throw new Error(`No delivery ${call.parameters[0]}`);
      return { ...delivery, payload: JSON.parse(delivery.body) };
    },
  },
  {
    method: 'POST',
    path: path('/deliveries/(\\d+)/redeliver'),
    handle: (simulator, call) => {
      if (!simulator.deliveries.redeliver(Number(call.parameters[0]))) {
        throw new Error(`No delivery ${call.parameters[0]}`);
      }
    },
  },
  {
    method: 'POST',
    path: path('/deliveries/flush'),
    handle: simulator => simulator.deliveries.flush(),
  },
  {
    method: 'POST',
    path: path('/deliveries/hold'),
    handle: simulator => simulator.deliveries.hold(),
  },
  {
    method: 'POST',
    path: path('/deliveries/release'),
    handle: simulator => simulator.deliveries.release(),
  },
  {
    method: 'PUT',
    path: path('/faults'),
    handle: (simulator, call) =>
      simulator.deliveries.setFaults(call.body as DeliveryFaults),
  },
  {
    method: 'GET',
    path: path(`${REPOSITORY}/feedback`),
    handle: (simulator, call) =>
      describeFeedback(simulator.world, repositoryOf(simulator, call)),
  },
  {
    method: 'PUT',
    path: path('/rest-faults/(.+)'),
    handle: (simulator, call) =>
      simulator.api.faults.set(
        call.parameters[0],
        call.body as unknown as RestFault,
      ),
  },
  {
    method: 'POST',
    path: path('/rest-faults'),
    handle: simulator => simulator.api.faults.clear(),
  },
  {
    method: 'PUT',
    path: path('/dispatches'),
    handle: (simulator, call) => {
      Object.assign(simulator.world.dispatches, call.body);
    },
  },
  {
    method: 'PUT',
    path: path(`${REPOSITORY}/workflows/([^/]+)`),
    handle: (simulator, call) => {
      const repository = repositoryOf(simulator, call);
      const workflow = [...repository.workflows.values()].find(one =>
        one.path.endsWith(`/${call.parameters[2]}`),
      );
      if (!workflow) throw new Error(`No workflow ${call.parameters[2]}`);
      workflow.state = call.body.enabled ? 'active' : 'disabled_manually';
    },
  },
  {
    method: 'PUT',
    path: path('/overrides/(.+)'),
    handle: (simulator, call) =>
      simulator.api.override(call.parameters[0], call.body.body),
  },
  {
    method: 'GET',
    path: path('/validation'),
    handle: simulator => simulator.ledger.report(),
  },
  {
    method: 'POST',
    path: path('/validation/webhooks'),
    handle: (simulator, call) =>
      simulator.webhookValidator.validate(
        String(call.body.event),
        call.body.action as string | undefined,
        call.body.payload,
      ),
  },
  {
    method: 'POST',
    path: path('/validation/reset'),
    handle: simulator => simulator.ledger.reset(),
  },
  {
    method: 'GET',
    path: path('/status'),
    handle: simulator => ({
      now: new Date(simulator.world.now).toISOString(),
      repositories: [...simulator.world.repositories.values()].map(
        repository => repository.fullName,
      ),
      deliveries: simulator.deliveries.all.length,
      openRuns: simulator.world.openRuns().map(run => run.id),
    }),
  },
];
