import { ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ClusterFront, Kubectl, TOOLS } from '../simulators/kubectl';
import {
  KubernetesSimulator,
  OpenApiValidator,
} from '../simulators/kubernetes';
import type { KubeObject } from '../simulators/kubernetes/api/objects';
import { workloadManifest } from '../simulators/kubernetes/manifests';
import { PipelineClient } from '../simulators/kubernetes/PipelineClient';
import { NODE, NodePrograms } from '../simulators/node';
import { SCRIPTS } from './vmWorld';

export const NAMESPACE = 'phoenix-orch';
export const NAME = 'data-router-rs';
export const CANARY = `${NAME}-canary`;
export const COMMIT = 'd'.repeat(40);

/** Images by the release in them. */
export const imageOf = (release: string) =>
  `registry.example.test/data-router:${release}`;

/** How a script ended, and what it said. */
export interface Ended {
  code: number | null;
  output: string;
}

/** A runner with the scripts, and a cluster with a Deployment that had two releases: the second one serves. */
export class KubernetesWorld {
  /** Releases that answer when the pipeline asks. */
  healthy: (release: string) => boolean = () => true;
  /** What Prometheus answers to a query with a token. */
  metric: (query: string, token: string) => object = () => ({});
  child: ChildProcess | undefined;
  readonly folder = mkdtempSync(join(tmpdir(), 'runner-'));
  readonly pipeline: PipelineClient;
  readonly #service: Server;

  private constructor(
    readonly simulator: KubernetesSimulator,
    readonly front: ClusterFront,
    readonly kubectl: Kubectl,
    private readonly node?: NodePrograms,
  ) {
    this.pipeline = new PipelineClient(
      simulator.url,
      'pipeline-token',
      NAMESPACE,
    );
    this.#service = createServer((request, response) => {
      const { pathname, searchParams } = new URL(
        `http://localhost${request.url}`,
      );
      if (pathname === '/api/v1/query') {
        const { authorization = '' } = request.headers;
        const data = this.metric(`${searchParams.get('query')}`, authorization);
        response.end(JSON.stringify({ status: 'success', data }));
        return;
      }
      const isWell = this.serving().every(release => this.healthy(release));
      response.writeHead(isWell ? 200 : 503).end();
    });
    this.write('bin/sleep', '#!/bin/sh\n');
    chmodSync(join(this.folder, 'bin/sleep'), 0o755);
    if (node) {
      symlinkSync(NODE, join(this.folder, 'bin/node'));
    }
  }

  /** @param options.quick - the scripts' programs are carried out by a stand-in for Node.js */
  static async start(
    options: { validator?: OpenApiValidator; quick?: boolean } = {},
  ): Promise<KubernetesWorld> {
    const { validator, quick } = options;
    const simulator = await KubernetesSimulator.start({
      roundMs: 1,
      startMs: 2,
      validator,
    });
    const front = await ClusterFront.start(simulator.url);
    front.add('Namespace', '', NAMESPACE, {});
    const kubectl = await Kubectl.start(front.url);
    const node = quick ? await NodePrograms.start() : undefined;
    const world = new KubernetesWorld(simulator, front, kubectl, node);
    await new Promise<void>(done => {
      world.#service.listen(0, '127.0.0.1', done);
    });
    return world;
  }

  /** A Deployment that ran the release before, and runs this one. */
  async deployed(...releases: string[]): Promise<void> {
    const [first, ...others] = releases;
    await this.pipeline.create(
      'deployments',
      workloadManifest({
        kind: 'Deployment',
        name: NAME,
        image: imageOf(first),
        replicas: 3,
      }),
    );
    await this.pipeline.untilRolledOut('deployments', NAME);
    for (const release of others) {
      await this.pipeline.setImage('deployments', NAME, imageOf(release));
      await this.pipeline.untilRolledOut('deployments', NAME);
    }
  }

  /** Where the service answers, and Prometheus. */
  get url(): string {
    const { port } = this.#service.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  write(path: string, content: string): void {
    mkdirSync(join(this.folder, dirname(path)), { recursive: true });
    writeFileSync(join(this.folder, path), content);
  }

  /** Releases in the pods of the Deployment, and of its canary, if there is one. */
  serving(name = NAME): string[] {
    const { store } = this.simulator.cluster;
    const sets = store
      .list('ReplicaSet', NAMESPACE)
      .filter(({ metadata }) => metadata.ownerReferences?.[0].name === name)
      .map(({ metadata }) => metadata.uid);
    const images = store
      .list('Pod', NAMESPACE)
      .filter(({ metadata }) =>
        sets.includes(metadata.ownerReferences?.[0].uid ?? ''),
      )
      .map(({ spec }) => spec.containers[0].image.split(':')[1]);
    return [...new Set<string>(images)].sort();
  }

  deployment(name = NAME): KubeObject | undefined {
    return this.simulator.cluster.store.find('Deployment', NAMESPACE, name);
  }

  config(name: string): Record<string, string> | undefined {
    return this.front.find('ConfigMap', NAMESPACE, name)?.data;
  }

  /** Nothing of a deployment is left but the release. */
  leftovers(): (string | undefined)[] {
    return [
      this.deployment(CANARY) && CANARY,
      this.config(`${NAME}-deploying`) && 'record',
    ].filter(Boolean);
  }

  /** Runs the script, with the release `new` unless said otherwise. */
  run(
    environment: Record<string, string | undefined> = {},
    ...args: string[]
  ): Promise<Ended> {
    return new Promise((done, reject) => {
      this.child = spawn(join(SCRIPTS, 'kubernetes.sh'), args, {
        cwd: this.folder,
        env: {
          PATH: `${this.folder}/bin:${TOOLS}:${process.env.PATH}`,
          TMPDIR: this.folder,
          // That of the default branch, where another workflow started the run.
          GITHUB_SHA: 'f'.repeat(40),
          COMMIT,
          NAMESPACE,
          DEPLOYMENT: NAME,
          IMAGE: imageOf('new'),
          KUBECONFIG_CONTENT: this.kubectl.kubeconfig,
          LOOKS: '40',
          TROUBLED_LOOKS: '3',
          PAUSE_SECONDS: '0',
          CANARY_MINUTES: '1',
          CANARY_LOOK_SECONDS: '20',
          VERIFY_URL: `${this.url}/healthz`,
          VERIFY_STATUSES: '200',
          VERIFY_ATTEMPTS: '1',
          VERIFY_SECONDS: '0',
          ...this.kubectl.environment,
          ...this.node?.environment,
          ...environment,
        },
      });
      let output = '';
      const take = (text: string) => {
        output += text;
      };
      this.child.stdout?.setEncoding('utf8').on('data', take);
      this.child.stderr?.setEncoding('utf8').on('data', take);
      this.child.once('error', reject);
      this.child.once('close', code => done({ code, output }));
    });
  }

  rollBack(environment: Record<string, string> = {}): Promise<Ended> {
    return this.run({ IMAGE: '', ...environment }, 'rollback');
  }

  /** From now on the scripts' programs are carried out by Node.js itself. */
  useNodeItself(): void {
    rmSync(join(this.folder, 'bin/node'));
  }

  async stop(): Promise<void> {
    await this.kubectl.stop();
    await this.node?.stop();
    await this.front.stop();
    await this.simulator.stop();
    this.#service.closeAllConnections();
    await new Promise(done => {
      this.#service.close(done);
    });
    rmSync(this.folder, { recursive: true });
  }
}
