import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from '@vvp/backstage-plugin-scaffolder-backend-module-deploy/cli';
import { stringify } from 'yaml';
import { report } from './report';

const SERVICES = 50;
const PASSES = 3;

/** A monorepo of fifty services: each is tested with a database, built, deployed to a Container App and verified. */
const document = {
  apiVersion: 'deploy.vvp.io/v1alpha1',
  kind: 'Pipeline',
  metadata: { name: 'fifty' },
  spec: {
    repository: 'example-org/fifty',
    pipeline: { portal: 'https://portal.example.test/api/deploy' },
    environments: [{ name: 'production', tier: 'production' }],
    services: Object.fromEntries(
      Array.from({ length: SERVICES }, (_, index) => {
        const key = `service-${index}`;
        return [
          key,
          {
            entity: `component:default/${key}`,
            paths: [`services/${key}/**`],
            sharedPaths: ['common/**'],
            test: {
              language: 'python',
              version: '3.12',
              localPackages: ['common'],
              databases: [
                { type: 'postgresql', version: '16', variable: 'DATABASE_URL' },
              ],
            },
            image: { dockerfile: `services/${key}/Dockerfile` },
            gates: { coverage: { coverage: 'lines', minimum: 80 } },
            environments: {
              production: {
                url: `https://${key}.example.test`,
                target: {
                  type: 'azure-container-app',
                  resourceGroup: 'Fifty',
                  name: key,
                  image: `registry.example.test/${key}`,
                },
                deploy: { environment: { DATABASE_URL: { secret: 'DB' } } },
              },
            },
          },
        ];
      }),
    ),
  },
};

/** GitHub's own parser on the same workflows, in a process of its own, as the linter runs it. */
async function parseAlone(files: readonly { file: string; text: string }[]) {
  const plugin = path.resolve(__dirname, '../../plugins/scaffolder-actions');
  const program = `
    import { register } from 'node:module';
    import { text } from 'node:stream/consumers';
    register('data:text/javascript,' + encodeURIComponent(\`
      export async function load(url, context, next) {
        return next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context);
      }\`));
    const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await import('@actions/workflow-parser');
    for (const { file, text: content } of JSON.parse(await text(process.stdin))) {
      const { context, value } = parseWorkflow({ name: file, content }, new NoOperationTraceWriter());
      await convertWorkflowTemplate(context, value, undefined, { errorPolicy: 1 });
      if (context.errors.getErrors().length > 0) process.exit(1);
    }`;
  const child = spawn(
    process.execPath,
    ['--input-type=module', '--eval', program],
    { cwd: plugin, stdio: ['pipe', 'inherit', 'inherit'] },
  );
  child.stdin.end(JSON.stringify(files));
  const [code] = await once(child, 'close');
  if (code !== 0) {
    throw new Error(`GitHub's parser ended with ${code}`);
  }
}

/** The best of several passes, in seconds. */
async function secondsOf(work: () => Promise<unknown> | unknown) {
  const seconds: number[] = [];
  for (let pass = 0; pass < PASSES; pass++) {
    const start = performance.now();
    await work();
    seconds.push((performance.now() - start) / 1000);
  }
  return Math.min(...seconds);
}

async function command(...args: string[]) {
  let said = '';
  const out = (text: string) => {
    said += `${text}\n`;
  };
  if ((await run(args, { out, error: out })) !== 0) {
    throw new Error(said.slice(0, 1_000));
  }
}

async function main() {
  const folder = await mkdtemp(path.join(tmpdir(), 'pipelines-'));
  try {
    await measure(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measure(folder: string) {
  const spec = path.join(folder, 'deploy.yaml');
  await writeFile(spec, stringify(document));
  const generating = await secondsOf(() =>
    command('generate', spec, '--out', folder, '--force'),
  );
  const workflows = path.join(folder, '.github/workflows');
  const files = await Promise.all(
    (
      await readdir(workflows)
    ).map(async file => ({
      file,
      text: await readFile(path.join(workflows, file), 'utf8'),
    })),
  );
  const lines = files.reduce(
    (sum, { text }) => sum + text.split('\n').length,
    0,
  );
  const baseline = await secondsOf(() => parseAlone(files));
  const output = `the ${lines} lines of workflow of ${SERVICES} services`;
  report({
    name: `generate ${output}, beside GitHub's parser on them`,
    value: generating,
    unit: 's',
    baseline,
  });
  report({
    name: `lint ${output} without ShellCheck, beside GitHub's parser alone`,
    value: await secondsOf(() => command('lint', workflows, '--no-shellcheck')),
    unit: 's',
    baseline,
  });
  if (spawnSync('shellcheck', ['--version']).status === 0) {
    report({
      name: `lint ${output}, beside GitHub's parser alone`,
      value: await secondsOf(() => command('lint', workflows)),
      unit: 's',
      baseline,
    });
  }
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
