import { TargetHealth } from '@vvp/backstage-plugin-deploy-common';
import {
  TargetError,
  TargetVerification,
} from '@vvp/backstage-plugin-deploy-node';
import { isScaledOut } from './scaledOut';

/**
 * What the version URL says: the wanted commit, another one, or nothing that can be used; `waived` where
 * somebody with the right to said that it need not.
 */
export type VersionLook =
  | { state: 'right'; told: string }
  | { state: 'other'; told: string; message: string }
  | { state: 'unread'; message: string }
  | { state: 'waived'; message: string };

/** What one look at an environment showed. */
export type Look =
  | {
      verification: TargetVerification;
      /** Absent where there is no version URL, or no commit to compare with. */
      version?: VersionLook;
    }
  | {
      /** The platform did not answer this time. */
      unseen: TargetError;
    };

/** What the looks so far mean. */
export type Confirmation =
  /** Looks have to go on. */
  | { verdict: 'watching' }
  | { verdict: 'confirmed'; note?: string }
  /** Something else serves: it was put there after the steps were done. */
  | { verdict: 'displaced'; why: string }
  /** It does not work. */
  | { verdict: 'failed'; why: string }
  /** The platform cannot be asked. */
  | { verdict: 'unseen'; error: TargetError };

/** So many good looks in a row prove it; a single one may be luck. */
const IN_A_ROW = 2;

/**
 * Judges whether what an operation put in place is there and works. Two good looks in a row confirm it at
 * once; two in a row that show something else mean that it was displaced. Else it is decided after the last
 * look.
 *
 * More replicas that are wanted after a good look, and not there yet, are no illness: it is scaled out.
 *
 * A platform that cannot tell the health needs either the right commit from the version URL or, where there
 * is none, to have it in place until the end.
 *
 * @param checks - how many looks there are at the most
 */
export function judgeConfirmation(
  looks: readonly Look[],
  checks: number,
): Confirmation {
  const needed = Math.min(IN_A_ROW, checks);
  const recent = withoutScaling(looks).slice(-needed);
  const last = recent[recent.length - 1];
  if (last === undefined) {
    return { verdict: 'watching' };
  }
  if (recent.length === needed) {
    if (recent.every(isGood)) {
      const note = unprovenNote(last);
      return { verdict: 'confirmed', ...(note && { note }) };
    }
    if (recent.every(isDisplaced)) {
      return { verdict: 'displaced', why: describeLook(last) };
    }
  }
  return looks.length < checks
    ? { verdict: 'watching' }
    : judgeEnd(last, recent);
}

function withoutScaling(looks: readonly Look[]): Look[] {
  let wantedBefore: number | undefined;
  return looks.map(look => {
    if ('unseen' in look) {
      return look;
    }
    const { health } = look.verification;
    if (isGood(look)) {
      wantedBefore = health.wanted;
    }
    return isScaledOut(health, wantedBefore)
      ? {
          ...look,
          verification: {
            ...look.verification,
            health: { ...health, state: 'healthy' },
          },
        }
      : look;
  });
}

function judgeEnd(last: Look, recent: readonly Look[]): Confirmation {
  if ('unseen' in last) {
    return { verdict: 'unseen', error: last.unseen };
  }
  if (recent.every(isInPlaceUnseenHealth)) {
    return {
      verdict: 'confirmed',
      note: [
        'The platform says that it is in place, but does not tell its health.',
        unprovenNote(last) ?? [],
      ]
        .flat()
        .join(' '),
    };
  }
  const why = describeLook(last);
  return isDisplaced(last)
    ? { verdict: 'displaced', why }
    : { verdict: 'failed', why };
}

function isGood(look: Look): boolean {
  if ('unseen' in look || !look.verification.inPlace) {
    return false;
  }
  const { health } = look.verification;
  switch (look.version?.state) {
    case undefined:
    case 'waived':
      return health.state === 'healthy';
    case 'right':
      return health.state === 'healthy' || health.state === 'unknown';
    default:
      return false;
  }
}

function isInPlaceUnseenHealth(look: Look): boolean {
  return (
    'verification' in look &&
    look.verification.inPlace &&
    look.verification.health.state === 'unknown' &&
    (look.version === undefined || look.version.state === 'waived')
  );
}

function unprovenNote(look: Look): string | undefined {
  return isUnproven(look)
    ? `Not proven by the version address, which was waived: ${look.version.message}`
    : undefined;
}

/** Whether it was confirmed by the platform's word alone because the version URL was waived. */
export function isUnproven(look: Look): look is Extract<
  Look,
  { verification: TargetVerification }
> & {
  version: { message: string };
} {
  return 'verification' in look && look.version?.state === 'waived';
}

/** Where the platform does not see what runs, the service's own word counts. */
function isDisplaced(look: Look): boolean {
  if ('unseen' in look) {
    return false;
  }
  const { inPlace, serving, health } = look.verification;
  return inPlace
    ? health.state === 'unknown' && look.version?.state === 'other'
    : serving !== undefined;
}

/** A look, for people. */
export function describeLook(look: Look): string {
  if ('unseen' in look) {
    return `The platform does not answer: ${look.unseen.message}`;
  }
  const { inPlace, serving, health } = look.verification;
  return [
    describeServing(inPlace, serving),
    describeHealth(health),
    ...(look.version ? [describeVersion(look.version)] : []),
  ].join(' ');
}

function describeServing(inPlace: boolean, serving?: string): string {
  if (serving === undefined) {
    return inPlace ? 'It serves.' : 'Nothing serves.';
  }
  return inPlace
    ? `${serving} serves.`
    : `${serving} serves, or a part of the traffic goes elsewhere.`;
}

function describeHealth({
  state,
  reason,
  ready,
  wanted,
}: TargetHealth): string {
  const counted =
    ready !== undefined && wanted !== undefined
      ? ` (${ready} of ${wanted} ready)`
      : '';
  const because = reason ? `: ${reason.replace(/\.$/, '')}` : '';
  return `Its health is ${state}${counted}${because}.`;
}

function describeVersion(version: VersionLook): string {
  return version.state === 'right'
    ? `It says that it runs ${version.told.slice(0, 12)}.`
    : version.message;
}
