import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImageTools, ToolsState } from '../simulators/image-tools';
import { SCRIPTS } from './vmWorld';

jest.setTimeout(240_000);

const COMMIT = 'a'.repeat(40);
const REPOSITORY = 'ghcr.io/example-org/shop';
const DIGEST = `sha256:${'1'.repeat(64)}`;
const OTHER = `sha256:${'2'.repeat(64)}`;
const WORKFLOW =
  'https://github.com/example-org/shop/.github/workflows/deploy.yml@refs/heads/main';
const ISSUER = 'https://token.actions.githubusercontent.com';

describe('the scripts for images', () => {
  let folder: string;
  let tools: ImageTools;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'images-'));
    tools = new ImageTools(folder);
    writeFileSync(join(folder, 'sleep'), '#!/bin/sh\n', { mode: 0o755 });
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function have(state: Partial<ToolsState>): void {
    tools.write({ ...tools.state, ...state });
  }

  function run(
    script: string,
    environment: Record<string, string>,
  ): Promise<{ code: number | null; output: string }> {
    return new Promise((done, reject) => {
      const child = spawn(join(SCRIPTS, script), {
        cwd: folder,
        env: {
          PATH: `${folder}:${process.env.PATH}`,
          TMPDIR: folder,
          GITHUB_OUTPUT: join(folder, 'output'),
          ...tools.environment,
          ...environment,
        },
      });
      let output = '';
      const take = (text: string) => {
        output += text;
      };
      child.stdout.setEncoding('utf8').on('data', take);
      child.stderr.setEncoding('utf8').on('data', take);
      child.once('error', reject);
      child.once('close', code => done({ code, output }));
    });
  }

  const put = (name: string) =>
    readFileSync(join(folder, 'output'), 'utf8')
      .split('\n')
      .find(line => line.startsWith(`${name}=`))
      ?.slice(name.length + 1);

  describe('image-find.sh', () => {
    const find = (environment: Record<string, string> = {}) =>
      run('image-find.sh', {
        REPOSITORY,
        TAG: COMMIT,
        GITHUB_REF_TYPE: 'branch',
        GITHUB_REF_NAME: 'main',
        ...environment,
      });
    const namesOf = async (environment: Record<string, string>) => {
      const { code, output } = await find(environment);
      expect({ code, output }).toMatchObject({ code: 0 });
      return put('names')
        ?.split(',')
        .map(name => name.slice(REPOSITORY.length + 1));
    };

    it('has the image built that the registry does not have', async () => {
      expect((await find()).code).toBe(0);
      expect(put('digest')).toBe('');
    });

    it('finds the image of the commit by its digest', async () => {
      have({ tags: { [`${REPOSITORY}:${COMMIT}`]: DIGEST } });

      expect((await find()).code).toBe(0);
      expect(put('digest')).toBe(DIGEST);
    });

    it.each([
      ['denied: requested access to the resource is denied', 0],
      ['403 Forbidden', 0],
      ['failed to do request: dial tcp: i/o timeout', 1],
      ['500 Internal Server Error', 1],
    ])('ends, where the registry says "%s", with %d', async (said, code) => {
      have({ registryError: said });

      const ended = await find();

      expect(ended.code).toBe(code);
      expect(ended.output).toContain(
        code === 0 ? 'has to be built' : 'does not say whether',
      );
    });

    it.each([
      ['package.json', '{\n  "name": "x",\n  "version": "1.2.3"\n}', '1.2.3'],
      ['Cargo.toml', '[package]\nname = "x"\nversion = "0.4.0"\n', '0.4.0'],
      ['__init__.py', '__version__ = "2.0.1+build.7"\n', '2.0.1-build.7'],
    ])('reads the version of %s', async (file, text, version) => {
      writeFileSync(join(folder, file), text);

      expect(
        await namesOf({ TAGS: 'version version-commit', VERSION_FILE: file }),
      ).toEqual([COMMIT, version, `${version}-${COMMIT}`]);
    });

    it('reads the version by a pattern', async () => {
      writeFileSync(join(folder, 'VERSION.txt'), 'shop release 7.1\n');

      expect(
        await namesOf({
          TAGS: 'version',
          VERSION_FILE: 'VERSION.txt',
          VERSION_PATTERN: '^shop release ([0-9.]+)$',
        }),
      ).toEqual([COMMIT, '7.1']);
    });

    it.each(['nothing here', 'version = "$(id)"'])(
      'fails where there is no version that could be a tag: %s',
      async text => {
        writeFileSync(join(folder, 'package.json'), text);

        const { code, output } = await find({
          TAGS: 'version',
          VERSION_FILE: 'package.json',
        });

        expect(output).toContain('There is no version in package.json');
        expect(code).toBe(1);
      },
    );

    it.each([
      ['feature/new-cart', ['feature-new-cart']],
      ['latest', []],
      ['v9.9', []],
    ])('calls it after the branch %s: %p', async (branch, names) => {
      expect(await namesOf({ TAGS: 'branch', BRANCH: branch })).toEqual([
        COMMIT,
        ...names,
      ]);
    });

    it('replaces no other commit by a branch that is called like it', async () => {
      const { code, output } = await find({
        TAGS: 'branch',
        BRANCH: 'b'.repeat(40),
      });

      expect(output).toContain('the tag of another commit');
      expect(code).toBe(1);
    });

    it.each([
      ['branch', 'main', ['latest']],
      ['branch', 'develop', []],
      ['tag', 'v1.2.3', ['v1.2.3', 'latest']],
      ['tag', 'v1.3.0-rc.1', ['v1.3.0-rc.1']],
    ])('is latest or not on the %s %s: %p', async (type, ref, names) => {
      expect(
        await namesOf({
          TAGS: 'tag latest',
          GITHUB_REF_TYPE: type,
          GITHUB_REF_NAME: ref,
          DEFAULT_BRANCH: 'main',
        }),
      ).toEqual([COMMIT, ...names]);
    });

    it('is called after the environment', async () => {
      expect(
        await namesOf({ TAGS: 'environment', ENVIRONMENT: 'staging' }),
      ).toEqual([COMMIT, 'staging']);
    });
  });

  describe('image-names.sh', () => {
    const image = `${REPOSITORY}@${DIGEST}`;
    const names = [COMMIT, '1.2.3', 'latest'].map(
      tag => `${REPOSITORY}:${tag}`,
    );
    const name = () =>
      run('image-names.sh', { IMAGE: image, NAMES: names.join(',') });
    const all = Object.fromEntries(names.map(one => [one, DIGEST]));

    it('gives all names to the image as it is', async () => {
      have({ images: { [DIGEST]: {} } });

      expect((await name()).code).toBe(0);
      expect(tools.state.tags).toEqual(all);
    });

    it('moves names, and gives none twice', async () => {
      have({
        images: { [DIGEST]: {}, [OTHER]: {} },
        tags: { [names[0]]: DIGEST, [names[2]]: OTHER },
      });

      expect((await name()).code).toBe(0);
      expect(tools.state.tags).toEqual(all);
      expect(
        tools.state.calls.filter(call => call.includes('create')),
      ).toHaveLength(2);
    });

    it('never gives the name of a commit to another image', async () => {
      have({ images: { [DIGEST]: {} }, tags: { [names[0]]: OTHER } });

      const { code, output } = await name();

      expect(output).toContain('is another image already');
      expect(code).toBe(1);
      expect(tools.state.tags).toEqual({ [names[0]]: OTHER });
    });

    it('is done by a second run where names cannot be given twice', async () => {
      have({
        images: { [DIGEST]: {} },
        tags: { [names[0]]: DIGEST },
        immutable: true,
      });

      expect((await name()).code).toBe(0);
      expect(tools.state.tags).toEqual(all);
    });
  });

  describe('image-names.sh, for one build by several jobs', () => {
    const first = `${REPOSITORY}:${COMMIT}`;
    const version = `${REPOSITORY}:v1.2.0`;
    const name = (environment: Record<string, string> = {}) =>
      run('image-names.sh', {
        IMAGE: `${REPOSITORY}@${DIGEST}`,
        NAMES: `${first},${version}`,
        IF_TAKEN: 'take',
        ...environment,
      });
    const waiting = (script: string) =>
      writeFileSync(join(folder, 'sleep'), script, { mode: 0o755 });

    it('gives an image its names, and says which that is', async () => {
      have({ images: { [DIGEST]: {} } });

      expect((await name()).code).toBe(0);
      expect(tools.state.tags).toEqual({ [first]: DIGEST, [version]: DIGEST });
      expect(put('digest')).toBe(DIGEST);
    });

    it.each([false, true])(
      'takes the one that was named first, where names are given once: %p',
      async immutable => {
        have({
          images: { [DIGEST]: {}, [OTHER]: {} },
          tags: { [first]: OTHER },
          immutable,
        });

        expect((await name()).code).toBe(0);
        expect(tools.state.tags).toEqual({ [first]: OTHER, [version]: OTHER });
        expect(put('digest')).toBe(OTHER);
      },
    );

    it('fails where the registry does not say what has the name', async () => {
      have({ images: { [DIGEST]: {} }, registryError: 'i/o timeout' });

      const { code, output } = await name();

      expect(output).toContain('does not say what');
      expect(code).toBe(1);
      // It may have had the name.
      expect(tools.state.calls.flat()).not.toContain('create');
    });

    it('moves no name that another image has', async () => {
      have({
        images: { [DIGEST]: {}, [OTHER]: {} },
        tags: { [version]: OTHER },
      });

      const { code, output } = await name();

      expect(output).toContain(`${version} is another image`);
      expect(code).toBe(1);
      expect(tools.state.tags).toEqual({ [first]: DIGEST, [version]: OTHER });
    });

    it('takes the same as all others that give the name at that time', async () => {
      have({ images: { [DIGEST]: {}, [OTHER]: {} }, together: 2 });
      // As long as giving a name may take: until both have.
      waiting(
        '#!/bin/sh\n: >"$TMPDIR/waits.$$"\nuntil test "$(ls "$TMPDIR" | grep -c ^waits)" -ge 2; do :; done\n',
      );

      const ended = await Promise.all(
        [DIGEST, OTHER].map(digest =>
          name({
            IMAGE: `${REPOSITORY}@${digest}`,
            NAMES: first,
            SETTLE_SECONDS: '60',
            GITHUB_OUTPUT: join(folder, digest.slice(-1)),
          }),
        ),
      );

      expect(ended.map(({ code }) => code)).toEqual([0, 0]);
      const taken = `digest=${tools.state.tags[first]}\n`;
      for (const digest of [DIGEST, OTHER]) {
        const file = join(folder, digest.slice(-1));
        expect(readFileSync(file, 'utf8')).toBe(taken);
      }
    });

    it.each([DIGEST, OTHER])(
      'takes what came last, also if it is there already: %s',
      async found => {
        have({
          images: { [DIGEST]: {}, [OTHER]: {} },
          tags: { [first]: found },
        });
        // Somebody looked before it was there.
        waiting(`#!/usr/bin/env node
          const { readFileSync, writeFileSync } = require('node:fs');
          const file = process.env.IMAGE_TOOLS_STATE;
          const state = JSON.parse(readFileSync(file, 'utf8'));
          state.tags[${JSON.stringify(first)}] = ${JSON.stringify(OTHER)};
          writeFileSync(file, JSON.stringify(state));
        `);

        const ended = await name({ NAMES: first, SETTLE_SECONDS: '60' });

        expect(ended.code).toBe(0);
        expect(put('digest')).toBe(OTHER);
      },
    );
  });

  describe('image-verify.sh', () => {
    const verify = (environment: Record<string, string> = {}) =>
      run('image-verify.sh', {
        IMAGE: `${REPOSITORY}@${DIGEST}`,
        IDENTITY:
          '^https://github\\.com/example-org/shop/\\.github/workflows/deploy\\.yml@refs/heads/main$',
        ...environment,
      });
    const signedBy = (identity: string, issuer = ISSUER) =>
      have({ images: { [DIGEST]: { signers: [{ issuer, identity }] } } });

    it('lets an image through that the workflow signed', async () => {
      signedBy(WORKFLOW);

      expect((await verify()).code).toBe(0);
    });

    it.each([
      ['another branch', WORKFLOW.replace('main', 'try'), ISSUER],
      ['another workflow', WORKFLOW.replace('deploy', 'test'), ISSUER],
      ['another repository', WORKFLOW.replace('/shop', '/shop-2'), ISSUER],
      ['a longer branch', `${WORKFLOW}-2`, ISSUER],
      ['another issuer', WORKFLOW, 'https://accounts.example.test'],
    ])('lets none through that was signed by %s', async (_, who, issuer) => {
      signedBy(who, issuer);

      const { code, output } = await verify();

      expect(output).toContain('was not signed by this pipeline');
      expect(code).toBe(1);
      expect(tools.state.calls).toHaveLength(1);
    });

    it('lets none through that was signed for another commit', async () => {
      const signer = { issuer: ISSUER, identity: WORKFLOW, sha: COMMIT };
      have({ images: { [DIGEST]: { signers: [signer] } } });

      expect((await verify({ COMMIT })).code).toBe(0);
      expect((await verify({ COMMIT: 'f'.repeat(40) })).output).toContain(
        'was not signed by this pipeline',
      );
    });

    it('goes by what the image says of its commit where runs are of another one', async () => {
      const signers = [
        { issuer: ISSUER, identity: WORKFLOW, sha: 'f'.repeat(40) },
      ];
      const Labels = { 'org.opencontainers.image.revision': COMMIT };
      const label = { COMMIT, COMMIT_BY: 'label' };
      have({
        images: { [DIGEST]: { signers, config: { config: { Labels } } } },
      });

      expect((await verify({ COMMIT })).code).toBe(1);
      expect((await verify(label)).code).toBe(0);
      expect(
        (await verify({ ...label, COMMIT: 'f'.repeat(40) })).output,
      ).toContain('is not of the commit');

      have({ images: { [DIGEST]: { signers, config: { config: {} } } } });
      expect((await verify(label)).code).toBe(1);

      // Its own word alone is worth nothing.
      have({ images: { [DIGEST]: { config: { config: { Labels } } } } });
      expect((await verify(label)).output).toContain('was not signed');
    });

    it('lets none through that nobody signed, and none by a tag', async () => {
      have({ images: { [DIGEST]: {} } });

      expect((await verify()).code).toBe(1);
      expect(
        (await verify({ IMAGE: `${REPOSITORY}:${COMMIT}` })).output,
      ).toContain('has no digest');
    });

    it('asks again where the network fails, and not for ever', async () => {
      signedBy(WORKFLOW);
      have({ networkFailures: 2 });
      expect((await verify()).code).toBe(0);

      have({ networkFailures: 3 });
      expect((await verify()).code).toBe(1);
    });
  });

  describe('image-scan.sh', () => {
    const scan = (severities: string) =>
      run('image-scan.sh', {
        SCAN_REPORT: 'scan.json',
        SARIF_REPORT: 'scan.sarif',
        SEVERITIES: severities,
      });

    beforeEach(() => {
      writeFileSync(
        join(folder, 'scan.json'),
        JSON.stringify({
          Results: [
            {
              Vulnerabilities: [
                { VulnerabilityID: 'CVE-2026-1', Severity: 'HIGH' },
                { VulnerabilityID: 'CVE-2026-2', Severity: 'LOW' },
              ],
            },
          ],
        }),
      );
    });

    it.each([
      ['CRITICAL', 0],
      ['CRITICAL,HIGH', 1],
    ])(
      'ends for %s with %d, and writes everything down',
      async (which, code) => {
        expect((await scan(which)).code).toBe(code);
        expect(
          JSON.parse(readFileSync(join(folder, 'scan.sarif'), 'utf8')),
        ).toEqual({ format: 'sarif', found: ['CVE-2026-1', 'CVE-2026-2'] });
      },
    );

    it.each([
      ['there is no report', '', 'was not completed'],
      ['it cannot be read', '{', 'SyntaxError'],
    ])('fails where %s', async (_, text, message) => {
      writeFileSync(join(folder, 'scan.json'), text);

      const { code, output } = await scan('CRITICAL');

      expect(output).toContain(message);
      expect(code).toBe(1);
    });
  });

  describe('image-choose.sh', () => {
    const choose = (tag: string) =>
      run('image-choose.sh', { REPOSITORY, TAG: tag });
    const Labels = { 'org.opencontainers.image.revision': COMMIT };

    it.each([
      ['one platform', { config: { Labels } }, COMMIT],
      [
        'several platforms',
        { 'linux/amd64': { config: { Labels } }, 'linux/arm64': {} },
        COMMIT,
      ],
      ['no commit', { config: {} }, ''],
      ['no text for one', { config: { Labels: { ...Labels, a: 1 } } }, COMMIT],
    ])('finds the image and its commit: %s', async (_, config, commit) => {
      have({
        images: { [DIGEST]: { config } },
        tags: { [`${REPOSITORY}:v1.2.3`]: DIGEST },
      });

      expect((await choose('v1.2.3')).code).toBe(0);
      expect(put('image')).toBe(`${REPOSITORY}@${DIGEST}`);
      expect(put('commit')).toBe(commit);
    });

    it.each([
      ['of another commit', { ...Labels }, 'b'.repeat(40), 'of another commit'],
      ['that does not tell', {}, 'v1.2.3', 'does not tell its commit'],
    ])('takes none %s', async (_, said, tag, message) => {
      have({
        images: { [DIGEST]: { config: { config: { Labels: said } } } },
        tags: { [`${REPOSITORY}:${tag}`]: DIGEST },
      });

      const { code, output } = await run('image-choose.sh', {
        REPOSITORY,
        TAG: tag,
        SIGNED: 'true',
      });

      expect(output).toContain(message);
      expect(code).toBe(1);
    });

    it('takes who names a commit by that word', async () => {
      have({
        images: { [DIGEST]: { config: { config: {} } } },
        tags: { [`${REPOSITORY}:${COMMIT}`]: DIGEST },
      });

      expect((await choose(COMMIT)).code).toBe(0);
      expect(put('commit')).toBe(COMMIT);
    });

    it.each([
      ['v9', 'There is no image'],
      ['x@sha256:1', 'That is not a tag'],
      ['$(id)', 'That is not a tag'],
      ['--help', 'That is not a tag'],
    ])('refuses %s', async (tag, message) => {
      const { code, output } = await choose(tag);

      expect(output).toContain(message);
      expect(code).toBe(1);
    });
  });
});
