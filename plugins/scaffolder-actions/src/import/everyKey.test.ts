import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { BASES, TURNS } from './__testUtils__/everyKey';
import { importing, REPOSITORY } from './__testUtils__/importing';
import {
  differencesOf,
  differingFiles,
  generatedOf,
  NOTHING,
  specOf,
} from './__testUtils__/roundTrip';
import { keysOfDocument, keysOfSchema } from './__testUtils__/schemaKeys';
import { textOf, Turn, turnedOn } from './__testUtils__/turnOn';
import { UNKNOWN_KEYS } from './report/openKeys';

jest.setTimeout(600_000);

const SCHEMA = JSON.parse(
  readFileSync(
    resolve(
      REPOSITORY,
      'plugins/deploy-common/schema/deploy.vvp.io-v1alpha1.json',
    ),
    'utf8',
  ),
);

/** Keys that no workflow is made of, so that none can say them. */
const IN_NO_WORKFLOW = [
  ...UNKNOWN_KEYS.map(({ key }) => key),
  'spec.services.*.environments.*.jobs[].branches',
  'spec.services.*.environments.*.target.platform',
  'spec.services.*.environments.*.target.settings',
  'spec.services.*.environments.*.target.ref',
];

/** One that starts others and is not generated. */
const CI = {
  file: 'ci.yml',
  text: 'name: CI\non: push\njobs: { build: { runs-on: other, steps: [{ run: make }] } }',
};

const CASES = Object.keys(BASES).flatMap(base =>
  [{}, ...TURNS[base]].map(turn => ({ base, turn, said: saidOf(turn) })),
);

function saidOf(turn: Turn): string {
  return JSON.stringify(turn, (_, value) => value ?? null);
}

/** From the spec to workflows, back, and to workflows again. */
function trip(text: string) {
  const spec = specOf(text);
  const files = generatedOf(text);
  const isOther =
    spec.pipeline?.after && files.every(({ file }) => file !== CI.file);
  const imported = importing(isOther ? [...files, CI] : files, {
    repository: spec.repository,
  });
  const { unsupported, ...differences } = differencesOf(spec, imported);
  return {
    ...differences,
    unsupported: unsupported.filter(([file]) => !(isOther && file === CI.file)),
    bytes: differingFiles(files, generatedOf(imported.text)),
  };
}

function isValid(text: string): boolean {
  try {
    generatedOf(text);
    return true;
  } catch {
    return false;
  }
}

describe('every key of deploy.yaml', () => {
  it.each(CASES)(
    'comes back from workflows: $base with $said',
    ({ base, turn }) => {
      const { lost, invented, ...rest } = trip(
        textOf(turnedOn(BASES[base], [turn])),
      );

      expect(rest).toEqual({ bytes: [], unsupported: [] });
      expect(turn['#'] ? NOTHING : { ...NOTHING, lost, invented }).toEqual(
        NOTHING,
      );
    },
  );

  it('is in one of the specs that go there and back', () => {
    const reached = CASES.flatMap(({ base, turn }) =>
      keysOfDocument(SCHEMA, turnedOn(BASES[base], [turn])),
    );
    const left = keysOfSchema(SCHEMA).filter(
      key =>
        !reached.includes(key) &&
        !IN_NO_WORKFLOW.some(one => key.replace(/\[\]/g, '.*').startsWith(one)),
    );

    expect(left).toEqual([]);
  });

  it.each(Object.keys(BASES))('comes back beside any other: %s', base => {
    fc.assert(
      fc.property(
        fc.subarray([...TURNS[base]], { minLength: 2, maxLength: 3 }),
        turns => {
          const text = textOf(turnedOn(BASES[base], turns));
          fc.pre(isValid(text));
          const { bytes, unsupported } = trip(text);

          expect({ bytes, unsupported }).toEqual({
            bytes: [],
            unsupported: [],
          });
        },
      ),
      { seed: 20261122, numRuns: 12, maxSkipsPerRun: 100 },
    );
  });
});
