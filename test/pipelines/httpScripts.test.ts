import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, IncomingHttpHeaders, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCRIPTS } from './vmWorld';

jest.setTimeout(240_000);

const KEY = 'key "of" the $(issuer)';

describe('scripts that ask and tell by HTTP', () => {
  let server: Server;
  let folder: string;
  /** What is answered, one after the other; the last one from then on. */
  let statuses: number[];
  let requests: {
    path?: string;
    headers: IncomingHttpHeaders;
    body: string;
  }[];

  beforeEach(async () => {
    statuses = [200];
    requests = [];
    folder = await mkdtemp(join(tmpdir(), 'runner-'));
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request.setEncoding('utf8')) {
        body += chunk;
      }
      requests.push({ path: request.url, headers: request.headers, body });
      response.statusCode = statuses[0];
      if (statuses.length > 1) {
        statuses.shift();
      }
      response.end('{}');
    });
    await new Promise<void>(done => {
      server.listen(0, '127.0.0.1', done);
    });
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise(done => {
      server.close(done);
    });
    await rm(folder, { recursive: true });
  });

  function run(
    script: string,
    environment: Record<string, string>,
  ): Promise<{ code: number | null; output: string }> {
    return new Promise((done, reject) => {
      const child = spawn(join(SCRIPTS, script), {
        cwd: folder,
        env: { PATH: process.env.PATH, ...environment },
      });
      let output = '';
      const collect = (text: string) => {
        output += text;
      };
      child.stdout.setEncoding('utf8').on('data', collect);
      child.stderr.setEncoding('utf8').on('data', collect);
      child.once('error', reject);
      child.once('close', code => done({ code, output }));
    });
  }

  const address = (path: string) =>
    `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;

  describe('verify-http.sh', () => {
    const verify = (environment: Record<string, string> = {}) =>
      run('verify-http.sh', {
        VERIFY_URL: address('/oobi/a/controller'),
        VERIFY_STATUSES: '200 202',
        VERIFY_ATTEMPTS: '3',
        VERIFY_SECONDS: '0',
        ...environment,
      });

    it.each([200, 202])('takes %d', async status => {
      statuses = [status];

      expect((await verify()).code).toBe(0);
      expect(requests).toHaveLength(1);
    });

    it('asks again until the answer is good', async () => {
      statuses = [503, 404, 202];

      expect((await verify()).code).toBe(0);
      expect(requests).toHaveLength(3);
    });

    it.each([204, 301, 404, 500])('fails on %d', async status => {
      statuses = [status];

      const { code, output } = await verify();

      expect(code).toBe(1);
      expect(output).toContain('did not answer with one of: 200 202');
      expect(requests).toHaveLength(3);
    });

    it('fails where nobody answers', async () => {
      const { code } = await verify({ VERIFY_URL: 'http://127.0.0.1:1/' });

      expect(code).toBe(1);
    });
  });

  describe('post-results.sh', () => {
    const cases = `<testsuites><testsuite>
      <testcase classname="a" name="good" time="1.5"/>
      <testcase classname="a" name="bad" time="0.25"><failure/></testcase>
      <testcase classname="a" name="worse" time="0.25"><error/></testcase>
      <testcase classname="a" name="later"><skipped/></testcase>
    </testsuite></testsuites>`;

    const post = async (report: string | undefined) => {
      if (report !== undefined) {
        await writeFile(join(folder, 'report.xml'), report);
      }
      return run('post-results.sh', {
        HOME: process.env.HOME ?? '',
        RESULTS_URL: address('/admin/deployment-tests'),
        RESULTS_KEY: KEY,
        RESULTS_ADDRESSES: '{"issuer_url":"https://issuer.example.test"}',
        REPORT: 'report.xml',
        GITHUB_SHA: 'a'.repeat(40),
      });
    };

    it('tells the counts, with the key in a header', async () => {
      const { code, output } = await post(cases);

      expect(output).toBe('{}');
      expect(code).toBe(0);
      expect(requests).toHaveLength(1);
      expect(requests[0].headers['x-api-key']).toBe(KEY);
      expect(JSON.parse(requests[0].body)).toEqual({
        git_sha: 'a'.repeat(40),
        passed: false,
        total_tests: 4,
        passed_tests: 1,
        failed_tests: 2,
        duration_seconds: 2,
        issuer_url: 'https://issuer.example.test',
        errors: ['a::bad', 'a::worse'],
      });
    });

    it('does not fail a deployment when nobody takes them', async () => {
      statuses = [401];

      const { code, output } = await post(cases);

      expect(code).toBe(0);
      expect(output).toContain('::warning::');
      expect(output).not.toContain(KEY);
    });

    it('has nothing to tell without a report', async () => {
      expect(await post(undefined)).toMatchObject({ code: 0 });
      expect(requests).toEqual([]);
    });
  });
});
