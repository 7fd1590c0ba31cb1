import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parsePipelineSpec } from '@vvp/backstage-plugin-deploy-common';
import { REPOSITORY } from '../import/__testUtils__/importing';
import { keysOfSchema } from '../import/__testUtils__/schemaKeys';
import { textOf, Turn, turnedOn } from '../import/__testUtils__/turnOn';
import { Place, PLACES, turnAt } from './__testUtils__/keyPlaces';
import { Sample, SAMPLES } from './__testUtils__/keySamples';
import { generatePipeline } from './generatePipeline';

jest.setTimeout(120_000);

const SCHEMA = JSON.parse(
  readFileSync(
    resolve(
      REPOSITORY,
      'plugins/deploy-common/schema/deploy.vvp.io-v1alpha1.json',
    ),
    'utf8',
  ),
);

/** What no workflow is made of, and by whom it is read. */
const NOT_OF_WORKFLOWS: readonly (readonly [key: string, reason: string])[] = [
  ['apiVersion', 'the parser: it has one value'],
  ['kind', 'the parser: it has one value'],
  ['metadata.name', 'the portal, and people; docker compose in other tests'],
  ['spec.repository', 'all that is trusted; it cannot be left out'],
  ['spec.evidence', 'the portal: which reports it takes'],
  ['spec.gates', 'the portal; coverage and image size in other tests'],
  ['spec.environments[].gates', 'the portal'],
  ['spec.environments[].promotion', 'the portal'],
  ['spec.environments[].tier', 'the portal: who may do what there'],
  ['spec.services.*.gates', 'the portal; as above'],
  ['spec.services.*.migrations', 'the portal: what a rollback warns of'],
  ['spec.services.*.environments.*.gates', 'the portal'],
  ['spec.services.*.environments.*.promotion', 'the portal'],
  ['spec.services.*.environments.*.version', 'the portal: what it asks'],
  ['spec.services.*.environments.*.workflows', 'the portal: what it starts'],
  ['spec.services.*.environments.*.rollback', 'the portal: how it goes back'],
  ['spec.services.*.environments.*.target.connection', 'the portal'],
  ['spec.services.*.environments.*.target.ref', 'the portal: what it starts'],
  ['spec.services.*.environments.*.jobs[].branches', 'the portal: whose runs'],
];

/** What some kind of target leaves to the portal, or what has nothing to be about yet. */
const AT_PLACES: readonly (readonly [
  place: RegExp,
  key: RegExp,
  reason: string,
])[] = [
  [
    /^(Container Apps? |a Container App)/,
    /\.target\.(strategy|canary\.\w+)$/,
    'the portal moves the canaries of Container Apps',
  ],
  [
    /^a file on a machine$/,
    /\.target\.health\.\w+$/,
    'the portal looks at it; the job has the file read again, and goes by the answer',
  ],
  [
    /./,
    /\.jobs\[\]\.workflow$/,
    'the portal: another workflow may deploy, too, and is not generated',
  ],
  [
    /^(releases|a file) on a machine$|^docker compose$|^ECS, after/,
    /^spec\.services\.\*\.entity$/,
    'the portal: whose deployments these are; nothing is reported here',
  ],
  [
    /^docker compose$|^ECS, after another workflow$/,
    /^spec\.pipeline\.(portal|audience)$/,
    'reports: nothing is tested here, so that there are none',
  ],
  [
    /^ECS, after another workflow$/,
    /^spec\.services\.\*\.(paths|sharedPaths)\[\]$/,
    'the portal: what a commit is about; all services are deployed after another workflow',
  ],
];

interface Outcome {
  /** All that is generated, without what names the spec. */
  made?: string;
  /** Places that findings and notes are about. */
  told: string[];
}

function outcomeOf(document: unknown): Outcome {
  const parsed = parsePipelineSpec(textOf(document));
  if (!parsed.ok) {
    return { told: parsed.findings.map(({ path }) => path) };
  }
  const result = generatePipeline(parsed.spec, {
    version: '1.0.0',
    source: '',
    scripts: {},
  });
  return 'problems' in result
    ? { told: result.problems.map(({ path }) => `/${path.join('/')}`) }
    : {
        made: JSON.stringify(result.files),
        told: result.notes.map(({ path }) => `/${path.join('/')}`),
      };
}

const idle = new Map<Place, readonly string[]>();

/** The keys that make no difference at a place, and of which nobody is told that they make none. */
function idleAt(place: Place): readonly string[] {
  const known = idle.get(place);
  if (known) {
    return known;
  }
  const outcomes = new Map<string, Outcome>();
  const outcomeBeside = (besides: Turn): Outcome => {
    const key = JSON.stringify(besides, (_, value) => value ?? null);
    const found =
      outcomes.get(key) ?? outcomeOf(turnedOn(place.document, [besides]));
    outcomes.set(key, found);
    return found;
  };
  const counts = ([on, before = {}]: Sample): boolean => {
    const besides = turnAt(before, place);
    const turn = turnAt(on, place);
    const { made, told } = outcomeOf(turnedOn(place.document, [besides, turn]));
    return (
      made === undefined ||
      made !== outcomeBeside(besides).made ||
      told.some(path =>
        Object.keys(turn).some(key => isWithin(`/${key}`, path)),
      )
    );
  };
  const found = place.groups.flatMap(group =>
    Object.entries(SAMPLES[group])
      .filter(([, sample]) => !counts(sample))
      .map(([key]) => key),
  );
  idle.set(place, found);
  return found;
}

/** Whether one of two places is in the other. */
function isWithin(left: string, right: string): boolean {
  return `${left}/`.startsWith(`${right}/`) || right.startsWith(`${left}/`);
}

function isLeft({ name }: Place, key: string): boolean {
  return AT_PLACES.some(
    ([place, pattern]) => place.test(name) && pattern.test(key),
  );
}

describe('every key of deploy.yaml', () => {
  it('has a value to be turned on, or is of no workflow', () => {
    const known = Object.values(SAMPLES).flatMap(Object.keys);

    expect(
      keysOfSchema(SCHEMA).filter(
        key =>
          !known.includes(key) &&
          !NOT_OF_WORKFLOWS.some(([prefix]) => key.startsWith(prefix)),
      ),
    ).toEqual([]);
  });

  it.each(PLACES.map(place => [place.name, place] as const))(
    'changes what is generated for %s, or is refused or noted',
    (_, place) => {
      expect(outcomeOf(place.document).made).toBeDefined();
      expect(idleAt(place).filter(key => !isLeft(place, key))).toEqual([]);
    },
  );

  it('is left out here only where it would do nothing', () => {
    const stale = AT_PLACES.filter(([name, pattern]) =>
      PLACES.filter(place => name.test(place.name)).every(
        place => !idleAt(place).some(key => pattern.test(key)),
      ),
    );

    expect(stale.map(([, , reason]) => reason)).toEqual([]);
  });
});
