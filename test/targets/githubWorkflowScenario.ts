import { ConfigReader } from '@backstage/config';
import { ScmIntegrations } from '@backstage/integration';
import { GithubClients } from '@vvp/backstage-plugin-deploy-backend/src/github/GithubClients';
import { StepRunner } from '@vvp/backstage-plugin-deploy-backend/src/operations/engine/types';
import { ServiceStore } from '@vvp/backstage-plugin-deploy-backend/src/store/ServiceStore';
import { createGithubWorkflowTarget } from '@vvp/backstage-plugin-deploy-backend/src/workflows';
import type { GithubWorkflowSpec } from '@vvp/backstage-plugin-deploy-backend/src/workflows/planWorkflowRollback';
import type {
  DeployTarget,
  StepControl,
  TargetEnvironment,
} from '@vvp/backstage-plugin-deploy-node';
import knexFactory, { Knex } from 'knex';
import {
  failingRunner,
  FaultScenario,
  targetRunner,
} from '../faults/FaultScenario';
import { planOf } from '../faults/planOf';
import { silentLogger } from '../faults/silentLogger';
import type { GithubSimulator } from '../simulators/github/client';
import {
  GithubWorkflowWorld,
  PORTAL_TOKEN,
  startWorkflowGithub,
} from './githubWorkflowWorld';

let simulator: Promise<GithubSimulator> | undefined;
let count = 0;
/** What the platform's own process opened for runners. */
const opened: Knex[] = [];

/** The GitHub of all platforms; each of them has a repository of its own there. */
export async function sharedGithub(): Promise<GithubSimulator> {
  simulator ??= startWorkflowGithub();
  return simulator;
}

/**
 * A rollback by a workflow, to be killed in.
 *
 * @param fails - whether something fails after the last step, and all is undone
 */
export function githubWorkflowScenario(fails: boolean): FaultScenario {
  return {
    async startPlatform(database) {
      const github = await sharedGithub();
      const knex = knexFactory(database);
      const world = new GithubWorkflowWorld(github, knex);
      const { environment, revisions, place, deployed } = await deployThree(
        world,
      );
      const integration = {
        host: github.host,
        apiBaseUrl: github.apiUrl,
        token: PORTAL_TOKEN,
      };
      return {
        state: {
          environment: JSON.parse(JSON.stringify(environment)),
          integrations: { github: [integration] },
        },
        plan: async () => ({
          ...(await planOf(
            {
              target: createGithubWorkflowTarget(world.access),
              environment,
              revisions,
            },
            fails,
          )),
          place,
        }),
        async check({ outcome }) {
          const runs = await deployed();
          const isDone = outcome === 'done';
          const wanted = isDone ? revisions.previous : revisions.current;
          if (runs.serving !== wanted) {
            throw new Error(`The last run deployed ${runs.serving}.`);
          }
          // Nothing is started twice, and what was started is put back once.
          const { dispatched } = runs;
          if (isDone ? dispatched !== 1 : ![0, 2].includes(dispatched)) {
            throw new Error(`${dispatched} runs were started.`);
          }
        },
        async stop() {
          await Promise.all(
            [knex, ...opened.splice(0)].map(each => each.destroy()),
          );
        },
      };
    },
    async runners(state, database) {
      const knex = knexFactory(database);
      opened.push(knex);
      const target = createGithubWorkflowTarget({
        knex,
        services: new ServiceStore(knex),
        github: new GithubClients({
          logger: silentLogger,
          integrations: ScmIntegrations.fromConfig(new ConfigReader(state)),
        }),
      });
      return {
        target: hurried(
          targetRunner(
            target as unknown as DeployTarget,
            state.environment as unknown as TargetEnvironment,
          ),
        ),
        failing: failingRunner,
      };
    },
  };
}

/** A service of a repository of its own, deployed three times. */
async function deployThree(world: GithubWorkflowWorld) {
  count += 1;
  const name = `killed-${count}`;
  const repository = await world.addRepository(name);
  const { id, environmentId, entityRef } = await world.addService(
    repository,
    name,
    {
      name: 'production',
      jobs: [{ workflow: 'deploy.yml', job: 'deploy', commit: 'run' }],
    },
  );
  const [older, previous, current] = await world.pushAll(
    repository,
    'older',
    'previous',
    'current',
  );
  const environment: TargetEnvironment<GithubWorkflowSpec> = {
    entityRef,
    repository,
    environment: 'production',
    tier: 'production',
    target: {
      type: 'github-workflow',
      workflow: 'deploy.yml',
      releaseInput: 'release',
    },
  };
  return {
    environment,
    place: { serviceId: id, environmentId },
    revisions: {
      older,
      previous,
      current,
      gone: 'd'.repeat(40),
      foreign: 'e'.repeat(40),
    },
    /** By GitHub's own API: the title of a run says what it deploys. */
    async deployed() {
      const runs = await world.runs(repository);
      const [newest] = runs
        .filter(run => run.conclusion === 'success')
        .sort((left, right) => right.id - left.id);
      return {
        serving: newest.display_title.split(' ')[1],
        dispatched: runs.filter(run => run.event === 'workflow_dispatch')
          .length,
      };
    },
  };
}

/** Leaves no seconds between two looks at GitHub: the simulated one is not kept from anything by them. */
function hurried(runner: StepRunner): StepRunner {
  return {
    execute: (operation, step, control) =>
      runner.execute(operation, step, withShortWaits(control)),
    compensate: (operation, step, control) =>
      runner.compensate(operation, step, withShortWaits(control)),
  };
}

function withShortWaits(control: StepControl): StepControl {
  return new Proxy(control, {
    get(target, key) {
      if (key === 'wait') {
        return () => target.wait(10);
      }
      const value = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
