import { parsePipelineSpec } from '@vvp/backstage-plugin-deploy-common';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import {
  startGithubSimulator,
  type GithubSimulator,
} from '../simulators/github/client';
import { expectNoViolations, START } from '../simulators/github/testing';
import { Outcome, TemplateRunner, Values, writeOutcome } from './newVvpService';
import {
  hasPytest,
  ScriptStep,
  runNpmTest,
  runPytestStep,
  runsTypeScript,
  runWithoutTypes,
  typeErrors,
} from './skeletonTests';

jest.setTimeout(240_000);

const EXAMPLE = resolve(__dirname, '../../examples/vvp');
const NAME = 'call-log-2';

/** Every two of these meet. */
const VARIANTS = [
  ['python', 'none', 'container-app', 'monorepo'],
  ['python', 'postgresql', 'vm', 'repository'],
  ['typescript', 'none', 'vm', 'repository'],
  ['typescript', 'postgresql', 'container-app', 'repository'],
  ['typescript', 'postgresql', 'vm', 'monorepo'],
].map(([language, database, kind, target]) => ({
  language,
  database,
  kind,
  target,
}));

/** The cases of a runner that is there; the title says which one it is. */
const TYPESCRIPT = runsTypeScript
  ? { runner: 'npm test', tests: (folder: string) => runNpmTest(folder, 95) }
  : { runner: 'Node.js, types taken off', tests: runWithoutTypes };

describe('the template "new VVP service"', () => {
  let github: GithubSimulator;
  let template: TemplateRunner;
  const folders: string[] = [];
  const outcomes = new Map<string, Promise<Outcome>>();

  beforeAll(async () => {
    github = await startGithubSimulator({ start: START });
    await github.createRepository({
      owner: 'example-org',
      name: 'vvp',
      folder: EXAMPLE,
    });
    template = await TemplateRunner.start(github);
  });

  afterAll(async () => {
    await template?.stop();
    await expectNoViolations(github, 'new-vvp-service');
    await github.stop();
    for (const folder of folders) {
      await rm(folder, { recursive: true, force: true });
    }
  });

  function values(change: Values = {}): Values {
    const isNew = change.target === 'repository';
    return {
      name: NAME,
      product: 'vvp',
      description: 'Keeps what was called, and when (for a month)',
      owner: 'group:default/vvp-team',
      language: 'python',
      database: 'none',
      coverage: 95,
      port: 8090,
      healthPath: '/health-z',
      resourceGroup: 'VVP',
      connection: 'vvp',
      target: 'monorepo',
      repository: `${github.url}/example-org/${isNew ? 'call.log' : 'vvp'}`,
      ...(change.kind === 'vm'
        ? { kind: 'vm', machine: 'vvp-pbx' }
        : {
            kind: 'container-app',
            registry: 'vvpacr.example.test',
            url: 'https://vvp-call-log.example.test',
          }),
      ...change,
    };
  }

  /** What comes of values, for which the template is run once. */
  function outcomeOf(given: Values): Promise<Outcome> {
    const key = JSON.stringify(given);
    const outcome = outcomes.get(key) ?? template.run(given);
    outcomes.set(key, outcome);
    return outcome;
  }

  async function workspace(
    outcome: Outcome,
    from = `services/${NAME}`,
  ): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'new-service-'));
    folders.push(folder);
    await writeOutcome(outcome, {
      from: join('changes', from),
      to: folder,
    });
    return folder;
  }

  function text({ files }: Outcome, path: string): string {
    return files.get(`changes/${path}`)?.content.toString() ?? '';
  }

  /** With what the pipeline tests the service. */
  function testStep(outcome: Outcome): ScriptStep {
    const [{ run, ...step }] = [...outcome.files]
      .filter(([path]) => path.startsWith('changes/.github/workflows/'))
      .flatMap(([, { content }]) => {
        const { jobs } = parse(content.toString());
        return jobs[`test-${NAME}`]?.steps ?? [];
      })
      .filter(({ name }: { name: string }) => name === 'Test');
    return { run, 'working-directory': step['working-directory'] };
  }

  it.each(VARIANTS)(
    'makes a pipeline that parses and is without findings: $language, $database, $kind, $target',
    async variant => {
      const outcome = await outcomeOf(values(variant));

      expect(outcome.refusal).toBe('');
      const spec = parsePipelineSpec(text(outcome, 'deploy.yaml'));
      const added = spec.ok
        ? spec.spec.services.find(({ key }) => key === NAME)
        : undefined;
      expect(added).toMatchObject({
        entityRef: `component:default/vvp-${NAME}`,
        environments: [
          {
            name: 'production',
            target: {
              type: variant.kind === 'vm' ? 'azure-vm' : 'azure-container-app',
            },
          },
        ],
      });
      expect(text(outcome, '.github/workflows/deploy.yml')).toContain(
        `test-${NAME}:`,
      );
      // Its last step but one runs the linter on all of them
      expect(outcome.log).toMatch(
        /deploy.yaml and [12] workflows? .*: 0 findings/,
      );
      const entity = parse(text(outcome, `services/${NAME}/catalog-info.yaml`));
      expect(entity).toMatchObject({
        metadata: {
          name: `vvp-${NAME}`,
          annotations: {
            'github.com/project-slug': `example-org/${
              variant.target === 'monorepo' ? 'vvp' : 'call.log'
            }`,
            'deploy.vvp.io/spec': '../../deploy.yaml',
            'deploy.vvp.io/service': NAME,
          },
        },
        spec: { owner: 'group:default/vvp-team' },
      });
      const left = [...outcome.files].filter(
        ([path, { content }]) =>
          /^changes\/(services|README|deploy\.yaml)/.test(path) &&
          content.includes('values.'),
      );
      expect(left).toEqual([]);
    },
  );

  it('adds to the monorepo, and touches nothing else of deploy.yaml', async () => {
    const outcome = await outcomeOf(values());

    const before = readFileSync(join(EXAMPLE, 'deploy.yaml'), 'utf8');
    const after = text(outcome, 'deploy.yaml');
    expect(after.startsWith(before.trimEnd())).toBe(true);
    expect(after.slice(before.trimEnd().length)).toMatch(
      /^\n {4}call-log-2:\n/,
    );
    expect([...outcome.files.keys()]).not.toContain(
      'changes/services/issuer/catalog-info.yaml',
    );
  });

  it('starts the service on a machine by a unit', async () => {
    const outcome = await template.run(
      values({ kind: 'vm', language: 'typescript' }),
    );

    const unit = text(outcome, `services/${NAME}/deploy/vvp-${NAME}.service`);
    expect(unit).toContain(
      `WorkingDirectory=/opt/vvp/${NAME}/current/services/${NAME}\n`,
    );
    expect(unit).toContain('Environment=HOST=127.0.0.1 PORT=8090\n');
    expect(text(outcome, 'deploy.yaml')).toContain(
      'url: http://127.0.0.1:8090/health-z',
    );
  });

  it('protects production before anything is there that could deploy', () => {
    const { spec } = parse(
      readFileSync(
        resolve(__dirname, '../../templates/new-vvp-service/template.yaml'),
        'utf8',
      ),
    );
    const steps: { action: string }[] = spec.steps;
    const places = ['deploy:github:environments', 'github:repo:push'].map(
      action => steps.findIndex(step => step.action === action),
    );

    expect(places[0]).toBeGreaterThan(
      steps.findIndex(({ action }) => action === 'github:repo:create'),
    );
    expect(places[1]).toBeGreaterThan(places[0]);
    expect(
      steps
        .slice(0, places[0])
        .filter(({ action }) => /^publish:/.test(action)),
    ).toEqual([]);
  });

  it('says what it would protect, and does it not', async () => {
    const { log } = await template.run(
      values({ protectionRuleApp: 'deploy-portal' }),
    );

    expect(log).toContain(
      `Would do: production-${NAME} is held by the app deploy-portal`,
    );
    const answer = await github.rest(
      'GET',
      `/repos/example-org/vvp/environments/production-${NAME}`,
    );
    expect(answer.status).toBe(404);
  });

  it.each(['none', 'postgresql'])(
    `has TypeScript tests that pass at 95 % (database: %s; run by ${TYPESCRIPT.runner})`,
    async database => {
      const folder = await workspace(
        await outcomeOf(values({ language: 'typescript', database })),
      );

      const { output, coverage } = await TYPESCRIPT.tests(folder);

      expect(output).toContain('tells the commit');
      expect(coverage).toBeGreaterThanOrEqual(95);
      expect(await typeErrors(folder)).toEqual([]);
    },
  );

  (hasPytest ? describe : describe.skip)('has Python tests that', () => {
    it.each(['none', 'postgresql'])(
      'pass in the step of its pipeline, and not with too few of them (database: %s)',
      async database => {
        const outcome = await outcomeOf(values({ database }));
        const folder = await workspace(outcome, '.');
        const step = testStep(outcome);

        expect(await runPytestStep(folder, step)).toEqual({
          output: expect.stringMatching(
            /Required test coverage of 95% reached/,
          ),
          passed: true,
        });

        await rm(join(folder, 'services', NAME, 'tests'), { recursive: true });
        await mkdir(join(folder, 'services', NAME, 'tests'));
        await writeFile(
          join(folder, 'services', NAME, 'tests/test_nothing.py'),
          'def test_nothing():\n    assert True\n',
        );
        expect(await runPytestStep(folder, step)).toEqual({
          output: expect.stringMatching(/Required test coverage of 95% not/),
          passed: false,
        });
      },
    );
  });

  it.each<[string, Values]>([
    ['name', { name: 'a; rm -rf /' }],
    ['name', { name: 'a\nb' }],
    ['name', { name: '$(id)' }],
    ['name', { name: '../a' }],
    ['product', { product: 'a b' }],
    ['description', { description: "it's `id`" }],
    ['description', { description: 'one\ntwo' }],
    ['description', { description: '${{ secrets.X }}' }],
    ['owner', { owner: 'group:default/a b' }],
    ['port', { port: 80 }],
    ['coverage', { coverage: 790 }],
    ['healthPath', { healthPath: '/a?b=$(id)' }],
    ['healthPath', { healthPath: '/../a' }],
    ['resourceGroup', { resourceGroup: 'a"b' }],
    ['registry', { registry: 'a/b@c' }],
    ['url', { url: 'http://plain.example.test' }],
    ['machine', { kind: 'vm', machine: 'a;b' }],
    ['repository', { repository: 'https://github.com/a/b;c' }],
    ['repository', { repository: 'file:///a/b' }],
    ['protectionRuleApp', { protectionRuleApp: 'A b' }],
  ])('refuses a bad %s before anything is done: %j', async (field, change) => {
    const { status, refusal, files } = await template.run(values(change));

    expect(status).toBe(400);
    expect(refusal).toContain(
      ['registry', 'url', 'machine'].includes(field) ? 'kind' : field,
    );
    expect(files.size).toBe(0);
  });

  it.each<[string, Values]>([
    ['There is a service \\"issuer\\" already', { name: 'issuer' }],
    [
      'The TCP port 8080 on vvp-pbx is that of the service \\"sip-redirect\\"',
      { kind: 'vm', machine: 'vvp-pbx', port: 8080 },
    ],
  ])('refuses what another service has: %s', async (message, change) => {
    const { status, refusal } = await template.run(values(change));

    expect(status).toBeGreaterThanOrEqual(400);
    expect(refusal).toContain(message);
  });
});
