import {
  changedConfigurationFiles,
  compareConfiguration,
  ConfigurationComparison,
  configurationFiles,
  ConfigurationDifference,
  DescribedService,
  selectService,
} from '@vvp/backstage-plugin-deploy-common';
import { CommitChange } from '../changes/types';
import { SpecAtCommit } from './SpecsAtCommits';

/** More are not named. */
const MAX_NAMES = 200;

/** What is known of a deploy.yaml at a commit. */
export type SpecReading = SpecAtCommit | { state: 'unread'; message: string };

/** A service in an environment, as it is looked for in a deploy.yaml. */
export interface SoughtPlace {
  entityRef: string;
  /** Of the annotation, if the entity has it. */
  serviceKey?: string;
  environment: string;
}

/** What a comparison is made of. */
export interface ComparisonFacts {
  place: SoughtPlace;
  /** Of what runs there; absent where nothing does. */
  before?: { commit: string; reading: SpecReading };
  /** Something was recorded there of which no job and no operation is known: it may be what runs. */
  recorded?: boolean;
  after: { commit: string; reading: SpecReading };
  /** What changed from one commit to the other; absent where nobody asked. */
  changes?: readonly CommitChange[];
}

interface Part {
  known: boolean;
  differences: ConfigurationDifference[];
  messages: string[];
}

/** What a deploy.yaml says of a service in an environment; undefined if it says nothing, or cannot be read. */
export function describedAt(
  reading: SpecReading,
  { entityRef, serviceKey, environment }: SoughtPlace,
): DescribedService | undefined {
  if (reading.state !== 'valid') {
    return undefined;
  }
  const { spec } = reading;
  const found = selectService(spec, { serviceKey, entityRef });
  return found.ok &&
    found.service.environments.some(({ name }) => name === environment)
    ? { spec, service: found.service }
    : undefined;
}

/** Files and directories of the repository that are configuration at one of the commits at least. */
export function namedFiles({
  place,
  before,
  after,
}: ComparisonFacts): string[] {
  const sides = [before, after].flatMap(
    side => (side && describedAt(side.reading, place)) || [],
  );
  return [
    ...new Set(
      sides.flatMap(side => configurationFiles(side, place.environment)),
    ),
  ];
}

/** Tells what differs, as far as that is known, and whether that is all. */
export function toComparison(facts: ComparisonFacts): ConfigurationComparison {
  if (!facts.before && facts.recorded) {
    return {
      to: facts.after.commit,
      state: 'unknown',
      differences: [],
      message:
        'What runs there is known only from deployments recorded at GitHub, which anybody who may write to the repository can do: nothing is compared with it.',
    };
  }
  const settings = compareSettings(facts);
  const files = compareFiles(facts, settings.known);
  const differences = [...settings.differences, ...files.differences];
  const rest = differences.length - MAX_NAMES;
  const messages = [
    ...settings.messages,
    ...files.messages,
    ...(rest > 0 ? [`There are ${rest} more.`] : []),
  ];
  return {
    ...(facts.before && { from: facts.before.commit }),
    to: facts.after.commit,
    state: stateOf(settings, files, differences.length),
    differences: differences.slice(0, MAX_NAMES),
    ...(messages.length > 0 && { message: messages.join(' ') }),
  };
}

function stateOf(
  settings: Part,
  files: Part,
  count: number,
): ConfigurationComparison['state'] {
  if (settings.known && files.known && count <= MAX_NAMES) {
    return 'known';
  }
  return settings.known || files.known || count > 0 ? 'partial' : 'unknown';
}

function compareSettings({ place, before, after }: ComparisonFacts): Part {
  const unclear = whyUnclear(before, after);
  if (unclear.length > 0) {
    return { known: false, differences: [], messages: unclear };
  }
  const { environment } = place;
  const old = before && describedAt(before.reading, place);
  const fresh = describedAt(after.reading, place);
  if (!old && !fresh) {
    return {
      known: false,
      differences: [],
      messages: [
        `deploy.yaml does not describe this service in ${environment}.`,
      ],
    };
  }
  return {
    known: true,
    differences: compareConfiguration(old, fresh, environment),
    messages: [
      ...(before && !old
        ? [
            `At ${short(
              before.commit,
            )} deploy.yaml did not describe this service in ${environment} yet: all that it says is added.`,
          ]
        : []),
      ...(fresh
        ? []
        : [
            `At ${short(
              after.commit,
            )} deploy.yaml does not describe this service in ${environment}.`,
          ]),
    ],
  };
}

/** Why a deploy.yaml does not say what it should; nothing if all do. */
function whyUnclear(
  before: ComparisonFacts['before'],
  after: ComparisonFacts['after'],
): string[] {
  if (
    after.reading.state === 'missing' &&
    (!before || before.reading.state === 'missing')
  ) {
    return [
      'There is no deploy.yaml that says how this service runs, so that there is nothing to compare.',
    ];
  }
  const sides = [before, after].flatMap(side => side ?? []);
  return [
    ...new Set(
      sides.flatMap(({ commit, reading }) => {
        switch (reading.state) {
          case 'missing':
            return [`There is no deploy.yaml at ${short(commit)}.`];
          case 'invalid':
            return [
              `deploy.yaml at ${short(
                commit,
              )} is not valid, so that it is not known what it says.`,
            ];
          case 'unread':
            return [reading.message];
          default:
            return [];
        }
      }),
    ),
  ];
}

/** @param settled - whether it is known what deploy.yaml says, and so that it names no files */
function compareFiles(facts: ComparisonFacts, settled: boolean): Part {
  const { before, changes } = facts;
  const named = namedFiles(facts);
  if (!before || named.length === 0) {
    return { known: settled, differences: [], messages: [] };
  }
  const known = (changes ?? []).flatMap(change =>
    'files' in change ? change.files : [],
  );
  const states = changes?.map(({ state }) => state) ?? ['unknown'];
  return {
    known: states.every(state => state === 'known'),
    differences: changedConfigurationFiles(
      known.flatMap(({ path, previousPath }) => [path, previousPath ?? path]),
      named,
    ),
    messages: states.every(state => state === 'known')
      ? []
      : ['GitHub does not tell all files that changed.'],
  };
}

function short(commit: string): string {
  return commit.slice(0, 7);
}
