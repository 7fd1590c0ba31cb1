import dns, { LookupAddress, LookupOptions } from 'node:dns';
import { createServer, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { TestDatabases } from '@backstage/backend-test-utils';
import { oneDatabase } from '../__testUtils__/oneDatabase';
import { BAD, GOOD, rollback, startIssuer } from './__testUtils__/startIssuer';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const NAME = 'issuer-version.example.test';
const METADATA = '169.254.169.254';

const { lookup } = dns.promises;

const MEGABYTE = Buffer.alloc(1024 * 1024, ' ');

/** Sends more and more until nobody listens. */
function flood(response: ServerResponse, megabytes = 200): void {
  response.setHeader('Content-Type', 'application/json');
  const send = (left: number): void => {
    if (left === 0 || response.destroyed) {
      response.end();
      return;
    }
    response.write(MEGABYTE, () => send(left - 1));
  };
  send(megabytes);
}

describe.each(oneDatabase(databases))(
  'a version address that cannot prove anything, on %s',
  databaseId => {
    let issuer: Awaited<ReturnType<typeof startIssuer>>;
    let server: Server;
    let asked: string[];

    const start = async (
      url: (host: string, port: number) => string,
      answer: (response: ServerResponse) => void,
    ) => {
      asked = [];
      server = createServer((request, response) => {
        asked.push(request.url ?? '');
        answer(response);
      });
      await new Promise<void>(resolve => {
        server.listen(0, '127.0.0.1', resolve);
      });
      const { port } = server.address() as AddressInfo;
      const host = `127.0.0.1:${port}`;
      issuer = await startIssuer({
        databases,
        databaseId,
        production: [
          `version: { url: '${url(host, port)}', commit: $.git_sha }`,
          'rollback: { checks: 2, secondsBetweenChecks: 1 }',
        ],
        config: {
          deploy: {
            versionHosts: [host, METADATA, `${NAME}:${port}`],
            allowLoopback: true,
          },
        },
      });
    };

    /** What the name service says of the host in the version address, from now on. */
    const resolveTo = (...addresses: LookupAddress[]) => {
      jest
        .spyOn(dns.promises, 'lookup')
        .mockImplementation((async (name: string, options: LookupOptions) =>
          name === NAME ? addresses : lookup(name, options)) as never);
    };

    const preview = () =>
      issuer.backend.post('/rollbacks/preview', {
        entityRef: rollback.entityRef,
        environment: rollback.environment,
        revision: rollback.revision,
      });

    /** What is answered to a rollback that nothing comes of. */
    const refusal = async (told: string): Promise<string> => {
      const { body } = await preview();
      const refused = await issuer.backend.post('/rollbacks', rollback);

      expect(body.admission).toMatchObject({
        admitted: false,
        refusals: [
          {
            code: 'version-unusable',
            message: expect.stringContaining(told),
            remedy: expect.any(String),
          },
        ],
      });
      expect(refused.status).toBe(409);
      expect(await issuer.backend.knex('operations')).toEqual([]);
      expect(issuer.platform.serving).toBe('issuer--3');
      return refused.body.error.message;
    };

    afterEach(async () => {
      jest.restoreAllMocks();
      await issuer.backend.stop();
      server.closeAllConnections();
      await new Promise(resolve => {
        server.close(resolve);
      });
    });

    it.each<
      [
        string,
        (host: string) => string,
        (response: ServerResponse) => void,
        string,
      ]
    >([
      [
        'answers HTML',
        host => `http://${host}/version`,
        response => {
          response.setHeader('Content-Type', 'text/html');
          response.end('<h1>Oops</h1>');
        },
        'JSON',
      ],
      [
        'answers 200 MB',
        host => `http://${host}/version`,
        response => flood(response),
        '64 KiB',
      ],
      [
        'sends to a metadata address',
        host => `http://${host}/version`,
        response => {
          response.writeHead(302, {
            Location: 'http://169.254.169.254/latest/meta-data',
          });
          response.end();
        },
        'redirect',
      ],
      [
        'is a metadata address',
        () => 'http://169.254.169.254/version',
        response => response.end('{}'),
        '169.254.169.254',
      ],
    ])('refuses a rollback where it %s', async (_, url, answer, told) => {
      await start(url, answer);

      expect(await refusal(told)).toContain(told);
    });

    const named = (_host: string, port: number) =>
      `http://${NAME}:${port}/version`;
    const tell = (response: ServerResponse, commit = BAD) =>
      response.end(JSON.stringify({ git_sha: commit }));
    const here = { address: '127.0.0.1', family: 4 };
    const metadata = { address: METADATA, family: 4 };

    it.each<[string, LookupAddress[], string]>([
      ['a metadata address', [metadata], METADATA],
      ['one among others', [here, metadata], METADATA],
      [
        'one in the form of IPv6',
        [{ address: `::ffff:${METADATA}`, family: 6 }],
        METADATA,
      ],
      ['nothing', [], 'is not known'],
    ])(
      'refuses a rollback where its name stands for %s',
      async (_, to, told) => {
        await start(named, response => tell(response));
        resolveTo(...to);

        expect(await refusal(told)).toContain(told);

        expect(asked).toEqual([]);
      },
    );

    it('undoes a rollback whose name comes to stand for a metadata address, and says so', async () => {
      await start(named, response => tell(response, GOOD));
      resolveTo(here);
      let release = () => {};
      issuer.platform.gate = new Promise(resolve => {
        release = resolve;
      });
      const { status, body } = await issuer.backend.post(
        '/rollbacks',
        rollback,
      );
      const connected = asked.length;
      resolveTo(metadata);
      release();

      const operation = await issuer.ended(body.id);

      expect(status).toBe(202);
      expect(operation).toMatchObject({
        status: 'failed',
        outcome: 'as-before',
        failure: {
          message: expect.stringContaining(
            `${NAME} is not asked for its version: its address ${METADATA} is link-local`,
          ),
          remedy: expect.any(String),
        },
      });
      expect(issuer.platform.changes).toEqual([
        'switch issuer--2',
        'back issuer--3',
      ]);
      expect(connected).toBe(1);
      expect(asked).toHaveLength(connected);
      expect((await issuer.production()).hold).toBeUndefined();
    });
  },
);
