import {
  PromotionEvent,
  PromotionStatus,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { StoredPromotion } from '../../rows';
import { userRef } from './githubPayloads';
import { LifeWorld, Place } from './LifeWorld';

/** What the test itself wrote down of a promotion. */
export interface Ledger {
  /** What each user last saw when they approved. */
  voices: Map<string, string>;
  /** Ids of conditions that somebody let pass. */
  letPass: Set<string>;
}

/** A promotion as the tables have it, with the commit of its release. */
export type Known = StoredPromotion & {
  commit: string;
  release_artifact?: string | null;
  /** Types of its events, in order. */
  history: PromotionEvent['type'][];
  /** How often it was let in, by the portal or past it. */
  entries: string[];
};

/** The status that the last event of a history tells of; the others tell of none. */
const tellsOf: Partial<Record<PromotionEvent['type'], PromotionStatus>> = {
  requested: 'gated',
  gated: 'gated',
  fit: 'awaiting_approval',
  'all-approved': 'approved',
  'let-through': 'executing',
  bypassed: 'executing',
  deployed: 'verifying',
  verified: 'succeeded',
  rejected: 'rejected',
  cancelled: 'cancelled',
  expired: 'expired',
  superseded: 'superseded',
  failed: 'failed',
  'rolled-back': 'rolled_back',
};

/** Where its history says that a promotion is. */
export function statusTold({ history }: Known): PromotionStatus | undefined {
  return history.flatMap(type => tellsOf[type] ?? []).at(-1);
}

/** What the portal knows of deployments, and what it made of it. */
export interface Snapshot {
  promotions: Map<string, Known>;
  /** Commit that runs there, by environment. */
  current: Map<string, string>;
  /** Environment and commit of what worked. */
  worked: Set<string>;
}

export async function takeSnapshot(knex: Knex): Promise<Snapshot> {
  const promotions: (Omit<Known, 'state'> & { state: string })[] = await knex(
    'promotions',
  )
    .join('releases', 'releases.id', 'promotions.release_id')
    .orderBy('promotions.created_at')
    .select(
      'promotions.*',
      'releases.commit_sha as commit',
      'releases.artifact as release_artifact',
    );
  const events = await knex('promotion_events')
    .orderBy(['promotion_id', 'sequence'])
    .select<{ promotion_id: string; type: PromotionEvent['type'] }[]>(
      'promotion_id',
      'type',
    );
  const historyOf = (id: string) =>
    events.filter(one => one.promotion_id === id).map(({ type }) => type);
  const deployments = await knex('deployments')
    .join('releases', 'releases.id', 'deployments.release_id')
    .whereIn('deployments.outcome', ['succeeded', 'superseded'])
    // Of whom a job is known; anybody may record another.
    .whereNotNull('deployments.job_name')
    .orderBy('deployments.finished_at')
    .select('deployments.environment_id', 'releases.commit_sha');
  return {
    promotions: new Map(
      promotions.map(row => [
        row.id,
        {
          ...row,
          state: JSON.parse(row.state),
          history: historyOf(row.id),
          entries: historyOf(row.id).filter(
            type => type === 'let-through' || type === 'bypassed',
          ),
        },
      ]),
    ),
    current: new Map(
      deployments.map(row => [row.environment_id, row.commit_sha]),
    ),
    worked: new Set(
      deployments.map(row => `${row.environment_id} ${row.commit_sha}`),
    ),
  };
}

/** All that an approval is bound to. */
export function pictureOf(
  world: LifeWorld,
  place: Place,
  release: Pick<Known, 'commit' | 'release_artifact'>,
): string {
  const { gate, report } = world.facts(place, release.commit);
  return [release.release_artifact, gate, report].join(' ');
}

function isAsked(
  world: LifeWorld,
  team: Place['rules'][number]['team'],
  person: string,
): boolean {
  return (
    team === 'anyone' || world.teams[team].some(one => userRef(one) === person)
  );
}

/** Who asked, who wrote it, and who started the run that waits. */
export function involvedIn(world: LifeWorld, promotion: Known): string[] {
  const run = world.github.runs.get(Number(promotion.run_id));
  return [
    promotion.requested_by,
    ...world.commits
      .filter(({ sha }) => sha === promotion.commit)
      .map(({ author }) => userRef(author)),
    ...(run ? [userRef(run.starter)] : []),
  ];
}

export function mayCount(
  world: LifeWorld,
  promotion: Known,
  person: string,
): boolean {
  const { rules } = world.placeOf(promotion.environment_id);
  return (
    rules.some(({ team }) => isAsked(world, team, person)) &&
    !involvedIn(world, promotion).includes(person)
  );
}

/** Whether a voice is kept, and did not lapse: one that did counts no more, whatever comes back. */
function isInForce({ state }: Known, person: string): boolean {
  return state.voices.some(({ by, lapsed }) => by === person && !lapsed);
}

/** Tries every way to give each voice to a rule. */
function isEnough(
  world: LifeWorld,
  rules: Place['rules'],
  voices: string[],
): boolean {
  if (rules.every(({ required }) => required <= 0)) {
    return true;
  }
  const [voice, ...rest] = voices;
  return (
    voice !== undefined &&
    (isEnough(world, rules, rest) ||
      rules.some(
        ({ team }, index) =>
          isAsked(world, team, voice) &&
          isEnough(
            world,
            rules.map((rule, other) =>
              other === index ? { ...rule, required: rule.required - 1 } : rule,
            ),
            rest,
          ),
      ))
  );
}

/** What a person lets pass who overrides a freeze: this window, and none after it. */
export function windowOf({ id, from }: Place['freezes'][number]): string {
  return `freeze:${id}/${from.toISOString()}`;
}

/** What keeps a release out although it was let through: the same at the door of each job. */
export function hindranceOf(
  world: LifeWorld,
  { current }: Snapshot,
  promotion: Known,
  { letPass }: Ledger,
): string | undefined {
  const place = world.placeOf(promotion.environment_id);
  const runs = current.get(place.environmentId);
  const orderOf = (sha: string) =>
    world.commits.findIndex(commit => commit.sha === sha);
  const isLocked =
    place.lock === 'open' || (place.lock && world.now < place.lock);
  const isFrozen = place.freezes.some(
    freeze =>
      freeze.from <= world.now &&
      world.now < freeze.to &&
      !(freeze.letsHotfixes && promotion.class === 'hotfix') &&
      !letPass.has(windowOf(freeze)),
  );
  const hindrances: [boolean | undefined, string][] = [
    [isLocked, 'it is locked'],
    [isFrozen, 'it is frozen'],
    [world.facts(place, promotion.commit).quarantined, 'it is quarantined'],
    [
      Boolean(promotion.artifact) &&
        promotion.artifact !== promotion.release_artifact,
      'its artifact changed',
    ],
    [
      runs !== undefined && orderOf(runs) > orderOf(promotion.commit),
      'a newer one runs there',
    ],
  ];
  return hindrances.find(([isSo]) => isSo)?.[1];
}

/**
 * Why a promotion may not be let through now; written from the world and what the test wrote down, without what
 * it is to check.
 */
export function obstacleOf(
  world: LifeWorld,
  snapshot: Snapshot,
  promotion: Known,
  ledger: Ledger,
): string | undefined {
  const place = world.placeOf(promotion.environment_id);
  const { commit } = promotion;
  const { gate } = world.facts(place, commit);
  const picture = pictureOf(world, place, promotion);
  const voices = [...ledger.voices]
    .filter(([, seen]) => seen === picture)
    .map(([person]) => person)
    .filter(
      person =>
        mayCount(world, promotion, person) && isInForce(promotion, person),
    );
  const runs = snapshot.current.get(place.environmentId);
  const obstacles: [boolean, string][] = [
    [gate !== 'pass' && gate !== 'waived', `its gate is ${gate}`],
    [
      place.order === 'previous' &&
        !ledger.letPass.has('order') &&
        !snapshot.worked.has(`${place.stagingId} ${commit}`),
      'it has not worked in staging',
    ],
    [runs === commit, 'it runs there'],
    [
      runs !== undefined &&
        !world.comparable &&
        !ledger.letPass.has('outdated'),
      'nobody knows which is newer',
    ],
    [!isEnough(world, place.rules, voices), 'approvals lack'],
    [place.operating, 'an operation is under way'],
    [
      place.held &&
        promotion.requested_by === 'automatic' &&
        !ledger.letPass.has('hold'),
      'it is held for automatic ones',
    ],
    [!promotion.run_id, 'no run waits for it'],
    [world.now.toISOString() >= promotion.expires_at, 'its time is over'],
  ];
  return (
    obstacles.find(([isSo]) => isSo)?.[1] ??
    hindranceOf(world, snapshot, promotion, ledger)
  );
}
