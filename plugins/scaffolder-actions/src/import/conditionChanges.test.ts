import { WorkflowFile } from '../lint';
import { importing, itemAt, workflowsIn } from './__testUtils__/importing';
import { generatePipeline } from '../generate';

jest.setTimeout(300_000);

/** Ways to change a condition so that it means something else. */
const CHANGES: readonly (readonly [string, (condition: string) => string])[] = [
  ['asks for more', text => `(${text}) && vars.DEPLOYS == 'on'`],
  ['takes another way', text => `${text} || github.actor == 'bot'`],
  ['is negated', text => `!(${text})`],
  [
    'has another status function',
    text =>
      text
        .replace('!failure()', 'failure()')
        .replace('!cancelled()', 'always()'),
  ],
  [
    'has another text in it',
    // That no event is called so leaves nothing of what is asked.
    text => text.replace(/(?<!event_name )== '(\w[^']*)'/, "== '$1-changed'"),
  ],
];

/** Where a condition stands. */
interface Place {
  file: string;
  job: string;
  text: string;
}

/** The conditions of jobs, as they stand in lines of their own. */
function conditionsIn(files: readonly WorkflowFile[]): Place[] {
  return files.flatMap(({ file, text }) => {
    let job = '';
    return text.split('\n').flatMap(line => {
      job = /^ {2}([\w-]+):$/.exec(line)?.[1] ?? job;
      const [, value] = /^ {4}if: (.*)$/.exec(line) ?? [];
      return value === undefined ? [] : [{ file, job, text: unquoted(value) }];
    });
  });
}

function unquoted(value: string): string {
  return value.startsWith('"') ? JSON.parse(value) : value;
}

/** What is changed where. */
type Change = readonly [place: Place, condition: string];

function changedAt(
  files: readonly WorkflowFile[],
  changes: readonly Change[],
): WorkflowFile[] {
  return files.map(({ file, text }) => ({
    file,
    text: changes
      .filter(([place]) => place.file === file)
      .reduce((all, [{ job }, condition]) => {
        const start = all.indexOf(`\n  ${job}:\n`);
        const rest = all
          .slice(start)
          .replace(
            /\n {4}if: .*/,
            () => `\n    if: ${JSON.stringify(condition)}`,
          );
        return all.slice(0, start) + rest;
      }, text),
  }));
}

/** The conditions that are generated of what was imported. */
function regenerated(spec: ReturnType<typeof importing>['spec']): Place[] {
  const made = generatePipeline(spec, {
    version: '1.0.0',
    source: '',
    scripts: {},
  });
  return 'files' in made
    ? conditionsIn(
        made.files.map(({ path, content }) => ({
          file: path.replace(/^.*\//, ''),
          text: content,
        })),
      )
    : [];
}

/** Changes that are neither named nor generated again. */
function swallowed(
  files: readonly WorkflowFile[],
  changes: readonly Change[],
): string[] {
  const { spec, report } = importing(changedAt(files, changes), {
    repository: 'example-org/shop',
  });
  const again = regenerated(spec);
  return changes
    .filter(([{ file, job }, condition]) => {
      const item = itemAt(
        report.items.filter(one => one.file === file),
        `/jobs/${job}/if`,
      );
      const isNamed =
        item?.disposition === 'unsupported' && item.remedy !== undefined;
      const comesBack = again.some(
        one => one.file === file && one.job === job && one.text === condition,
      );
      return !isNamed && !comesBack;
    })
    .map(([{ file, job }, condition]) => `${file}, ${job}: ${condition}`);
}

function changesOf(
  places: readonly Place[],
  change: (condition: string) => string,
): Change[] {
  return places
    .map((place): Change => [place, change(place.text)])
    .filter(([{ text }, condition]) => text !== condition);
}

/** Conditions of every form once: names do not matter. */
function formsOf(places: readonly Place[]): Place[] {
  const forms = new Map(
    places.map(place => [
      place.text.replace(/(needs\.)[\w-]+(\.outputs\.)[\w-]+/g, '$1$2'),
      place,
    ]),
  );
  return [...forms.values()];
}

const EXAMPLES = [
  'vvp',
  'sandbox-broker',
  'phoenix-orchestrator',
  'edenco',
  'ngx-voice',
];

describe('a condition that was changed in generated workflows', () => {
  it.each(CHANGES)('and %s is named, or comes back', (_, change) => {
    const files = workflowsIn('examples/sandbox-broker/.github/workflows');
    const changes = changesOf(formsOf(conditionsIn(files)), change);

    expect(changes.length).toBeGreaterThan(0);
    expect(changes.flatMap(one => swallowed(files, [one]))).toEqual([]);
  });

  it.each(EXAMPLES)('is named, or comes back, with all others of %s', name => {
    const files = workflowsIn(`examples/${name}/.github/workflows`);
    const places = conditionsIn(files);

    expect(
      CHANGES.flatMap(([, change]) =>
        swallowed(files, changesOf(places, change)),
      ),
    ).toEqual([]);
  });
});
