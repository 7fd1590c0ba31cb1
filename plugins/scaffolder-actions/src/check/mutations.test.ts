import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import {
  isCollection,
  isPair,
  isScalar,
  parse,
  parseDocument,
  stringify,
  visit,
} from 'yaml';
import { compareWorkflows, newerActions } from './compareWorkflows';
import { mutated, MUTATIONS, Tree } from './__testUtils__/mutations';

jest.setTimeout(240_000);

const EXAMPLES = resolve(__dirname, '../../../../examples');

/** The generated workflows of each example, smaller ones alone: what is compared is the same in all. */
const REPOSITORIES = [
  'vvp',
  'sandbox-broker',
  'phoenix-orchestrator',
  'edenco',
  'ngx-voice',
].map(name => {
  const folder = resolve(EXAMPLES, name, '.github/workflows');
  const texts = readdirSync(folder).map(file =>
    readFileSync(resolve(folder, file), 'utf8'),
  );
  const sizes = texts.map(({ length }) => length).sort((a, b) => a - b);
  const files = texts
    .filter(text => text.length <= Math.max(sizes[0], 40_000))
    .map(text => ({ text, workflow: parse(text) as Tree }));
  return { name, files };
});

const CASES = REPOSITORIES.flatMap(({ name, files }) =>
  Object.entries(MUTATIONS).flatMap(([kind, mutationsOf]) => {
    const all = files.flatMap(file =>
      mutationsOf(file.workflow).map(mutation => ({ ...file, mutation })),
    );
    return all.length > 0 ? [{ name, kind, all }] : [];
  }),
);

/** Ways to write down the same: layout, comments, the order of keys, and what GitHub reads alike. */
const LAYOUTS: Readonly<Record<string, (text: string) => string>> = {
  'line ends of Windows': text => text.replace(/\n/g, '\r\n'),
  'blank lines at the end': text => `${text}\n\n`,
  'no comments': text => stringify(parse(text)),
  'wider and folded': text =>
    stringify(parse(text), { indent: 6, lineWidth: 30 }),
  'comments everywhere': text => {
    const document = parseDocument(text);
    document.commentBefore = ' changed';
    visit(document, {
      Pair: (_, { key }) => {
        if (isScalar(key)) {
          key.commentBefore = ' why';
        }
      },
    });
    return document.toString();
  },
  'everything on one line': text => {
    const document = parseDocument(text);
    visit(document, {
      Collection: (_, node) => {
        node.flow = true;
      },
    });
    return document.toString({ lineWidth: 0 });
  },
  'keys the other way round': text => {
    const document = parseDocument(text);
    visit(document, {
      Map: (_, { items }) => {
        items.reverse();
      },
    });
    return document.toString();
  },
  'a list for a single need, and the other way round': text => {
    const document = parseDocument(text);
    visit(document, {
      Pair: (_, pair) => {
        const { key, value } = pair;
        if (!isScalar(key) || key.value !== 'needs' || !isPair(pair)) {
          return;
        }
        const needs = isCollection(value) ? value.toJSON() : undefined;
        if (isScalar(value)) {
          pair.value = document.createNode([value.value]);
        } else if (needs?.length === 1) {
          pair.value = document.createNode(needs[0]);
        }
      },
    });
    return document.toString();
  },
  'conditions as expressions': text => {
    const document = parseDocument(text);
    visit(document, {
      Pair: (_, { key, value }) => {
        if (isScalar(key) && key.value === 'if' && isScalar(value)) {
          value.value = `\${{ ${value.value} }}`;
        }
      },
    });
    return document.toString();
  },
};

describe('drift', () => {
  it.each(CASES)('of $name: $kind is named', ({ all }) => {
    fc.assert(
      fc.property(fc.constantFrom(...all), ({ text, workflow, mutation }) => {
        const changed = mutated(workflow, mutation);
        // Such as a permission that is there already.
        fc.pre(JSON.stringify(changed) !== JSON.stringify(workflow));
        const found = compareWorkflows(stringify(changed), text);
        const named = found.map(({ message }) => message.split(' is ')[0]);
        const place = mutation.path.join('.');

        expect(
          named.some(name => name.startsWith(place) || place.startsWith(name)),
        ).toBe(true);
        expect(found.every(({ line, remedy }) => line > 0 && remedy)).toBe(
          true,
        );
      }),
      { seed: 20261122, numRuns: 3 },
    );
  });

  it.each(REPOSITORIES)(
    'of $name: another layout, comments and the order of keys are none',
    ({ files }) => {
      fc.assert(
        fc.property(
          fc.constantFrom(...files),
          fc.subarray(Object.keys(LAYOUTS), { minLength: 1 }),
          ({ text }, layouts) => {
            const written = layouts.reduce(
              (left, layout) => LAYOUTS[layout](left),
              text,
            );

            expect(written).not.toBe(text);
            expect(compareWorkflows(written, text)).toEqual([]);
            expect(newerActions(written, text)).toEqual([]);
          },
        ),
        { seed: 20261122, numRuns: 12 },
      );
    },
  );
});
