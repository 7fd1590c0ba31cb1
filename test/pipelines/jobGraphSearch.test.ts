import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { parsePipelineSpec } from '@vvp/backstage-plugin-deploy-common';
import {
  generatePipeline,
  PipelinePlan,
  planPipeline,
} from '@vvp/backstage-plugin-scaffolder-backend-module-deploy';
import { parse } from 'yaml';
import { bundleProcess } from '../processes/bundleProcess';
import { broken } from './graphPromises';
import { numbersOf, oneOf, Shape, shapeOf, textOf } from './graphSpecs';
import type { Game, Played, Start } from './playGraphs';

jest.setTimeout(240_000);

/** Any other one has to do as well. */
const SEED = 7;
const SPECS = 110;
const STARTS = 3;
const REFS = [
  ...['main', 'develop', 'hotfix/one'].map(name => `refs/heads/${name}`),
  'refs/tags/v1',
];

interface Case extends Game {
  shape: Shape;
  plan: PipelinePlan;
}

/** The workflow of a shape; undefined where none is generated. */
function generated(
  shape: Shape,
): { plan: PipelinePlan; content: string } | undefined {
  const source = textOf(shape);
  const parsed = parsePipelineSpec(source);
  const planned = parsed.ok ? planPipeline(parsed.spec) : undefined;
  if (!parsed.ok || !planned || 'problems' in planned) {
    return undefined;
  }
  const made = generatePipeline(parsed.spec, {
    source,
    version: '1.0.0',
    scripts: {},
  });
  const content =
    'files' in made
      ? made.files.find(({ path }) => path.endsWith('/deploy.yml'))?.content
      : undefined;
  return content === undefined ? undefined : { plan: planned.plan, content };
}

/** All ways to start it that mean something. */
function startsOf(shape: Shape, content: string): Start[] {
  const inputs: Record<string, { options?: string[] }> =
    parse(content).on.workflow_dispatch.inputs ?? {};
  const keys = shape.services.map(({ key }) => key);
  const choices = Object.entries(inputs).reduce<Record<string, string>[]>(
    (known, [name, { options = ['DEPLOY', 'NO'] }]) =>
      known.flatMap(one => options.map(value => ({ ...one, [name]: value }))),
    [{}],
  );
  const none = { inputs: {}, changedFiles: [] };
  return REFS.flatMap(ref => [
    ...[keys, ...keys.map(key => [key])].map(
      (changed): Start => ({
        event: 'push',
        ref,
        inputs: {},
        changedFiles: changed.map(key => `${key}/main`),
      }),
    ),
    { event: 'workflow_run' as const, ref, ...none },
    ...choices.map(
      (chosen): Start => ({
        event: 'workflow_dispatch',
        ref,
        inputs: chosen,
        changedFiles: [],
      }),
    ),
  ]);
}

function casesOf(seed: number): Case[] {
  const next = numbersOf(seed);
  return Array.from({ length: SPECS }).flatMap(() => {
    const shape = shapeOf(next);
    const made = generated(shape);
    if (!made) {
      return [];
    }
    const all = startsOf(shape, made.content);
    const starts = Array.from({ length: STARTS }, () => oneOf(next, all));
    // What happens every day is in each.
    return [{ ...made, shape, starts: [all[0], ...starts] }];
  });
}

/** GitHub's own parser and evaluator are published as ES modules only: they play in a process of their own. */
async function play(games: readonly Game[]): Promise<Played[][]> {
  const child = spawn(
    process.execPath,
    [await bundleProcess(require.resolve('./playGraphs.ts'))],
    { env: { PATH: process.env.PATH, HOME: process.env.HOME } },
  );
  child.stdin.end(
    JSON.stringify(games.map(({ content, starts }) => ({ content, starts }))),
  );
  const [output, errors] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
  ]);
  if (errors !== '') {
    throw new Error(errors);
  }
  return JSON.parse(output);
}

it('keeps what it promises for any small deploy.yaml, whatever starts it and whichever jobs fail', async () => {
  const cases = casesOf(SEED);
  const played = await play(cases);

  const found = cases.flatMap(({ shape, plan, starts }, index) =>
    played[index].flatMap(run =>
      broken(shape, plan, starts[run.start], run).map(promise => ({
        promise,
        start: starts[run.start],
        fates: run.fates,
        deployYaml: textOf(shape),
      })),
    ),
  );

  // What is found first is enough to begin with.
  expect(found.slice(0, 3)).toEqual([]);
  expect(cases.length).toBeGreaterThan(SPECS / 2);
  expect(played.flat().length).toBeGreaterThan(2_000);
});
