import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fate } from '../controllers/Cluster';
import { Driver, Recorder } from './Driver';
import { normalise } from './normalise';
import { playSession } from './session';

/*
 * Records the session against a real API server with its controllers, but without nodes: what a kubelet
 * would report is reported here. See README.md of the fixtures for how such a server is made.
 *
 * NODE_EXTRA_CA_CERTS=<ca> node --import tsx test/simulators/kubernetes/oracle/record.ts https://127.0.0.1:26443
 *
 * Tokens are taken from ORACLE_TOKEN (may do everything) and ORACLE_STRANGER_TOKEN (may do nothing).
 */
const FILE = resolve(
  __dirname,
  '../../../fixtures/kubernetes/recorded/session.json',
);
const NAMESPACES = ['oracle', 'oracle-quota'];
const NODES = ['node-a', 'node-b'];

/** Reports pods as running or failing, as the kubelet of a node would. */
class KubeletStandIn {
  readonly fates = new Map<string, Fate>();
  readonly #url: string;
  readonly #token: string;
  #stopped = false;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  async ask(method: string, path: string, body?: object): Promise<any> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        'content-type':
          method === 'PATCH'
            ? 'application/merge-patch+json'
            : 'application/json',
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    return response.json();
  }

  async prepare(): Promise<void> {
    for (const name of NAMESPACES) {
      await this.ask('POST', '/api/v1/namespaces', {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name },
      });
    }
    for (const name of NODES) {
      await this.ask('POST', '/api/v1/nodes', {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name },
      });
      await this.ask('PATCH', `/api/v1/nodes/${name}/status`, {
        status: { conditions: [{ type: 'Ready', status: 'True' }] },
      });
      await this.ask('PATCH', `/api/v1/nodes/${name}`, {
        spec: { taints: [] },
      });
    }
  }

  stop(): void {
    this.#stopped = true;
  }

  async run(): Promise<void> {
    while (!this.#stopped) {
      for (const namespace of NAMESPACES) {
        const path = `/api/v1/namespaces/${namespace}/pods`;
        const { items = [] } = await this.ask('GET', path);
        for (const pod of items) await this.#advance(path, pod);
      }
      await pause(30);
    }
  }

  async #advance(path: string, pod: any): Promise<void> {
    const one = `${path}/${pod.metadata.name}`;
    if (pod.metadata.deletionTimestamp) {
      await this.ask('DELETE', one, {
        gracePeriodSeconds: 0,
        preconditions: { uid: pod.metadata.uid },
      });
      return;
    }
    if (pod.status.containerStatuses) return;
    const { image, name } = pod.spec.containers[0];
    const isReady = (this.fates.get(image) ?? 'ready') === 'ready';
    const status = isReady ? 'True' : 'False';
    const now = new Date().toISOString();
    await this.ask('PATCH', `${one}/status`, {
      status: {
        phase: isReady ? 'Running' : 'Pending',
        conditions: [
          { type: 'Ready', status, lastTransitionTime: now },
          { type: 'ContainersReady', status, lastTransitionTime: now },
        ],
        containerStatuses: [
          {
            name,
            image,
            imageID: isReady ? image : '',
            ready: isReady,
            restartCount: 0,
            state: isReady
              ? { running: { startedAt: now } }
              : {
                  waiting: {
                    reason: 'ImagePullBackOff',
                    message: `Back-off pulling image "${image}"`,
                  },
                },
          },
        ],
      },
    });
  }
}

async function main(): Promise<void> {
  const [url] = process.argv.slice(2);
  const token = process.env.ORACLE_TOKEN ?? '';
  const strangerToken = process.env.ORACLE_STRANGER_TOKEN ?? '';
  const kubelet = new KubeletStandIn(url, token);
  await kubelet.prepare();
  const driver: Driver = {
    url,
    token,
    strangerToken,
    quietMs: 700,
    setFate: async (image, fate) => {
      kubelet.fates.set(image, fate);
    },
    setQuota: async (namespace, pods) => {
      await kubelet.ask(
        'POST',
        `/api/v1/namespaces/${namespace}/resourcequotas`,
        {
          apiVersion: 'v1',
          kind: 'ResourceQuota',
          metadata: { name: 'pods' },
          spec: { hard: { pods: String(pods) } },
        },
      );
      await pause(2_000);
    },
  };
  const recorder = new Recorder(driver);
  const running = kubelet.run();
  await playSession(recorder);
  kubelet.stop();
  await running;
  const { gitVersion } = await kubelet.ask('GET', '/version');
  await writeFile(
    FILE,
    `${JSON.stringify(
      {
        server: `kube-apiserver ${gitVersion}`,
        steps: normalise(recorder.steps),
      },
      undefined,
      1,
    )}\n`,
  );
  process.stdout.write(`${recorder.steps.length} steps of ${gitVersion}\n`);
}

main().catch((cause: unknown) => {
  process.stderr.write(`${cause instanceof Error ? cause.stack : cause}\n`);
  process.exit(1);
});
