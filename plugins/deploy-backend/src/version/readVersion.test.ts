import { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { gzipSync, brotliCompressSync } from 'node:zlib';
import { VersionServer } from './__testUtils__/versionServer';
import { readVersion, ReadVersionOptions } from './readVersion';

jest.setTimeout(60_000);

const COMMIT = '1f2e3d4c5b6a79880123456789abcdef01234567';
const METADATA = '169.254.169.254';

const ipv4 = (address: string) => ({ address, family: 4 });

describe('readVersion', () => {
  let server: VersionServer;
  let resolved: string[];

  beforeAll(async () => {
    server = await VersionServer.start();
  });

  afterAll(async () => {
    await server.stop();
  });

  beforeEach(() => {
    resolved = [];
    server.answerJson({ git_sha: COMMIT });
  });

  /** Every name is this machine, unless it is among those given. */
  function lookup(names: Record<string, LookupAddress[]> = {}) {
    return async (hostname: string) => {
      resolved.push(hostname);
      return names[hostname] ?? [ipv4('127.0.0.1')];
    };
  }

  function read(
    about: Partial<ReadVersionOptions> & { url?: string; commit?: string } = {},
  ) {
    const { url = server.url(), commit = '$.git_sha', ...options } = about;
    return readVersion(
      { url, commit },
      {
        environmentUrl: server.url('/'),
        allowedHosts: [],
        allowLoopback: true,
        lookup: lookup(),
        timeoutMs: 30_000,
        ...options,
      },
    );
  }

  it('reads the commit at its path', async () => {
    server.answerJson({ builds: [{ commit: COMMIT.slice(0, 8) }] });

    expect(await read({ commit: '$.builds[0].commit' })).toEqual({
      commit: '1f2e3d4c',
    });
    expect(server.asked).toEqual([
      `issuer.example.test:${server.port} /version`,
    ]);
  });

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['GZIP', gzipSync],
  ])('reads what is compressed with %s', async (encoding, compress) => {
    server.answer((_request, response) => {
      response.setHeader('content-encoding', encoding);
      response.end(compress(JSON.stringify({ git_sha: COMMIT })));
    });

    expect(await read()).toEqual({ commit: COMMIT });
  });

  it('reads JSON with a byte order mark, as files written by PowerShell have', async () => {
    server.answer((_request, response) =>
      response.end(`\ufeff${JSON.stringify({ git_sha: COMMIT })}`),
    );

    expect(await read()).toEqual({ commit: COMMIT });
  });

  it('asks an allowed host beside the environment', async () => {
    const url = server.url('/version', 'status.example.test');
    const allowedHosts = [`status.example.test:${server.port}`];

    expect(await read({ url, allowedHosts })).toEqual({ commit: COMMIT });
    expect(await read({ url })).toEqual({
      kind: 'forbidden',
      problem: {
        message: `http://status.example.test:${server.port}/version is neither on the host of the environment's url nor on one of deploy.versionHosts in app-config.`,
        remedy: 'Correct version.url in deploy.yaml.',
      },
    });
    expect(server.asked).toHaveLength(1);
  });

  it('asks the very address that was checked, and resolves no name twice', async () => {
    const answers = [[ipv4('127.0.0.1')], [ipv4(METADATA)]];
    const rebinding = async (hostname: string) => {
      resolved.push(hostname);
      return answers[Math.min(resolved.length, answers.length) - 1];
    };

    expect(await read({ lookup: rebinding })).toEqual({ commit: COMMIT });
    expect(resolved).toEqual(['issuer.example.test']);
  });

  it.each([
    ['a metadata address', [ipv4(METADATA)], /metadata and credentials/],
    [
      'two addresses of which one is bad',
      [ipv4('127.0.0.1'), ipv4(METADATA)],
      /169\.254\.169\.254 is link-local/,
    ],
    [
      'a mapped metadata address',
      [{ address: `::ffff:${METADATA}`, family: 6 }],
      /link-local/,
    ],
    [
      'metadata over IPv6',
      [{ address: 'fd00:ec2::254', family: 6 }],
      /metadata/,
    ],
    ['nowhere', [ipv4('0.0.0.0')], /no service answers/],
    ['no address', [], /is not known/],
  ])('does not ask a name that means %s', async (_name, addresses, message) => {
    const result = await read({
      lookup: lookup({ 'issuer.example.test': addresses }),
    });

    expect(result).toEqual({
      kind: addresses.length > 0 ? 'forbidden' : 'unusable',
      problem: {
        message: expect.stringMatching(message),
        remedy: expect.stringMatching(/version\.url of deploy\.yaml/),
      },
    });
    expect(server.asked).toEqual([]);
  });

  it.each([
    ['loopback by name', 'issuer.example.test'],
    ['loopback by address', '127.0.0.1'],
    ['loopback as a number', '2130706433'],
    ['loopback in short', '127.1'],
  ])('does not ask %s unless that is configured', async (_name, host) => {
    const url = server.url('/version', host);

    const result = await read({
      url,
      environmentUrl: url,
      allowLoopback: false,
    });

    expect(result).toMatchObject({
      problem: { message: expect.stringMatching('deploy.allowLoopback') },
    });
    expect(server.asked).toEqual([]);
  });

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://[::ffff:169.254.169.254]/',
    'http://[fd00:ec2::254]/',
    'http://0xa9fea9fe/',
  ])('never asks %s, even if it is the environment', async url => {
    expect(
      await read({ url, environmentUrl: url, allowedHosts: [METADATA] }),
    ).toMatchObject({
      problem: { message: expect.stringMatching('metadata') },
    });
    expect(resolved).toEqual([]);
  });

  function redirect(...locations: string[]) {
    server.answer((request, response) => {
      const hop = Number(/\d+$/.exec(request.url ?? '')?.[0] ?? 0);
      if (hop >= locations.length) {
        response.end(JSON.stringify({ git_sha: COMMIT }));
        return;
      }
      response.writeHead(302, { location: locations[hop] });
      response.end();
    });
  }

  it('follows a few redirects on the same host, checking each', async () => {
    redirect('/v/1', server.url('/v/2'), '3');

    expect(await read()).toEqual({ commit: COMMIT });
    expect(server.asked).toHaveLength(4);
    expect(resolved).toHaveLength(4);
  });

  it.each([
    ['too often', ['/1', '/2', '/3', '/4'], /more than 3 times/],
    ['to another host', ['http://elsewhere.example.test/'], /another host/],
    ['to metadata', [`http://${METADATA}/latest/`], /another host/],
    ['to another port', ['http://issuer.example.test:22/'], /has a port/],
    ['to a file', ['file:///etc/passwd'], /another host/],
    [
      'with a password',
      ['http://user:word@issuer.example.test/'],
      /password in it/,
    ],
    ['to nothing', ['http://:::/'], /is no URL/],
  ])('follows no redirect %s', async (_name, locations, message) => {
    redirect(...locations);

    expect(await read()).toEqual({
      kind: 'forbidden',
      problem: {
        message: expect.stringMatching(message),
        remedy: expect.stringMatching(/version\.url of deploy\.yaml/),
      },
    });
  });

  it('checks the name again when a redirect comes to it', async () => {
    redirect('/1');
    const answers = [[ipv4('127.0.0.1')], [ipv4(METADATA)]];

    const result = await read({
      lookup: async () => answers.shift() ?? [],
    });

    expect(result).toMatchObject({
      problem: { message: expect.stringMatching('link-local') },
    });
    expect(server.asked).toHaveLength(1);
  });

  it.each([
    [
      'an HTML page',
      '<!doctype html><p>Sign in</p>',
      /an HTML page that is not JSON/,
    ],
    ['a text', 'healthy', /something that is not JSON/],
    ['nothing', '', /something that is not JSON/],
    [
      'JSON without a commit',
      '{"version": "1.2"}',
      /has nothing at \$\.git_sha/,
    ],
    ['what is no commit', '{"git_sha": "unknown"}', /is no commit/],
    ['an object', '{"git_sha": {"a": 1}}', /is no commit/],
    ['null', 'null', /has nothing at/],
  ])('says what is wrong with %s', async (_name, body, message) => {
    server.answer((_request, response) => response.end(body));

    const result = await read();

    expect(result).toEqual({
      kind: 'unusable',
      problem: {
        message: expect.stringMatching(message),
        remedy: expect.stringMatching(/deploy\.yaml/),
      },
    });
    expect(JSON.stringify(result)).not.toMatch(/Sign in|healthy|unknown/);
  });

  it.each([401, 404, 500, 503, 204, 304])(
    'says that it answered with %i',
    async status => {
      server.answer((_request, response) => {
        response.writeHead(status);
        response.end();
      });

      expect(await read()).toMatchObject({
        kind: 'failing',
        problem: { message: expect.stringMatching(`with status ${status}`) },
      });
    },
  );

  it('says nothing of what is private in the address', async () => {
    server.answer((_request, response) => response.writeHead(500).end());

    const result = await read({ url: server.url('/version?key=hush') });

    expect(JSON.stringify(result)).not.toContain('hush');
  });

  it.each([
    ['that tells its length', { 'content-length': String(200 * 1024 ** 2) }],
    ['that does not', {}],
  ])('reads no more than 64 KiB of 200 MB %s', async (_name, headers) => {
    let sent = 0;
    let closed: Promise<unknown> = Promise.resolve();
    server.answer((_request, response) => {
      closed = once(response, 'close');
      response.writeHead(200, headers);
      const write = () => {
        while (!response.destroyed && sent < 200 * 1024 ** 2) {
          sent += 16_384;
          if (!response.write(Buffer.alloc(16_384, ' '))) {
            response.once('drain', write);
            return;
          }
        }
      };
      write();
    });

    const result = await read();
    await closed;

    expect(result).toMatchObject({
      problem: { message: expect.stringMatching('more than 64 KiB') },
    });
    expect(sent).toBeLessThan(50 * 1024 ** 2);
  });

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])(
    'unpacks no more than 64 KiB of a bomb in %s',
    async (encoding, compress) => {
      const bomb = compress(Buffer.alloc(32 * 1024 ** 2, ' '));
      server.answer((_request, response) => {
        response.setHeader('content-encoding', encoding);
        response.end(bomb);
      });

      expect(bomb.length).toBeLessThan(64 * 1024);
      expect(await read()).toMatchObject({
        problem: { message: expect.stringMatching('more than 64 KiB') },
      });
    },
  );

  it.each(['gzip', 'zstd', 'gzip, gzip', 'constructor'])(
    'says that it cannot unpack what is no %s',
    async encoding => {
      server.answer((_request, response) => {
        response.setHeader('content-encoding', encoding);
        response.end('{}');
      });

      expect(await read()).toMatchObject({
        problem: { message: expect.stringMatching('cannot be unpacked') },
      });
    },
  );

  it.each([
    ['the name service', { lookup: () => new Promise<never>(() => {}) }],
    ['the service', {}],
  ])('does not wait for %s for ever', async (_name, options) => {
    server.answer(() => undefined);

    expect(await read({ ...options, timeoutMs: 100 })).toEqual({
      kind: 'unreachable',
      problem: {
        message: `${server.url()} did not answer within 0.1 seconds.`,
        remedy: expect.stringMatching('the portal can reach it'),
      },
    });
  });

  it('does not wait for a body that drips', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    server.answer((_request, response) => {
      response.write('{');
      const drip = setInterval(() => response.write(' '), 10);
      closed = once(response, 'close').then(() => clearInterval(drip));
    });

    const result = await read({ timeoutMs: 100 });
    await closed;

    expect(result).toMatchObject({
      problem: { message: expect.stringMatching('did not answer within') },
    });
  });

  it('says that nobody listens, and why', async () => {
    const gone = await VersionServer.start();
    await gone.stop();

    expect(
      await read({ url: gone.url(), environmentUrl: gone.url() }),
    ).toMatchObject({
      problem: {
        message: `${gone.url()} cannot be reached (ECONNREFUSED).`,
      },
    });
  });

  it.each([
    [
      'is not known',
      'ENOTFOUND',
      'unusable',
      'The name issuer.example.test is not known.',
    ],
    [
      'cannot be resolved now',
      'EAI_AGAIN',
      'unreachable',
      /cannot be reached \(EAI_AGAIN\)/,
    ],
  ])('says that a name %s', async (_name, code, kind, message) => {
    const failing = async () => {
      throw Object.assign(new Error('getaddrinfo'), { code });
    };

    expect(await read({ lookup: failing })).toMatchObject({
      kind,
      problem: { message: expect.stringMatching(message) },
    });
  });

  it('says that a service hangs up', async () => {
    server.answer(request => request.socket.destroy());

    expect(await read()).toMatchObject({
      problem: { message: expect.stringMatching('cannot be reached') },
    });
  });

  it.each(['not a url', 'file:///etc/passwd', 'gopher://issuer.example.test/'])(
    'does not ask %s',
    async url => {
      expect(await read({ url })).toMatchObject({
        problem: { remedy: 'Correct version.url in deploy.yaml.' },
      });
    },
  );

  it('stops when whoever asked has gone', async () => {
    const controller = new AbortController();
    server.answer(() => controller.abort(new Error('the lease is lost')));

    await expect(read({ signal: controller.signal })).rejects.toThrow(
      'the lease is lost',
    );
  });
});
