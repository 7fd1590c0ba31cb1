import { FreezeInForce, operationNouns, subjectOf } from '../model';
import { freezeWindowId } from '../readiness/freezeWindowId';
import { deployOverridePermission } from '../permissions';
import { Admission, AdmissionFacts, Refusal } from './types';

/** Kinds that put a release into the environment. */
const deploys: readonly AdmissionFacts['kind'][] = [
  'rollback',
  'redeploy',
  'rerun',
  'force-deploy',
  'promote',
  'canary',
];

/** What an override may waive. Never what another person set, and never what cannot be done at all. */
const overridable: ReadonlySet<Refusal['code']> = new Set([
  'version-unusable',
  'too-old',
  'freeze',
]);

type Check = (facts: AdmissionFacts) => Refusal | undefined;

const mayDoIt: Check = ({ permission }) =>
  permission.allowed
    ? undefined
    : {
        code: 'permission',
        message: `This needs the permission ${permission.name} for this environment.`,
        remedy: 'Ask whoever keeps the permission policy of this portal.',
        clearedBy: permission.name,
      };

const mayOverride: Check = ({ override }) =>
  override && !override.allowed
    ? {
        code: 'permission',
        message: `An override needs the permission ${deployOverridePermission.name} for this environment.`,
        remedy: 'Ask without "override", or ask somebody who has it.',
        clearedBy: deployOverridePermission.name,
      }
    : undefined;

const isNotLocked: Check = ({ lock, now }) => {
  if (!lock || (lock.expiresAt !== undefined && lock.expiresAt <= now)) {
    return undefined;
  }
  return {
    code: 'lock',
    message: `${lock.owner} locked this environment: ${lock.reason}`,
    remedy: lock.expiresAt
      ? 'Wait until the lock runs out, or release it.'
      : 'Release the lock, or ask its owner to.',
    clearedBy: 'deploy.lock',
    since: lock.since,
    ...(lock.expiresAt && { until: lock.expiresAt }),
  };
};

/** A freeze stops what puts a release in; rollbacks and hotfixes only where it does not let them through. */
const isNotFrozen: Check = ({ freezes, kind, promotionClass }) => {
  const isExempt = ({ allows }: FreezeInForce) =>
    (kind === 'rollback' && allows.includes('rollback')) ||
    ((kind === 'promote' || kind === 'canary') &&
      promotionClass === 'hotfix' &&
      allows.includes('hotfix'));
  const inForce = deploys.includes(kind)
    ? (freezes ?? []).filter(freeze => !isExempt(freeze))
    : [];
  const last = [...inForce].sort((a, b) =>
    a.nextOpen < b.nextOpen ? 1 : -1,
  )[0];
  return (
    last && {
      code: 'freeze',
      message: `This environment is frozen until ${last.nextOpen}. ${last.title}: ${last.reason}`,
      remedy: 'Wait until it opens, or override the freeze with a reason.',
      clearedBy: deployOverridePermission.name,
      since: last.since,
      until: last.nextOpen,
      freezes: inForce.map(freezeWindowId),
    }
  );
};

/**
 * A hold stops what nobody asked for; a person may decide. But a forced deployment takes whatever is at the
 * head of the branch, which may be the very release that was taken out. The end of a canary brings nothing
 * in: what comes back has most of the traffic.
 */
const isNotHeld: Check = ({ hold, automatic, kind, endsCanary }) =>
  hold &&
  !endsCanary &&
  (kind === 'force-deploy' || (automatic && deploys.includes(kind)))
    ? {
        code: 'hold',
        message: `${subjectOf(hold.by)} set a hold on this environment: ${
          hold.reason
        }`,
        remedy: automatic
          ? 'A person has to decide, or lift the hold.'
          : 'Lift the hold first, if what is at the head of the branch is good.',
        clearedBy: 'deploy.operate',
        since: hold.since,
      }
    : undefined;

const isNotQuarantined: Check = ({ quarantine, kind }) =>
  quarantine && deploys.includes(kind)
    ? {
        code: 'quarantine',
        message: `${subjectOf(quarantine.by)} quarantined ${nameOf(
          quarantine,
        )}: ${quarantine.reason}`,
        remedy: `Choose another ${
          quarantine.revision ? 'revision' : 'release'
        }, or lift the quarantine.`,
        clearedBy: 'deploy.quarantine',
        since: quarantine.since,
      }
    : undefined;

function nameOf({
  commit,
  revision,
}: NonNullable<AdmissionFacts['quarantine']>): string {
  if (revision) {
    return `revision ${revision} of this environment`;
  }
  return commit ? `release ${commit.slice(0, 7)}` : 'this release';
}

const isAlone: Check = ({ running }) =>
  running
    ? {
        code: 'operation-running',
        message: `A ${
          operationNouns[running.kind]
        } of this service is under way here: operation ${running.id}.`,
        remedy: 'Wait for its end, or cancel it.',
        clearedBy: 'deploy.operate',
      }
    : undefined;

const canBePutBack: Check = ({ unavailable }) =>
  unavailable
    ? {
        code: 'revision-unavailable',
        message: unavailable,
        remedy: 'Choose another revision, or redeploy the release.',
      }
    : undefined;

/** Whether the service answers there is another matter: production may be down. */
const canBeProven: Check = ({ versionProblem }) =>
  versionProblem
    ? {
        code: 'version-unusable',
        message: `What runs here afterwards could not be proven: ${versionProblem.message}`,
        remedy: versionProblem.remedy ?? 'Correct "version" in deploy.yaml.',
      }
    : undefined;

/** One that is not known to have run here is as one that ran too long ago. */
const isYoungEnough: Check = ({ age }) => {
  if (!age || (age.days !== undefined && age.days <= age.allowed)) {
    return undefined;
  }
  const ran =
    age.days === undefined
      ? 'is not known to have run here'
      : `last ran here ${age.days} days ago`;
  return {
    code: 'too-old',
    message: `This revision ${ran}; the policy lets revisions of the last ${age.allowed} days back without an approval.`,
    remedy: 'Choose a newer revision, or promote the release with an approval.',
  };
};

const checks: readonly Check[] = [
  mayDoIt,
  mayOverride,
  isNotLocked,
  isNotFrozen,
  isNotHeld,
  isNotQuarantined,
  isAlone,
  canBePutBack,
  canBeProven,
  isYoungEnough,
];

/**
 * Decides whether an operation may go ahead; asked when it is requested, and again before its first step.
 * Nothing else checks locks, holds and quarantines. An override waives what is overridable, and nothing else.
 *
 * @returns every reason against it
 * @public
 */
export function admit(facts: AdmissionFacts): Admission {
  const found = checks
    .flatMap(check => check(facts) ?? [])
    .map(refusal =>
      overridable.has(refusal.code)
        ? { ...refusal, overridable: true as const }
        : refusal,
    );
  const { override } = facts;
  const isWaived = ({ code, overridable: mayBe, freezes }: Refusal) =>
    mayBe === true &&
    override?.allowed === true &&
    (override.codes?.includes(code) ?? true) &&
    // Another freeze, or a later window of the same one, was not spoken of.
    (freezes ?? []).every(id => override.freezes?.includes(id) ?? true);
  const refusals = found.filter(refusal => !isWaived(refusal));
  const waived = found.filter(isWaived);
  return {
    admitted: refusals.length === 0,
    refusals,
    ...(waived.length > 0 && { waived }),
  };
}
