import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  parsePipelineSpec,
  PipelineSpec,
} from '@vvp/backstage-plugin-deploy-common';
import { generatePipeline, planPipeline } from '../../generate';
import { directoryOf } from '../../generate/plan';
import { WorkflowFile } from '../../lint';
import { importing, REPOSITORY } from './importing';

/** What is taken where nothing is said, as the reference of deploy.yaml has it. */
const DEFAULTS: readonly (readonly [RegExp, unknown])[] = [
  [/^pipeline\.workflow$/, 'deploy.yml'],
  [/^pipeline\.title$/, 'Build and Deploy'],
  [/^pipeline\.branches\.0$/, 'main'],
  [/^tests\.[^.]+\.artifactDays$/, 7],
  [/^tests\.[^.]+\.waitSeconds$/, 300],
  [/^tests\.[^.]+\.timeoutMinutes$/, 30],
  [/^environments\.[^.]+\.stage\.compose\.healthSeconds$/, 120],
  [/^services\.[^.]+\.environments\.[^.]+\.verify\.path$/, '/healthz'],
  [/^services\.[^.]+\.environments\.[^.]+\.verify\.attempts$/, 12],
  [/^services\.[^.]+\.environments\.[^.]+\.verify\.seconds$/, 5],
  [/^services\.[^.]+\.environments\.[^.]+\.target\.strategy$/, 'rolling'],
  [/^services\.[^.]+\.environments\.[^.]+\.target\.release\.keep$/, 3],
  [/^services\.[^.]+\.environments\.[^.]+\.target\.canary\.percent$/, 10],
  [/\.target\.canary\.(minutes|maxErrors)$/, 5],
  [/\.target\.canary\.logEntries$/, 100],
  [/\.target\.workload$/, 'Deployment'],
];

/** The spec of an example, as text. */
export function specText(name: string): string {
  const path = resolve(REPOSITORY, 'examples', name, 'deploy.yaml');
  return readFileSync(path, 'utf8');
}

/** A spec that has to be good. */
export function specOf(text: string): PipelineSpec {
  const parsed = parsePipelineSpec(text);
  if (!parsed.ok) {
    throw new Error(JSON.stringify(parsed.findings));
  }
  return parsed.spec;
}

/** The workflows that are generated of a spec. */
export function generatedOf(text: string): WorkflowFile[] {
  const made = generatePipeline(specOf(text), {
    version: '1.0.0',
    source: text,
    scripts: {},
  });
  if ('problems' in made) {
    throw new Error(JSON.stringify(made.problems));
  }
  return made.files
    .filter(({ path }) => path.startsWith('.github/workflows/'))
    .map(({ path, content }) => ({
      file: path.replace(/^.*\//, ''),
      text: content,
    }));
}

/** Files that are not the same, but for the line that names their spec. */
export function differingFiles(
  left: readonly WorkflowFile[],
  right: readonly WorkflowFile[],
): string[] {
  const bare = (files: readonly WorkflowFile[]) =>
    files.map(({ file, text }) => `${file}\n${text.replace(/^# Gen.*\n/, '')}`);
  const [was, is] = [bare(left), bare(right)];
  return [
    ...was.filter(one => !is.includes(one)),
    ...is.filter(one => !was.includes(one)),
  ].map(one => one.split('\n', 1)[0]);
}

/** What an import of workflows lost of a spec that they are of, invented, and left unsupported. */
export function differencesOf(
  spec: PipelineSpec,
  { spec: imported, report }: ReturnType<typeof importing>,
) {
  const wanted = valuesOf(inEffect(spec));
  const got = valuesOf(imported);
  const unknown = report.unknown.map(({ key }) =>
    key.replace(/\.entity$/, '.entityRef'),
  );
  return {
    lost: [...wanted].filter(
      ([path, value]) => got.get(path) !== value && !isNamed(path, unknown),
    ),
    invented: [...got].filter(([path, value]) => wanted.get(path) !== value),
    unsupported: report.items
      .filter(
        ({ disposition, remedy }) => disposition === 'unsupported' || remedy,
      )
      .map(({ file, line, item, message }) => [file, line, item, message]),
  };
}

/** No difference at all. */
export const NOTHING = { lost: [], invented: [], unsupported: [] };

/**
 * The same spec, where things that mean the same are said in one way: without environments that nothing is brought to,
 * the gate on coverage at each service that it counts for, the jobs that are generated where none are named, and the name
 * of a workflow of tests once.
 */
function inEffect(spec: PipelineSpec): PipelineSpec {
  const used = spec.services.flatMap(({ environments }) =>
    environments.flatMap(({ name, target }) => (target ? [name] : [])),
  );
  const environments = spec.environments
    .filter(({ name }) => used.includes(name))
    .map((environment, order) => ({ ...environment, order }));
  const titled = new Set<string>();
  return {
    ...spec,
    environments,
    ...(spec.tests && {
      tests: Object.fromEntries(
        Object.entries(spec.tests).map(([key, { title, ...tests }]) => {
          const isFirst = title && !titled.has(tests.workflow ?? '');
          titled.add(title ? tests.workflow ?? '' : '');
          return [
            key,
            {
              ...tests,
              ...(isFirst && { title }),
              ...(tests.suite === key && { suite: undefined }),
            },
          ];
        }),
      ),
    }),
    services: spec.services.map(service => ({
      ...service,
      ...coverageOf(spec, service),
      ...(service.test && { test: testOf(service, service.test) }),
      environments: service.environments.flatMap(placed => {
        const order = environments.findIndex(
          ({ name }) => name === placed.name,
        );
        return order < 0
          ? []
          : [{ ...placed, order, jobs: jobsOf(spec, service.key, placed) }];
      }),
    })),
  };
}

type Service = PipelineSpec['services'][number];

function coverageOf({ gates }: PipelineSpec, service: Service) {
  const shared = gates?.coverage;
  const own = service.gates?.coverage;
  return shared && service.test && !own
    ? { gates: { ...service.gates, coverage: shared } }
    : {};
}

function testOf(
  service: Service,
  { directory, ...test }: NonNullable<Service['test']>,
): Service['test'] {
  return directory === undefined ||
    directory === directoryOf({ ...service, test })
    ? test
    : { ...test, directory };
}

function jobsOf(
  spec: PipelineSpec,
  key: string,
  { name, jobs }: Service['environments'][number],
): Service['environments'][number]['jobs'] {
  const planned = planPipeline(spec);
  const groups = 'plan' in planned ? planned.plan.groups : [];
  const group = groups.find(
    ({ environment, placements }) =>
      environment === name &&
      placements.some(({ service }) => service.key === key),
  );
  return jobs.length > 0 || !group
    ? jobs
    : [
        {
          workflow: group.workflow,
          job: group.job,
          // Where another workflow starts it, that one's commit is what comes.
          commit: spec.pipeline?.after ? 'triggering-run' : 'run',
        },
      ];
}

/** Every value of a spec by its place, with names in place of numbers; what is taken anyway is left out. */
function valuesOf(spec: PipelineSpec): Map<string, unknown> {
  const values = new Map<string, unknown>();
  const walk = (value: unknown, path: string): void => {
    if (value === undefined) {
      return;
    }
    if (value === null || typeof value !== 'object') {
      const usual = DEFAULTS.find(([pattern]) => pattern.test(path));
      if (!usual || usual[1] !== value) {
        values.set(path, value);
      }
      return;
    }
    Object.entries(value).forEach(([key, one]) => {
      const { key: ownKey, name } = (one ?? {}) as Record<string, string>;
      const isList = Array.isArray(value);
      const segment = isList ? ownKey ?? name ?? key : key;
      walk(one, path ? `${path}.${segment}` : segment);
    });
  };
  walk(spec, '');
  return values;
}

function isNamed(path: string, keys: readonly string[]): boolean {
  return keys.some(key => {
    const pattern = key
      .replace(/^spec\./, '')
      .split('.')
      .map(part => (part === '*' ? '[^.]+' : part.replace(/\W/g, '\\$&')));
    return new RegExp(`^${pattern.join('\\.')}(\\.|$)`).test(path);
  });
}
