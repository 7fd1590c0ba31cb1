import { BashParser } from '../lint/shell/BashParser';
import { Entry, gapsOf, inventoryOf } from './__testUtils__/inventory';
import { importing, workflowsIn } from './__testUtils__/importing';
import { commandsOf } from './source/commands';

jest.setTimeout(240_000);

const STRANGERS = workflowsIn('test/fixtures/workflows/npm').map(
  file => [file.file, [file]] as const,
);

const OWN = workflowsIn('test/fixtures/workflows/samples').map(
  file => [file.file, [file]] as const,
);

const GENERATED = [
  'vvp',
  'sandbox-broker',
  'phoenix-orchestrator',
  'edenco',
  'ngx-voice',
].map(
  name => [name, workflowsIn(`examples/${name}/.github/workflows`)] as const,
);

const ALL = [...STRANGERS, ...OWN, ...GENERATED];

function counted(entries: readonly Entry[]) {
  return entries.reduce<Partial<Record<Entry['kind'], number>>>(
    (counts, { kind }) => ({ ...counts, [kind]: (counts[kind] ?? 0) + 1 }),
    {},
  );
}

describe('an import, counted by other means than its own', () => {
  it.each(ALL)(
    'accounts for every job, step, need, condition, threshold and secret of %s',
    (_, files) => {
      expect(gapsOf(files, importing(files))).toEqual([]);
    },
  );

  it('has something of every kind to count in what strangers wrote', () => {
    const files = STRANGERS.flatMap(([, [file]]) => file);

    expect(counted(inventoryOf(files))).toEqual({
      job: 15,
      step: 67,
      need: 6,
      condition: 3,
      threshold: 1,
      secret: 5,
    });
  });

  it.each([...STRANGERS, ...OWN])(
    'would see if an item of %s was missing, or said what is not so',
    (_, files) => {
      const { report, text } = importing(files);
      const counts = new Set(inventoryOf(files).map(({ pointer }) => pointer));
      const needed = report.items.filter(({ leaves }) =>
        leaves.some(leaf => counts.has(leaf.replace(/#\d+$/, ''))),
      );
      const unseen = needed.filter(left => {
        const items = report.items.filter(
          one =>
            one !== left &&
            // One script has several.
            !one.leaves.some(
              leaf =>
                leaf.replace(/#\d+$/, '') ===
                left.leaves[0].replace(/#\d+$/, ''),
            ),
        );
        return (
          gapsOf(files, { text, report: { ...report, items } }).length === 0
        );
      });
      const wrong = report.items.map(item => ({
        ...item,
        disposition: 'imported' as const,
        keys: ['spec.pipeline.nothing'],
      }));

      expect(unseen).toEqual([]);
      expect(
        gapsOf(files, { text, report: { ...report, items: wrong } }),
      ).not.toEqual([]);
    },
  );

  it.each(ALL)(
    'finds every command in the scripts of %s that bash would',
    async (_, files) => {
      const bash = await BashParser.create();
      const { items } = importing(files).report;
      const scripts = items.flatMap(({ file, leaves }) =>
        leaves
          .filter(leaf => /\/steps\/\d+\/run#\d+$/.test(leaf))
          .map(leaf => `${file}${leaf}`),
      );
      const missed = files.flatMap(({ file, text }) =>
        scriptsIn(file, text).flatMap(({ pointer, script }) => {
          const known = commandsOf(script);
          const accounted = scripts.filter(one =>
            one.startsWith(`${pointer}#`),
          );
          const wanted = bash.read(script, root =>
            root
              .descendantsOfType('command')
              .map(node => node?.startIndex ?? 0),
          );
          return [
            ...(accounted.length === known.length
              ? []
              : [`${pointer}: ${accounted.length} of ${known.length}`]),
            ...wanted
              .filter(
                at =>
                  !known.some(
                    ({ offset, text: own }) =>
                      offset <= at && at < offset + own.length,
                  ),
              )
              .map(at => `${pointer}: ${script.slice(at, at + 40)}`),
          ];
        }),
      );
      bash.dispose();

      expect(missed).toEqual([]);
    },
  );
});

function scriptsIn(file: string, text: string) {
  return inventoryOf([{ file, text }])
    .filter(({ kind }) => kind === 'step')
    .flatMap(({ pointer, text: script }) =>
      script === '' ? [] : [{ pointer: `${file}${pointer}/run`, script }],
    );
}
