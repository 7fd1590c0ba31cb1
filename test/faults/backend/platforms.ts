import { join } from 'node:path';
import type { JsonObject } from '@backstage/types';
import type { TargetSpec } from '@vvp/backstage-plugin-deploy-common';
import {
  startGithubSimulator,
  type GithubSimulator,
} from '../../simulators/github/client';
import { REPOSITORIES } from '../../simulators/github/testing';
import { OpenApiValidator } from '../../simulators/kubernetes';
import { Ledger } from '../../simulators/aws';
import type { SimulatedRun } from '../../simulators/azure/compute';
import {
  commits,
  SIGNER,
  SIGNER_UNIT,
  VERIFIER,
  VERIFIER_UNIT,
} from '../../simulators/vm/pbx';
import {
  containerAppCalls,
  SHA,
  startContainerApps,
} from '../../targets/azureContainerAppHarness';
import { recordValidation } from '../../targets/azureVmValidation';
import { startAzureVmWorld } from '../../targets/azureVmWorld';
import { commitOf, startEcsHarness } from '../../targets/ecsHarness';
import { PORTAL_TOKEN } from '../../targets/githubWorkflowWorld';
import { startKubernetesHarness } from '../../targets/kubernetesHarness';

/** Names as the catalog has them: services are of `example-org/vvp` unless said otherwise. */
export const REPOSITORY = 'example-org/vvp';

/** What runs on a simulated platform, and how it is put back. */
export interface Platform {
  /** Of the service; also its key in `deploy.yaml`. */
  name: string;
  repository: string;
  /** Part of `deploy.yaml`. */
  target: TargetSpec;
  /** Part of app-config. */
  config: JsonObject;
  previous: string;
  older: string;
  /** The commit that runs first, if the platform knows it. */
  currentCommit?: string;
  /** What serves, read by the platform's own API. */
  serving(): Promise<string>;
  /** Changes that the portal asked for. */
  changes(): Promise<number>;
  /** A pipeline puts something else there. */
  push?(): Promise<string>;
  /** Lets go on what was held back. */
  proceed?(): Promise<void>;
  stop(): Promise<void>;
}

/** Recent enough for the portal to ask about. */
const HISTORY_MS = 6 * 60 * 60_000;

export const ledger = new Ledger();
export const validator = new OpenApiValidator();

/** @param readyMs - how long a revision takes to come up */
export async function containerApp(
  readyMs: number,
): Promise<Platform & { neighbour: Platform }> {
  const harness = await startContainerApps({
    mode: 'Multiple',
    readyMs,
    updateMs: 100,
  });
  const issuer: Platform = {
    ...common(harness),
    name: 'vvp-issuer',
    repository: REPOSITORY,
    target: { ...harness.environment.target, connection: 'apps' },
    config: {
      azure: { connections: [harness.azure.connectionConfig('apps')] },
    },
    currentCommit: SHA.current,
  };
  return {
    ...issuer,
    /** Another app beside it. */
    neighbour: {
      ...issuer,
      name: 'vvp-verifier',
      target: { ...harness.other.target, connection: 'apps' },
      config: {},
      previous: 'vvp-verifier--r2',
      older: 'vvp-verifier--r1',
      serving: () => harness.servingOf('vvp-verifier'),
      stop: async () => {},
    },
  };
}

export async function virtualMachine(
  latencyMs: number,
): Promise<
  Platform & { neighbour: Platform; runs(): readonly SimulatedRun[] }
> {
  const world = await startAzureVmWorld();
  const { azure, machine } = world;
  world.virtualMachine.latencyMs = latencyMs;
  const runningOf = async (unit: string, directory: string) => {
    const running = await machine.running(unit);
    const linked = await machine.linked(directory);
    return running === linked ? String(running) : `${running}, ${linked}`;
  };
  const signer: Platform = {
    name: 'vvp-sip-redirect',
    repository: REPOSITORY,
    target: { ...world.signer.target, connection: 'machines' } as TargetSpec,
    config: { azure: { connections: [azure.connectionConfig('machines')] } },
    previous: commits.previous,
    older: commits.older,
    currentCommit: commits.current,
    serving: () => runningOf(SIGNER_UNIT, SIGNER),
    changes: async () => (await machine.changes()).length,
    async push() {
      await machine.addRelease(SIGNER, commits.pushed);
      await machine.deploy(SIGNER_UNIT, commits.pushed);
      return commits.pushed;
    },
    stop: () => world.stop(),
  };
  return {
    ...signer,
    /** Run-commands, by the simulator's own log. */
    runs: () => world.virtualMachine.runs,
    /** Another service on the same machine. */
    neighbour: {
      ...signer,
      name: 'vvp-sip-verify',
      target: {
        ...world.verifier.target,
        connection: 'machines',
      } as TargetSpec,
      config: {},
      previous: commits.foreign,
      older: commits.foreign,
      serving: () => runningOf(VERIFIER_UNIT, VERIFIER),
      stop: async () => {},
    },
  };
}

export async function ecs(tickMs: number): Promise<Platform> {
  const harness = await startEcsHarness({ ledger, simulator: { tickMs } });
  return {
    ...common(harness),
    name: 'sandbox-broker-api',
    repository: REPOSITORY,
    target: harness.environment.target,
    config: {
      ...harness.config,
      aws: { ...(harness.config.aws as {}), pollSeconds: 0.5 },
    },
    currentCommit: commitOf(3),
  };
}

export async function kubernetes(latencyMs: number): Promise<Platform> {
  const harness = await startKubernetesHarness('Deployment', { validator });
  const { simulator } = harness;
  simulator.setLatency(latencyMs);
  return {
    ...common(harness),
    name: 'api',
    repository: REPOSITORY,
    target: harness.environment.target,
    config: {
      kubernetes: {
        connections: [
          {
            name: 'local',
            repositories: ['example-org/*'],
            server: simulator.url,
            token: 'portal-token',
          },
        ],
      },
    },
  };
}

/** Its time runs ahead with each push, and must not get to where the portal takes it for the future. */
export function startPastGithub(): Promise<GithubSimulator> {
  return startGithubSimulator({
    start: new Date(Date.now() - HISTORY_MS).toISOString(),
    tokens: { [PORTAL_TOKEN]: 'portal' },
  });
}

/** A repository of the simulated GitHub, by `owner/name`. */
export async function addRepository(
  github: GithubSimulator,
  repository: string,
): Promise<string> {
  const [owner, name] = repository.split('/');
  const { fullName } = await github.createRepository({
    owner,
    name,
    folder: join(REPOSITORIES, 'compose'),
  });
  return fullName;
}

/** A service that a workflow deploys; the job that does is held back until {@link Platform.proceed}. */
export async function workflow(github: GithubSimulator): Promise<Platform> {
  const fullName = await addRepository(github, 'example-org/shop');
  const shas: string[] = [];
  for (const message of ['older', 'previous', 'current']) {
    const files = { 'README.md': `${message}\n` };
    shas.push((await github.push(fullName, { message, files })).sha);
  }
  const [older, previous, current] = shas;
  await github.setOutcomes(fullName, {
    [`*${previous}*/deploy`]: { hold: true },
  });
  const runs = async () => {
    const answer = await github.rest(
      'GET',
      `/repos/${fullName}/actions/runs?per_page=100`,
    );
    return answer
      .json<{ workflow_runs: WorkflowRun[] }>()
      .workflow_runs.sort((left, right) => right.id - left.id);
  };
  const dispatched = async () =>
    (await runs()).filter(({ event }) => event === 'workflow_dispatch');
  return {
    name: 'shop',
    repository: fullName.toLowerCase(),
    target: {
      type: 'github-workflow',
      workflow: 'deploy.yml',
      releaseInput: 'release',
    },
    config: {},
    previous,
    older,
    currentCommit: current,
    async serving() {
      const good = (await runs()).find(
        ({ conclusion }) => conclusion === 'success',
      );
      return String(good?.display_title.split(' ')[1]);
    },
    changes: async () => (await dispatched()).length,
    async proceed() {
      for (const { id } of await dispatched()) {
        const { attempts } = await github.run(fullName, id);
        const job = attempts[0].jobs.find(({ name }) => name === 'deploy');
        await github.completeJob(fullName, job!.id);
      }
    },
    stop: async () => {},
  };
}

interface WorkflowRun {
  id: number;
  event: string;
  conclusion: string | null;
  display_title: string;
}

/** How the portal gets at GitHub. */
export function integrations(github: GithubSimulator): JsonObject {
  return {
    github: [
      { host: github.host, apiBaseUrl: github.apiUrl, token: PORTAL_TOKEN },
    ],
  };
}

/** What the vendors' models said of all calls of a test file. */
export { containerAppCalls, recordValidation };

function common(harness: {
  revisions: { previous: string; older: string };
  serving(): Promise<string>;
  changes(): Promise<number>;
  push?(): Promise<string>;
  stop(): Promise<void>;
}) {
  return {
    previous: harness.revisions.previous,
    older: harness.revisions.older,
    serving: () => harness.serving(),
    changes: () => harness.changes(),
    push: () => harness.push!(),
    stop: () => harness.stop(),
  };
}
