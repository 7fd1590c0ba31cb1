import { parse, stringify } from 'yaml';
import { WorkflowFile } from '../lint';
import { generatePipeline } from '../generate';
import { importing, itemAt, workflowsIn } from './__testUtils__/importing';

jest.setTimeout(300_000);

type Step = Record<string, unknown>;

/** Ways to change a step so that it runs at other times, or means something else if it fails. */
const CHANGES: readonly (readonly [
  string,
  key: string,
  (step: Step) => unknown,
])[] = [
  [
    'asks for more',
    'if',
    ({ if: asked }) => asked && `(${asked}) && github.actor != 'bot'`,
  ],
  ['is turned around', 'if', ({ if: asked }) => asked && `!(${asked})`],
  ['has a condition', 'if', ({ if: asked }) => asked ?? 'failure()'],
  ['has none any more', 'if', () => undefined],
  ['may fail', 'continue-on-error', () => true],
  ['may not fail any more', 'continue-on-error', () => undefined],
  ['has a limit', 'timeout-minutes', () => 1],
  ['runs by another shell', 'shell', ({ run }) => run && 'sh'],
  ['runs elsewhere', 'working-directory', ({ run }) => run && 'somewhere-else'],
];

interface Place {
  file: string;
  job: string;
  step: number;
}

/** The steps of all workflows, each with what it says. */
function stepsIn(files: readonly WorkflowFile[]): (Place & { of: Step })[] {
  return files.flatMap(({ file, text }) =>
    Object.entries(
      parse(text).jobs as Record<string, { steps: Step[] }>,
    ).flatMap(([job, { steps }]) =>
      steps.map((of, step) => ({ file, job, step, of })),
    ),
  );
}

/** All steps changed in one way, and the places of those that are not what they were. */
function changedBy(
  files: readonly WorkflowFile[],
  key: string,
  change: (step: Step) => unknown,
): { files: WorkflowFile[]; places: Place[] } {
  const places: Place[] = [];
  const written = files.map(({ file, text }) => {
    const workflow = parse(text);
    for (const { job, step } of stepsIn([{ file, text }])) {
      const found = workflow.jobs[job].steps[step];
      const value = change(found);
      if (found[key] !== value) {
        places.push({ file, job, step });
        if (value === undefined) {
          delete found[key];
        } else {
          found[key] = value;
        }
      }
    }
    return { file, text: stringify(workflow, { lineWidth: 0 }) };
  });
  return { files: written, places };
}

function regenerated({ spec }: ReturnType<typeof importing>): WorkflowFile[] {
  const made = generatePipeline(spec, {
    version: '1.0.0',
    source: '',
    scripts: {},
  });
  return 'files' in made
    ? made.files
        .filter(({ path }) => path.startsWith('.github/workflows/'))
        .map(({ path, content }) => ({
          file: path.replace(/^.*\//, ''),
          text: content,
        }))
    : [];
}

/** Changes that are neither named nor generated again. */
function swallowed(
  files: readonly WorkflowFile[],
  places: readonly Place[],
  key: string,
): string[] {
  const imported = importing(files, { repository: 'example-org/shop' });
  const was = stepsIn(files);
  const is = stepsIn(regenerated(imported));
  const at = (steps: typeof was, { file, job, step }: Place) =>
    steps.find(one => one.file === file && one.job === job && one.step === step)
      ?.of;
  return places
    .filter(place => {
      const pointer = `/jobs/${place.job}/steps/${place.step}`;
      const items = imported.report.items.filter(
        ({ file }) => file === place.file,
      );
      const { [key]: own } = at(was, place) ?? {};
      const places_ = own === undefined ? ['uses', 'run'] : [key];
      const isNamed = places_.some(name => {
        const item = itemAt(items, `${pointer}/${name}`);
        return item?.disposition === 'unsupported' && item.remedy !== undefined;
      });
      const again = at(is, place);
      return !isNamed && (again === undefined || again[key] !== own);
    })
    .map(({ file, job, step }) => `${file}, ${job}, ${step}`);
}

describe('a step that was changed in generated workflows', () => {
  it.each(
    ['sandbox-broker', 'edenco', 'vvp'].flatMap(name =>
      CHANGES.map(change => [name, ...change] as const),
    ),
  )('of %s and %s is named, or comes back', (name, _, key, change) => {
    const files = workflowsIn(`examples/${name}/.github/workflows`);
    const changed = changedBy(files, key, change);

    expect(swallowed(changed.files, changed.places, key)).toEqual([]);
  });
});
