import { createServer, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { TestDatabases } from '@backstage/backend-test-utils';
import { rollback, startIssuer } from './__testUtils__/startIssuer';

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

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

describe.each(databases.eachSupportedId())(
  'a version address that cannot prove anything, on %s',
  databaseId => {
    let issuer: Awaited<ReturnType<typeof startIssuer>>;
    let server: Server;
    let asked: string[];

    const start = async (
      url: (host: string) => string,
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
      const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
      issuer = await startIssuer({
        databases,
        databaseId,
        production: [`version: { url: '${url(host)}', commit: $.git_sha }`],
        config: {
          deploy: {
            versionHosts: [host, '169.254.169.254'],
            allowLoopback: true,
          },
        },
      });
    };

    afterEach(async () => {
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

      const preview = await issuer.backend.post('/rollbacks/preview', {
        entityRef: rollback.entityRef,
        environment: rollback.environment,
        revision: rollback.revision,
      });
      const refused = await issuer.backend.post('/rollbacks', rollback);

      expect(preview.body.admission).toMatchObject({
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
      expect(refused.body.error.message).toContain(told);
      expect(await issuer.backend.knex('operations')).toEqual([]);
      expect(issuer.platform.serving).toBe('issuer--3');
    });
  },
);
