import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startGithubSimulator, type GithubSimulator } from './client';
import { expectNoViolations, REPOSITORIES, START } from './testing';

jest.setTimeout(240_000);

const SECRET = 'a-secret-of-this-test';

interface Received {
  headers: Record<string, string | undefined>;
  body: string;
}

describe('webhook deliveries', () => {
  let simulator: GithubSimulator;
  let server: Server;
  let received: Received[] = [];
  let statuses: number[] = [];
  let repository: string;
  let count = 0;

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', chunk => {
        body += chunk;
      });
      request.on('end', () => {
        const headers = request.headers as Received['headers'];
        received.push({ headers, body });
        response.writeHead(statuses.shift() ?? 202).end();
      });
    });
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    simulator = await startGithubSimulator({
      start: START,
      webhookUrls: [`http://127.0.0.1:${port}/github`],
      webhookSecret: SECRET,
    });
  });

  beforeEach(async () => {
    received = [];
    statuses = [];
    count += 1;
    const created = await simulator.createRepository({
      owner: 'example-org',
      name: `vvp-${count}`,
      folder: join(REPOSITORIES, 'vvp'),
    });
    repository = created.fullName;
  });

  afterEach(() => simulator.setFaults({}));

  afterAll(async () => {
    await expectNoViolations(simulator, 'deliveries');
    await simulator.stop();
    await new Promise(done => server.close(done));
  });

  async function push() {
    await simulator.push(repository, {
      message: 'Verifier',
      files: { 'services/verifier/app/main.py': `${count}\n` },
    });
    await simulator.flush();
  }

  async function own() {
    const deliveries = await simulator.deliveries();
    return deliveries.filter(delivery => delivery.repository === repository);
  }

  it('are signed and headed as GitHub’s', async () => {
    await push();

    const [first] = received;
    expect(first.headers).toMatchObject({
      'x-github-event': 'push',
      'content-type': 'application/json',
      'user-agent': expect.stringMatching(/^GitHub-Hookshot\//),
      'x-github-delivery': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'x-github-hook-id': expect.stringMatching(/^\d+$/),
    });
    for (const { headers, body } of received) {
      const digest = createHmac('sha256', SECRET).update(body).digest('hex');
      expect(headers['x-hub-signature-256']).toBe(`sha256=${digest}`);
    }
  });

  it('arrive in the order of the events', async () => {
    await push();

    const sent = (await own()).map(delivery => delivery.guid);
    expect(received.map(one => one.headers['x-github-delivery'])).toEqual(sent);
    expect(sent.length).toBeGreaterThan(20);
  });

  it('are dropped, doubled and cut short as asked', async () => {
    await simulator.setFaults({ drop: [2], duplicate: [3] });
    await push();

    const sent = await own();
    expect(sent[1].status).toBe('dropped');
    expect(received).toHaveLength(sent.length);
    const guids = received.map(one => one.headers['x-github-delivery']);
    expect(guids).not.toContain(sent[1].guid);
    expect(guids.filter(guid => guid === sent[2].guid)).toHaveLength(2);
  });

  it('are shuffled by a seed', async () => {
    await simulator.setFaults({ shuffle: 'seed' });
    await simulator.holdDeliveries();
    await simulator.push(repository, {
      message: 'Verifier',
      files: { 'services/verifier/app/main.py': 'shuffled\n' },
    });
    await simulator.releaseDeliveries();
    await simulator.flush();

    const sent = (await own()).map(delivery => delivery.guid);
    const guids = received.map(one => one.headers['x-github-delivery'] ?? '');
    expect(guids).not.toEqual(sent);
    expect([...guids].sort()).toEqual([...sent].sort());
  });

  it('can be sent again as they were', async () => {
    await push();
    const [first] = await own();
    const before = received[0];

    await simulator.redeliver(first.id);
    await simulator.flush();

    const again = received[received.length - 1];
    expect(again.body).toBe(before.body);
    expect(again.headers['x-github-delivery']).toBe(first.guid);
  });

  it('wait for a receiver that is not ready, and keep what it refuses', async () => {
    statuses = [503, 503, 202, 401];
    await push();

    const sent = await own();
    expect(sent[0]).toMatchObject({ status: 'delivered', statusCode: 202 });
    expect(sent[1]).toMatchObject({ status: 'failed', statusCode: 401 });
    expect(sent[2]).toMatchObject({ status: 'delivered' });
  });

  it('are no JSON when cut short', async () => {
    await simulator.setFaults({ corrupt: [1] });
    await push();

    expect(() => JSON.parse(received[0].body)).toThrow();
  });
});
