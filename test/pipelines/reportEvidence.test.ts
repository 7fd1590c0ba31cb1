import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { AddressInfo, createServer, Server } from 'node:net';
import { join } from 'node:path';
import { Answer, ScriptWorld } from './scriptWorld';

jest.setTimeout(240_000);

const BEARER = 'bearer-of-the-runner';
const ENTITY = 'component:default/vvp-issuer';

/** What `report-evidence.sh` does where reports cannot be handed over; that they can is seen with the real backend. */
describe('reports for the portal', () => {
  let world: ScriptWorld;
  let tokens: Answer;
  let portal: Answer;

  beforeEach(async () => {
    tokens = [200, { count: 1, value: 'a.b.c' }];
    portal = [201, {}];
    world = new ScriptWorld();
    await world.start();
    await writeFile(join(world.folder, 'report.json'), '{}');
    world.answer = ({ path }) => (path === '/token' ? tokens : portal);
  });

  afterEach(() => world.stop());

  const report = (environment: Record<string, string> = {}) =>
    world.run('report-evidence.sh', {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${world.url}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: BEARER,
      PORTAL: world.url,
      AUDIENCE: 'deploy',
      ENTITIES: ENTITY,
      COMMIT: 'c'.repeat(40),
      SUITE: 'unit',
      TEST_REPORT: 'report.json',
      ...environment,
    });

  const paths = () => world.asked.map(({ path }) => path);

  it('are handed over with the token of the job', async () => {
    const { code, output } = await report();

    expect(output).toContain(`The portal has the test report of ${ENTITY}.`);
    expect(code).toBe(0);
    expect(
      world.asked.map(({ path, authorization }) => [path, authorization]),
    ).toEqual([
      ['/token', `bearer ${BEARER}`],
      ['/evidence', 'Bearer a.b.c'],
    ]);
    expect(output).not.toContain(BEARER);
  });

  it.each([
    ['is down', [500] as Answer, '500'],
    ['gives none', [200, {}] as Answer, '200'],
  ])(
    'are missed, and no failure, where GitHub %s',
    async (_, answer, status) => {
      tokens = answer;

      const { code, output } = await report();

      expect(output).toMatch(
        new RegExp(`::warning::GitHub gave no token .*\\(${status}\\)`),
      );
      expect(output).toContain('stay closed');
      expect(code).toBe(0);
      expect(paths()).not.toContain('/evidence');
    },
  );

  it('are missed, and no failure, where nobody gives tokens', async () => {
    const { code, output } = await report({
      ACTIONS_ID_TOKEN_REQUEST_URL: 'http://127.0.0.1:1/token',
    });

    expect(output).toContain('::warning::GitHub gave no token (000)');
    expect(code).toBe(0);
  });

  it('fail a job that GitHub refuses a token', async () => {
    tokens = [403, {}];

    const { code, output } = await report();

    expect(output).toContain('::error::GitHub refused a token');
    expect(output).toContain('403');
    expect(code).toBe(1);
  });

  it.each([
    [404, 'it answers with 404'],
    [500, 'The portal did not'],
  ])(
    'are missed, and no failure, where the portal answers with %d',
    async (status, message) => {
      portal = [status, { error: { message: 'Why not' } }];

      const { code, output } = await report();

      expect(output).toContain('::warning::');
      expect(output).toContain(message);
      expect(code).toBe(0);
    },
  );

  describe('that another job left behind', () => {
    const left = (environment: Record<string, string> = {}) =>
      report({ REPORTS: 'reports', ...environment });

    it('are those of their folder', async () => {
      await mkdir(join(world.folder, 'reports', 'out'), { recursive: true });
      await writeFile(join(world.folder, 'reports', 'out', 'k6.json'), '{}');

      const { code, output } = await left({
        PERFORMANCE_REPORT: 'out/k6.json',
      });

      expect(code).toBe(0);
      expect(output).toContain(
        'There is no test report at reports/report.json',
      );
      expect(output).toContain(
        `The portal has the performance report of ${ENTITY}.`,
      );
      expect(output).not.toContain('::warning::');
      expect(paths()).toEqual(['/token', '/evidence']);
    });

    it('are missed, and no failure, where there are none', async () => {
      const { code, output } = await left();

      expect(code).toBe(0);
      expect(output).toContain('::warning::Nothing of unit was left to report');
      expect(paths()).not.toContain('/evidence');
    });

    it.each([
      ['file', 'report.json', 'reports/report.json'],
      ['folder', '.', 'reports/inside'],
    ])(
      'are not what a %s leads to that is a link out of their folder',
      async (_, target, link) => {
        await mkdir(join(world.folder, 'reports'));
        await symlink(join(world.folder, target), join(world.folder, link));

        const { code, output } = await left({
          TEST_REPORT:
            link === 'reports/inside' ? 'inside/report.json' : 'report.json',
        });

        expect(code).toBe(1);
        expect(output).toContain('leads out of reports, and is not sent');
        expect(paths()).not.toContain('/evidence');
      },
    );
  });

  describe('to a portal that hangs', () => {
    let silent: Server;
    let connections: number;

    beforeEach(async () => {
      connections = 0;
      silent = createServer(socket => {
        connections += 1;
        socket.on('error', () => {});
        socket.resume();
      });
      await new Promise<void>(done => {
        silent.listen(0, '127.0.0.1', done);
      });
    });

    afterEach(async () => {
      await new Promise(done => {
        silent.close(done);
      });
    });

    it('take no longer all together than they may', async () => {
      const { port } = silent.address() as AddressInfo;
      const entities = [ENTITY, `${ENTITY}-2`, `${ENTITY}-3`];

      const { code, output } = await report({
        PORTAL: `http://127.0.0.1:${port}`,
        ENTITIES: entities.join(' '),
        REPORT_SECONDS: '10',
      });

      for (const entity of entities) {
        expect(output).toContain(`has no test report of ${entity}.`);
      }
      expect(code).toBe(0);
      // Time was over then.
      expect(connections).toBe(1);
    });
  });
});
