import type { Outcomes } from '../../../client/types';
import { DAY, HOUR, MINUTE } from '../../state/time';
import { nights, workingDays, workingTimes } from '../calendar';
import { SeededRandom } from '../random';
import type { PushEntry, Story, StoryEntry } from '../story';

interface Area {
  folder: string;
  test: string | undefined;
  weight: number;
  messages: string[];
}

const AREAS: Area[] = [
  {
    folder: 'services/verifier',
    test: 'test-verifier',
    weight: 6,
    messages: [
      'Verifier: cache witness receipts for a minute',
      'Verifier: refuse a passport whose iat lies in the future',
      'Verifier: name the failed claim in the error',
      'Verifier: follow delegated identifiers one level',
      'Verifier: measure how long a dossier takes to resolve',
    ],
  },
  {
    folder: 'services/issuer',
    test: 'test-issuer',
    weight: 5,
    messages: [
      'Issuer: page the list of credentials',
      'Issuer: revoke a whole dossier at once',
      'Issuer: add an index for lookups by holder',
      'Issuer: log who rotated a key',
    ],
  },
  {
    folder: 'services/sip-redirect',
    test: 'test-sip-redirect',
    weight: 2,
    messages: [
      'SIP signer: keep the order of Identity headers',
      'SIP signer: answer 302 within the timer',
    ],
  },
  {
    folder: 'services/sip-verify',
    test: 'test-sip-verify',
    weight: 2,
    messages: [
      'SIP verifier: accept compact header names',
      'SIP verifier: tell a timeout from a refusal',
    ],
  },
  {
    folder: 'services/witness',
    test: undefined,
    weight: 1,
    messages: ['Witness: newer base image', 'Witness: larger receipt store'],
  },
  {
    folder: 'services/pbx/config',
    test: undefined,
    weight: 1,
    messages: ['PBX: route the test extension', 'PBX: shorter ring timeout'],
  },
  {
    folder: 'common',
    test: 'test-verifier',
    weight: 1,
    messages: [
      'Common: one parser for OOBI addresses',
      'Common: typed settings',
    ],
  },
];

const AUTHORS = ['dana', 'dana', 'omar', 'priya', 'dana', 'tomas'];

function weighted(random: SeededRandom): Area {
  const bag = AREAS.flatMap(area =>
    Array.from({ length: area.weight }, () => area),
  );
  return random.pick(bag);
}

function dailyPushes(anchor: number, random: SeededRandom): PushEntry[] {
  const entries: PushEntry[] = [];
  for (const day of workingDays(anchor)) {
    for (const at of workingTimes(random, day, random.whole(1, 2))) {
      const area = weighted(random);
      const entry: PushEntry = {
        kind: 'push',
        at,
        author: random.pick(AUTHORS),
        message: random.pick(area.messages),
        areas: [area.folder],
        byPullRequest: random.chance(0.6),
      };
      if (area.test && random.chance(0.1)) {
        entry.outcomes = { [area.test]: { conclusion: 'failure' } };
      }
      entries.push(entry);
    }
  }
  return entries;
}

const verifierInProduction = [
  'spec',
  'services',
  'verifier',
  'environments',
  'production',
];

/** What the release that waits brings besides its code. */
const verifierSettings = [
  {
    path: [
      ...verifierInProduction,
      'deploy',
      'environment',
      'VVP_DOSSIER_WAIT_SECONDS',
    ],
    value: '20',
  },
  {
    path: [
      ...verifierInProduction,
      'deploy',
      'environment',
      'VVP_LOCAL_WITNESS_URLS',
    ],
    value:
      'https://vvp-witness1.example.test,https://vvp-witness2.example.test',
  },
  { path: [...verifierInProduction, 'target', 'maxReplicas'], value: 3 },
];

/** What everybody remembers of that month. */
function incidents(anchor: number): StoryEntry[] {
  const failedDeploy: Outcomes = {
    'deploy-sip-redirect': { conclusion: 'failure', durationSeconds: 210 },
  };
  return [
    {
      kind: 'push',
      at: anchor - 19 * DAY - 30 * MINUTE,
      author: 'omar',
      message: 'SIP signer: read the admin key from the environment file',
      areas: ['services/sip-redirect', 'services/sip-verify'],
      outcomes: failedDeploy,
      approvedAtOnce: true,
      rerunAfterMinutes: 35,
    },
    {
      kind: 'push',
      at: anchor - 12 * DAY - 3 * HOUR,
      author: 'dana',
      message: 'Issuer: migrate credentials to the new table',
      areas: ['services/issuer'],
      outcomes: { 'deploy-issuer': { durationSeconds: 600 } },
      approvedAtOnce: true,
      cancelAfterSeconds: 420,
    },
    {
      kind: 'push',
      at: anchor - 6 * DAY - 2 * HOUR,
      author: 'priya',
      message: 'Verifier: stricter check of the issuance chain',
      areas: ['services/verifier'],
      outcomes: { 'post-deployment-tests': { conclusion: 'failure' } },
      approvedAtOnce: true,
      rerunAfterMinutes: 22,
    },
    {
      kind: 'push',
      at: anchor - 9 * DAY - 4 * HOUR,
      author: 'omar',
      message: 'PBX: send calls of the test range to the verifier',
      areas: ['services/pbx/config'],
    },
    {
      kind: 'push',
      at: anchor - 15 * DAY - 2 * HOUR,
      author: 'dana',
      message: 'Common: reuse one HTTP session',
      areas: ['common'],
      byPullRequest: true,
    },
    {
      kind: 'push',
      at: anchor - 26 * HOUR,
      author: 'tomas',
      message: 'Witness: receipts survive a restart',
      areas: ['services/witness'],
      byPullRequest: true,
    },
    {
      kind: 'push',
      at: anchor - 3 * HOUR - 10 * MINUTE,
      author: 'dana',
      message: 'Verifier: explain a refused call in plain words',
      areas: ['services/verifier'],
      byPullRequest: true,
    },
    // This one waits for its approval.
    {
      kind: 'push',
      at: anchor - 50 * MINUTE,
      author: 'priya',
      message: 'Verifier: answer while a dossier is being fetched',
      areas: ['services/verifier'],
      settings: verifierSettings,
    },
    {
      kind: 'push',
      at: anchor - 3 * MINUTE,
      author: 'dana',
      message: 'Issuer: shorter credential list for small screens',
      areas: ['services/issuer'],
      outcomes: {
        changes: { durationSeconds: 14 },
        'test-issuer': { durationSeconds: 95 },
        'deploy-issuer': { durationSeconds: 420 },
        'post-deployment-tests': { durationSeconds: 240 },
      },
      approvedAtOnce: true,
    },
  ];
}

/** The last nights, and every third one before: as long a history from fewer runs. */
function nightly(anchor: number, random: SeededRandom): StoryEntry[] {
  const broken: Outcomes = { 'integration-azure': { conclusion: 'failure' } };
  const entries = nights(anchor).map(
    (day, index): StoryEntry => ({
      kind: 'start',
      at: day + 2 * HOUR + random.whole(60, 400) * 1000,
      author: 'dana',
      workflow: 'integration-tests.yml',
      event: 'schedule',
      outcomes: index === 11 ? broken : {},
    }),
  );
  return entries.filter((_, index) => index % 3 === 2 || index > 22);
}

const SERVICES = [
  'verifier',
  'issuer',
  'witness-wan',
  'witness-wil',
  'witness-wes',
  'sip-redirect',
  'sip-verify',
  'pbx-config',
];

/** The VVP monorepo: many services, each with an environment of its own that asks before it lets anything in. */
export function vvpStory(anchor: number): Story {
  const random = new SeededRandom('vvp');
  return {
    repository: 'vvp',
    environments: Object.fromEntries(
      SERVICES.map(service => [`production-${service}`, { customRule: true }]),
    ),
    entries: [
      ...dailyPushes(anchor, random),
      ...incidents(anchor),
      ...nightly(anchor, random),
    ],
  };
}
