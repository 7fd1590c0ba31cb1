import fc from 'fast-check';
import { isMap, isNode, parseDocument, visit, YAMLMap } from 'yaml';
import { WorkflowFile } from '../lint';
import {
  accountedOf,
  importing,
  itemAt,
  scalarsOf,
  workflowsIn,
} from './__testUtils__/importing';

jest.setTimeout(240_000);

const REPOSITORIES = [
  'examples/vvp/.github/workflows',
  'examples/sandbox-broker/.github/workflows',
  'examples/edenco/.github/workflows',
  'examples/ngx-voice/.github/workflows',
  'examples/phoenix-orchestrator/.github/workflows',
  'test/fixtures/workflows/samples',
  'test/fixtures/workflows/npm',
].map(folder => [folder, workflowsIn(folder)] as const);

const SMALL = REPOSITORIES.flatMap(([, files]) => files).filter(
  ({ text }) => text.length < 12_000,
);

/** Puts a key into one of the mappings of a workflow; its pointer is returned with the text. */
function withFurtherKey(
  text: string,
  choice: number,
): { text: string; pointer: string } {
  const document = parseDocument(text);
  const maps: { map: YAMLMap; pointer: string }[] = [];
  const pathOf = (map: YAMLMap): string => {
    let found = '';
    const walk = (node: unknown, pointer: string): void => {
      if (node === map) {
        found = pointer;
      }
      if (isMap(node)) {
        node.items.forEach(({ key, value }) =>
          walk(
            value,
            `${pointer}/${String(key)
              .replace(/~/g, '~0')
              .replace(/\//g, '~1')}`,
          ),
        );
      } else if (isNode(node) && 'items' in node) {
        (node.items as unknown[]).forEach((item, index) =>
          walk(item, `${pointer}/${index}`),
        );
      }
    };
    walk(document.contents, '');
    return found;
  };
  visit(document, {
    Map: (_, map) => {
      maps.push({ map, pointer: pathOf(map) });
    },
  });
  // A further job is no scalar.
  const places = maps.filter(({ pointer }) => pointer !== '/jobs');
  const { map, pointer } = places[choice % places.length];
  map.set('zz-further', 'nobody-knows-it');
  return { text: document.toString(), pointer: `${pointer}/zz-further` };
}

describe('the report of an import', () => {
  it.each(REPOSITORIES)('accounts for every value in %s', (_, files) => {
    const { items } = importing(files).report;

    for (const { file, text } of files) {
      expect(accountedOf(items, file)).toEqual(scalarsOf(text));
    }
  });

  it.each(REPOSITORIES)(
    'says where, which key or what to do in %s',
    (_, files) => {
      const { items } = importing(files).report;
      const vague = items.filter(
        ({ line, column, disposition, keys, message, remedy }) =>
          line < 1 ||
          column < 1 ||
          (disposition === 'imported' && keys.length === 0) ||
          (disposition !== 'imported' && !message) ||
          (disposition === 'unsupported' && !remedy),
      );

      expect(vague).toEqual([]);
    },
  );

  it('names every command of a script', () => {
    const text = [
      'on: push',
      'jobs:',
      '  a:',
      '    runs-on: ubuntu-24.04',
      '    steps:',
      '      - uses: actions/setup-python@v5',
      '        with: { python-version: "3.12" }',
      '      - run: |',
      '          pip install pytest && pytest -x tests',
      '          for one in 1 2; do',
      '            curl https://example.test/$one',
      '          done',
    ].join('\n');
    const { items } = importing([{ file: 'ci.yml', text }]).report;
    const ofScript = items.filter(({ leaves }) =>
      leaves.some(leaf => leaf.startsWith('/jobs/a/steps/1/run')),
    );

    expect(
      ofScript.map(({ line, item, disposition }) => [line, item, disposition]),
    ).toEqual([
      [9, 'step 2, command "pip install pytest"', 'kept'],
      [9, 'step 2, command "pytest -x tests"', 'imported'],
      [
        10,
        expect.stringContaining('4 commands from "for one in 1 2"'),
        'unsupported',
      ],
    ]);
    expect(ofScript[1]).toMatchObject({
      keys: expect.arrayContaining(['spec.services.service.test.suites.tests']),
      message: '-x is not taken over',
    });
  });

  it('shows a further key wherever it is put', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SMALL),
        fc.nat(),
        (file: WorkflowFile, choice) => {
          const changed = withFurtherKey(file.text, choice);
          const { items } = importing([
            { file: file.file, text: changed.text },
          ]).report;
          const item = itemAt(items, changed.pointer);

          expect(item).toBeDefined();
          // Variables by name may be taken over; nothing else is known by such a name.
          const isNamed = /\/env\/|\/matrix\//.test(changed.pointer);
          expect(isNamed || item?.disposition === 'unsupported').toBe(true);
          expect(isNamed || item?.remedy !== undefined).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });
});
