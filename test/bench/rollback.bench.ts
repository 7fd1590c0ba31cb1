import { randomBytes } from 'node:crypto';
import {
  coreServices,
  createBackendModule,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  DeployTarget,
  deployTargetsExtensionPoint,
} from '@vvp/backstage-plugin-deploy-node';
import { Knex } from 'knex';
import {
  BenchDatabase,
  findFreePort,
  onBothDatabases,
  startPortal,
} from './portal';
import { report } from './report';
import { percentile } from './tools';

const ROLLBACKS = 60;
const WARM_UP = 10;
const TOKEN = randomBytes(16).toString('hex');
const SPEC_URL = 'https://files.example.test/example-org/bench/deploy.yaml';

const SPEC = `
apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: bench }
spec:
  environments: [{ name: staging, tier: staging }]
  services:
    issuer:
      entity: component:default/issuer
      environments:
        staging:
          target: { type: azure-container-app, resourceGroup: bench, name: issuer }
`;

const entities = [
  {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name: 'issuer',
      namespace: 'default',
      annotations: {
        'github.com/project-slug': 'example-org/bench',
        'deploy.vvp.io/service': 'issuer',
        'deploy.vvp.io/spec': SPEC_URL,
      },
    },
  },
];

/** A platform that answers at once, and tells when it was asked first. */
class InstantPlatform {
  serving = 'r1';
  asked?: number;
  changed?: number;

  readonly module = createBackendModule({
    pluginId: 'deploy',
    moduleId: 'bench-target',
    register: env => {
      env.registerInit({
        deps: { targets: deployTargetsExtensionPoint },
        init: async ({ targets }) => targets.addTarget(this.#target()),
      });
    },
  });

  #target(): DeployTarget {
    const healthy = { state: 'healthy' as const };
    const revision = (id: string) => ({ id, current: id === this.serving });
    const list = () => ['r1', 'r2'].map(revision);
    return {
      type: 'azure-container-app',
      describe: () => ({
        resource: 'bench',
        lockKey: 'azure-container-app:bench',
        canRestart: false,
      }),
      revisions: async () => list(),
      currentRevision: async () => revision(this.serving),
      planRollback: async (_environment, to) => {
        this.asked ??= performance.now();
        return {
          from: revision(this.serving),
          to: revision(to),
          alreadyThere: false,
          steps: [{ name: 'switch', title: 'Switch', input: { to } }],
          configuration: [],
          notRestored: [],
          artifact: { state: 'present' },
        };
      },
      executeStep: async (_environment, { input }) => {
        this.changed ??= performance.now();
        this.serving = String(input.to);
        return {};
      },
      compensateStep: async () => {},
      verify: async (_environment, id) => ({
        serving: this.serving,
        inPlace: this.serving === id,
        health: healthy,
      }),
      health: async () => healthy,
      diagnostics: async () => ({
        health: healthy,
        facts: [],
        events: [],
        logs: [],
        problems: [],
      }),
    };
  }
}

const reader = createServiceFactory({
  service: coreServices.urlReader,
  deps: {},
  factory: () => ({
    readUrl: async () => ({ buffer: async () => Buffer.from(SPEC) }),
    readTree: () => Promise.reject(new Error('not used')),
    search: () => Promise.reject(new Error('not used')),
  }),
});

async function until(condition: () => Promise<unknown>): Promise<void> {
  while (!(await condition())) {
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}

async function measure(database: BenchDatabase): Promise<void> {
  const port = await findFreePort();
  const platform = new InstantPlatform();
  const backend = await startPortal(database, port, {
    entities,
    config: {
      backend: {
        auth: {
          externalAccess: [
            { type: 'static', options: { token: TOKEN, subject: 'bench' } },
          ],
        },
      },
    },
    features: [platform.module, reader],
  });
  const knex = database.connect();
  try {
    await until(() =>
      knex('environments').whereNotNull('definition').first('id'),
    );
    const asked: number[] = [];
    const changed: number[] = [];
    const inserts: number[] = [];
    for (let round = 0; round < WARM_UP + ROLLBACKS; round++) {
      const times = await rollBack(port, knex, platform, round);
      const insert = await insertOne(knex, round);
      if (round >= WARM_UP) {
        asked.push(times.asked);
        changed.push(times.changed);
        inserts.push(insert);
      }
    }
    const baseline = percentile(inserts, 0.5);
    for (const [name, values] of [
      ['first question to the platform', asked],
      ['first change of the platform', changed],
    ] as const) {
      report({
        name: `POST /rollbacks to ${name}, median, ${database.name}`,
        value: percentile(values, 0.5),
        unit: 'ms',
        baseline,
      });
    }
  } finally {
    await knex.destroy();
    await backend.stop();
  }
}

async function rollBack(
  port: number,
  knex: Knex,
  platform: InstantPlatform,
  round: number,
): Promise<{ asked: number; changed: number }> {
  platform.asked = undefined;
  platform.changed = undefined;
  const start = performance.now();
  const response = await fetch(
    `http://127.0.0.1:${port}/api/deploy/rollbacks`,
    {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Authorization: `Bearer ${TOKEN}`,
      },
      body: JSON.stringify({
        entityRef: 'component:default/issuer',
        environment: 'staging',
        revision: round % 2 ? 'r1' : 'r2',
        reason: 'A rollback of the bench',
      }),
    },
  );
  if (response.status !== 202) {
    throw new Error(
      `The rollback was answered ${response.status}: ${await response.text()}`,
    );
  }
  await until(async () => platform.changed);
  const { id } = (await response.json()) as { id: string };
  await knex('operations')
    .where({ id })
    .first('id')
    .then(row => {
      if (!row) {
        throw new Error('The operation was not stored');
      }
    });
  // The proof looks every five seconds; it is not what is measured.
  await knex('operations').where({ id }).update({
    status: 'cancelled',
    lease_owner: null,
    finished_at: new Date().toISOString(),
  });
  return {
    asked: (platform.asked ?? start) - start,
    changed: (platform.changed ?? start) - start,
  };
}

async function insertOne(knex: Knex, round: number): Promise<number> {
  const start = performance.now();
  await knex('ingest_problems').insert({
    id: `bench-${round}`,
    kind: 'bench',
    subject: String(round),
    message: '',
    count: 1,
    first_seen_at: '',
    last_seen_at: '',
  });
  return performance.now() - start;
}

onBothDatabases(measure).then(
  () => process.exit(0),
  cause => {
    process.stderr.write(`${cause instanceof Error ? cause.stack : cause}\n`);
    process.exit(1);
  },
);
