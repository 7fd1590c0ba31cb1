import { author, requester, timeOf, World } from './world';

/** What the test itself wrote down beside the promotion. */
export interface Ledger {
  /** What each person last approved. */
  voices: Map<string, string>;
  /** What somebody let pass. */
  letPass: Set<string>;
}

/** All that an approval is bound to. */
export const pictureOf = ({ artifact, gate, report }: World) =>
  [artifact, gate, report].join(' ');

function isFit(world: World, letPass: Set<string>): boolean {
  const { policy } = world;
  const asksForStaging = policy.order !== 'none';
  const isThere = world.staging === 'there';
  const soaked =
    isThere &&
    world.minute * 60 >= world.stagingSince * 60 + policy.soakSeconds;
  return (
    (world.gate === 'pass' || world.gate === 'waived') &&
    (!asksForStaging || isThere || letPass.has('order')) &&
    (!asksForStaging ||
      policy.soakSeconds === 0 ||
      soaked ||
      letPass.has('soak')) &&
    (!policy.refs || world.ref === 'main') &&
    (world.relation === 'first' ||
      world.relation === 'newer' ||
      (world.relation === 'unknown' && letPass.has('outdated'))) &&
    world.artifact === world.artifactAsked &&
    !world.artifactGone &&
    !world.quarantined &&
    (world.spec === 'good' ||
      (world.spec === 'changed' &&
        letPass.has(`spec:${timeOf(world.specSince)}`)))
  );
}

function mayCountFor(world: World, rule: number, person: string): boolean {
  const { team } = world.rules[rule];
  return team === 'anyone' || world.teams[team].includes(person);
}

export function mayCount(world: World, person: string): boolean {
  const isInvolved = person === requester || person === author;
  const isAsked =
    world.rules.length === 0 ||
    world.rules.some((_, rule) => mayCountFor(world, rule, person));
  return isAsked && (world.policy.selfApproval || !isInvolved);
}

/** Tries every way to give each voice to a rule. */
function isEnough(world: World, voices: string[], missing: number[]): boolean {
  if (missing.every(count => count <= 0)) {
    return true;
  }
  const [voice, ...rest] = voices;
  return (
    voice !== undefined &&
    (isEnough(world, rest, missing) ||
      missing.some(
        (_, rule) =>
          mayCountFor(world, rule, voice) &&
          isEnough(
            world,
            rest,
            missing.map((each, other) => (other === rule ? each - 1 : each)),
          ),
      ))
  );
}

function isApproved(world: World, voices: Map<string, string>): boolean {
  const counting = [...voices]
    .filter(([, picture]) => picture === pictureOf(world))
    .map(([person]) => person)
    .filter(person => mayCount(world, person));
  return isEnough(
    world,
    counting,
    world.rules.map(({ required }) => required),
  );
}

function isClear(world: World, letPass: Set<string>): boolean {
  const isLocked =
    world.lock === 'open' ||
    (world.lock !== false && world.minute < world.lock);
  const isFrozen = world.freezes.some(
    ({ name, end, letsHotfixes }) =>
      world.minute < end &&
      !(letsHotfixes && world.policy.class === 'hotfix') &&
      !letPass.has(`freeze:${name}/${timeOf(end)}`),
  );
  return (
    !isLocked &&
    !isFrozen &&
    !world.running &&
    world.waiting !== false &&
    (!world.held || !world.automatic || letPass.has('hold'))
  );
}

/**
 * Where an undecided promotion belongs; written from the world alone, without what it is to check.
 */
export function expectedStatus(world: World, { voices, letPass }: Ledger) {
  if (!isFit(world, letPass)) return 'gated';
  if (!isApproved(world, voices)) return 'awaiting_approval';
  return isClear(world, letPass) ? 'executing' : 'approved';
}
