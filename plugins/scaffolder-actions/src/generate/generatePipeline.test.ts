import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { parse } from 'yaml';
import { planFiles, readScripts } from '../cli/plan';
import { lintWorkflows } from '../lint';
import { shellcheckProgram } from '../lint/__testUtils__/shellcheckProgram';
import { EXAMPLES, generate, SHOP, specOf } from './__testUtils__/generating';
import { generatePipeline } from './generatePipeline';
import { isEdited, readHeader } from './header';
import { GeneratedFile, Job, Workflow } from './model';
import { pinOf, pins } from './pins';
import { renderWorkflow } from './renderWorkflow';

jest.setTimeout(240_000);

const ASSETS = path.resolve(__dirname, '../../assets/deploy');

function workflowIn(files: readonly GeneratedFile[]): Workflow {
  const file = files.find(one => one.path.endsWith('/deploy.yml'));
  return parse(file?.content ?? '');
}

function jobsOf(text: string): Record<string, Job> {
  return workflowIn(generate(text)).jobs;
}

const PIPELINES = readdirSync(EXAMPLES, { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(({ name }) => name);

describe('the pipelines of the examples', () => {
  it.each(PIPELINES)(
    'are those that are committed, and no others: %s',
    async name => {
      const folder = path.join(EXAMPLES, name);
      const result = await planFiles(path.join(folder, 'deploy.yaml'));

      const files = 'files' in result ? result.files : [];
      const workflows = files
        .filter(file => file.path.startsWith('.github/workflows/'))
        .map(file => path.basename(file.path));
      expect(
        readdirSync(path.join(folder, '.github/workflows')).sort(),
      ).toEqual(workflows.sort());
      for (const file of files) {
        const committed = path.join(folder, file.path);
        expect(readFileSync(committed, 'utf8')).toBe(file.content);
        // eslint-disable-next-line no-bitwise
        expect((statSync(committed).mode & 0o100) !== 0).toBe(
          file.executable ?? false,
        );
      }
    },
  );

  it.each(PIPELINES)('have nothing that the linter finds: %s', async name => {
    const folder = path.join(EXAMPLES, name, '.github/workflows');
    const files = readdirSync(folder).map(file => ({
      file,
      text: readFileSync(path.join(folder, file), 'utf8'),
    }));

    expect(
      await lintWorkflows(files, { shellcheck: shellcheckProgram }),
    ).toEqual([]);
  });
});

describe('the scripts', () => {
  it('have nothing that ShellCheck finds', async () => {
    const files = readdirSync(ASSETS).map(file => path.join(ASSETS, file));

    expect(files.length).toBeGreaterThan(5);
    const { stdout } = await promisify(execFile)(
      shellcheckProgram,
      ['--format=json1', '--exclude=SC1091', ...files],
      { maxBuffer: 1_000_000 },
    ).catch(error => error);
    expect(JSON.parse(stdout).comments).toEqual([]);
  });
});

describe('pins', () => {
  it('have a tag, a whole commit and a source each', () => {
    for (const [action, { tag, commit, source }] of Object.entries(pins)) {
      expect(action).toMatch(/^[\w.-]+\/[\w.-]+$/);
      expect(tag).toMatch(/^v\d/);
      expect(commit).toMatch(/^[0-9a-f]{40}$/);
      expect(source).toMatch(/^https:\/\//);
    }
    const commits = Object.values(pins).map(({ commit }) => commit);
    expect(new Set(commits).size).toBe(commits.length);
  });

  it('are asked for by repository', () => {
    expect(pinOf('github/codeql-action/init')).toBe(
      pins['github/codeql-action'],
    );
  });

  it.each(['someone/unknown', 'constructor/x', '__proto__'])(
    'refuse what is not in the table: %s',
    action => {
      const workflow = workflowIn(generate(SHOP));
      workflow.jobs.changes.steps[0].uses = action;

      expect(() => renderWorkflow(workflow)).toThrow(
        `The action ${action} has no pin.`,
      );
    },
  );

  it('stand behind each action, with the tag in a comment', () => {
    const lines = generate(SHOP)
      .flatMap(({ content }) => content.split('\n'))
      .filter(line => /^\s+uses:/.test(line));

    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) {
      expect(line).toMatch(/uses: [\w./-]+@[0-9a-f]{40} # v\d/);
    }
  });
});

describe('a generated file', () => {
  const [file] = generate(SHOP).filter(one => one.path.endsWith('.yml'));

  it('says what it was made of, and whether somebody changed it', () => {
    expect(readHeader(file.content)).toMatchObject({ version: '1.0.0' });
    expect(isEdited(file.content)).toBe(false);
    expect(
      isEdited(
        file.content.replace('timeout-minutes: 5', 'timeout-minutes: 500'),
      ),
    ).toBe(true);
    expect(isEdited('name: by hand\n')).toBe(true);
  });

  it('has another hash for another spec, and the same bytes for the same', () => {
    const [other] = generate(SHOP.replace('hello', 'good day')).filter(one =>
      one.path.endsWith('.yml'),
    );

    expect(readHeader(other.content)?.spec).not.toBe(
      readHeader(file.content)?.spec,
    );
    expect(generate(SHOP)).toEqual(generate(SHOP));
  });
});

describe('jobs', () => {
  it('deploy to an environment of their own, one after the other, with a token', () => {
    expect(jobsOf(SHOP)['deploy-shop']).toMatchObject({
      environment: { name: 'production', url: 'https://shop.example.test' },
      permissions: { contents: 'read', 'id-token': 'write' },
      concurrency: { 'cancel-in-progress': false, queue: 'max' },
      'timeout-minutes': 55,
    });
  });

  it('have no right that they do not need', () => {
    const { permissions, jobs } = workflowIn(generate(SHOP));

    expect(permissions).toEqual({});
    expect(jobs.changes.permissions).toEqual({ contents: 'read' });
  });

  it('test pull requests without deploying them, if asked', () => {
    const jobs = jobsOf(
      SHOP.replace('pipeline: {}', 'pipeline: { pullRequests: true }'),
    );

    expect(jobs.changes.if).toBe(
      "github.event_name == 'pull_request' || github.ref == 'refs/heads/main'",
    );
    expect(jobs['deploy-shop'].if).toContain(
      "github.event_name != 'pull_request'",
    );
  });

  it('fail below the coverage that the gate of the service asks for', () => {
    const tested = (gate: string) =>
      jobsOf(
        SHOP.replace(
          'image: {',
          `test: { language: python, version: '3.12' }\n      gates: { ${gate} }\n      image: {`,
        ),
      )['test-shop'].steps.find(({ name }) => name === 'Test')?.run;

    expect(tested('coverage: { coverage: lines, minimum: 79 }')).toContain(
      '--cov-fail-under=79',
    );
    expect(
      tested('coverage: { coverage: branches, minimum: 79 }'),
    ).not.toContain('--cov-fail-under');
  });

  it('come in the order of the environments', () => {
    const jobs = jobsOf(
      SHOP.replace(
        '[{ name: production, tier: production }]',
        '[{ name: staging, tier: staging }, { name: production, tier: production }]',
      ).replace(
        '        production:\n',
        `        staging:
          target: { type: azure-container-app, resourceGroup: Shop, name: shop-staging, image: registry.example.test/shop }
        production:\n`,
      ),
    );

    expect(jobs['deploy-shop-production'].needs).toContain(
      'deploy-shop-staging',
    );
    expect(jobs['deploy-shop-staging'].needs).not.toContain(
      'deploy-shop-production',
    );
  });

  it('hand on any value as it is, and never as part of a script', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter(
          text =>
            // eslint-disable-next-line no-control-regex
            !/[\u0000-\u001f\u007f\u0085\u2028\u2029]|\$\{\{/.test(text) &&
            text === text.normalize('NFC'),
        ),
        value => {
          const files = generate(
            SHOP.replace(
              'GREETING: hello',
              // As it is: what begins with a dollar means something else.
              () => `GREETING: ${JSON.stringify(value)}`,
            ),
          );
          const steps = workflowIn(files).jobs['deploy-shop'].steps;
          const deploy = steps.find(({ name }) => name === 'Deploy');

          expect(deploy?.env?.SETTING_GREETING).toBe(value);
          expect(steps.map(({ run }) => run).join()).not.toContain('SETTING_');
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a spec that no pipeline can be made of', () => {
  it.each([
    ['pipeline: {}', '', 'there is no "pipeline"'],
    ['repository: example-org/shop', '', 'there is no "repository"'],
    ['image: { dockerfile: Dockerfile }', '', 'there is no "image" for'],
    [', image: registry.example.test/shop', '', 'the target has no "image"'],
    [
      'type: azure-container-app, resourceGroup: Shop, name: shop, image: registry.example.test/shop',
      'type: custom, platform: mainframe, settings: {}',
      'no job can be generated for the target custom yet',
    ],
    [
      'type: azure-container-app, resourceGroup: Shop, name: shop, image: registry.example.test/shop',
      'type: azure-vm, resourceGroup: Shop, name: shop, release: { directory: /opt/shop, unit: shop.service }',
      'there is no "storage"',
    ],
    [
      'type: azure-container-app, resourceGroup: Shop, name: shop, image: registry.example.test/shop',
      'type: ecs, region: eu-central-1, cluster: shop, service: shop, taskDefinition: shop, container: shop, repository: shop',
      'there is no "aws.deployRole"',
    ],
  ])('says what is missing, and where: %s', (from, to, message) => {
    const text = SHOP.replace(from, to).replace(/ +deploy: .*\n$/, '');
    const result = generatePipeline(specOf(text), {
      source: text,
      version: '1.0.0',
      scripts: {},
    });

    expect(result).toMatchObject({
      problems: [
        {
          message: expect.stringContaining(message),
          remedy: expect.stringMatching(/\.$/),
        },
      ],
    });
  });
});

it('has each script of the assets for the workflows that call it', async () => {
  const scripts = await readScripts();

  expect(Object.keys(scripts)).toEqual(
    expect.arrayContaining(['azure-vm-run.sh', 'verify-http.sh']),
  );
});
