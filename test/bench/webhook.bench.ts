import { createHmac, randomBytes } from 'node:crypto';
import { Knex } from 'knex';
import {
  BenchDatabase,
  findFreePort,
  onBothDatabases,
  startPortal,
} from './portal';
import { report } from './report';
import { percentile, runAll, secondsOf } from './tools';

const SEQUENTIAL = 300;
const CONCURRENT = 1_000;
const CONCURRENCY = 8;
const WARM_UP = 50;
const SERVICES = 20;
const SECRET = randomBytes(16).toString('hex');

const entities = Array.from({ length: SERVICES }, (_, index) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: `service-${index}`,
    namespace: 'default',
    annotations: {
      'github.com/project-slug': `example-org/service-${index}`,
      'deploy.vvp.io/jobs': 'production=deploy',
    },
  },
}));

/** A job that has deployed a service: each is a deployment of its own. */
function jobEvent(id: number): string {
  const service = id % SERVICES;
  const time = new Date(Date.UTC(2026, 0, 1) + id * 60_000).toISOString();
  return JSON.stringify({
    action: 'completed',
    repository: { full_name: `example-org/service-${service}` },
    sender: { login: 'dana' },
    workflow_job: {
      id,
      run_id: id,
      run_attempt: 1,
      name: 'deploy',
      workflow_name: 'Build and Deploy',
      head_sha: id.toString(16).padStart(40, '0'),
      head_branch: 'main',
      html_url: `https://github.example.test/jobs/${id}`,
      status: 'completed',
      conclusion: 'success',
      created_at: time,
      started_at: time,
      completed_at: time,
    },
  });
}

async function waitForServices(knex: Knex): Promise<void> {
  for (;;) {
    const row = await knex('environments').count<{ count: number | string }[]>(
      '* as count',
    );
    if (Number(row[0].count) >= SERVICES) {
      return;
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

/** Posts a webhook, and goes on when its row is in the database. */
async function deliver(port: number, knex: Knex, id: number): Promise<void> {
  const body = jobEvent(id);
  const response = await fetch(
    `http://127.0.0.1:${port}/api/events/http/github`,
    {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'X-GitHub-Event': 'workflow_job',
        'X-Hub-Signature-256': `sha256=${createHmac('sha256', SECRET)
          .update(body)
          .digest('hex')}`,
      },
      body,
    },
  );
  if (response.status !== 202) {
    throw new Error(`Webhook ${id} was answered ${response.status}`);
  }
  const source = `github:example-org/service-${id % SERVICES}:${id}:1:${id}`;
  while (!(await knex('deployments').where({ source }).first('id'))) {
    await new Promise(resolve => setTimeout(resolve, 1));
  }
}

async function measure(database: BenchDatabase): Promise<void> {
  const port = await findFreePort();
  const backend = await startPortal(database, port, {
    entities,
    config: { events: { modules: { github: { webhookSecret: SECRET } } } },
    features: [
      import('@backstage/plugin-events-backend'),
      import('@backstage/plugin-events-backend-module-github'),
    ],
  });
  const knex = database.connect();
  try {
    await waitForServices(knex);
    await knex.schema.createTable('bench_rows', table => {
      table.bigIncrements('id');
      table.text('payload').notNullable();
    });
    const insert = (id: number) =>
      knex('bench_rows')
        .insert({ payload: jobEvent(id) })
        .then(() => {});
    let next = 1;
    const ids = (count: number) => Array.from({ length: count }, () => next++);

    await runAll(ids(WARM_UP), 1, id => deliver(port, knex, id));
    await runAll(ids(WARM_UP), 1, insert);
    const latency = await runAll(ids(SEQUENTIAL), 1, id =>
      deliver(port, knex, id),
    );
    const insertLatency = await runAll(ids(SEQUENTIAL), 1, insert);
    const seconds = await secondsOf(() =>
      runAll(ids(CONCURRENT), CONCURRENCY, id => deliver(port, knex, id)),
    );
    const insertSeconds = await secondsOf(() =>
      runAll(ids(CONCURRENT), CONCURRENCY, insert),
    );

    for (const [part, label] of [
      [0.5, 'median'],
      [0.95, '95th percentile'],
    ] as const) {
      report({
        name: `webhook to row, ${label}, ${database.name}`,
        value: percentile(latency, part),
        unit: 'ms',
        baseline: percentile(insertLatency, part),
      });
    }
    report({
      name: `webhooks to rows, ${CONCURRENCY} at a time, ${database.name}`,
      value: CONCURRENT / seconds,
      unit: 'events/s',
      baseline: CONCURRENT / insertSeconds,
    });
  } finally {
    await knex.destroy();
    await backend.stop();
  }
}

onBothDatabases(measure).then(
  () => process.exit(0),
  cause => {
    process.stderr.write(`${cause instanceof Error ? cause.stack : cause}\n`);
    process.exit(1);
  },
);
