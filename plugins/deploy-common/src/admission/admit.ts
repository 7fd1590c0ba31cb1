import { Admission, AdmissionFacts, Refusal } from './types';

/** Kinds that put a release into the environment. */
const deploys: readonly AdmissionFacts['kind'][] = [
  'rollback',
  'redeploy',
  'force-deploy',
];

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

/**
 * A hold stops what nobody asked for; a person may decide. But a forced deployment takes whatever is at the
 * head of the branch, which may be the very release that was taken out.
 */
const isNotHeld: Check = ({ hold, automatic, kind }) =>
  hold && (kind === 'force-deploy' || (automatic && deploys.includes(kind)))
    ? {
        code: 'hold',
        message: `${hold.by} set a hold on this environment: ${hold.reason}`,
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
        message: `${quarantine.by} quarantined ${
          quarantine.commit
            ? `release ${quarantine.commit.slice(0, 7)}`
            : 'this release'
        }: ${quarantine.reason}`,
        remedy: 'Choose another release, or lift the quarantine.',
        clearedBy: 'deploy.quarantine',
        since: quarantine.since,
      }
    : undefined;

const isAlone: Check = ({ running }) =>
  running
    ? {
        code: 'operation-running',
        message: `A ${running.kind} of this service is under way here: operation ${running.id}.`,
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

const isYoungEnough: Check = ({ age }) =>
  age && age.days > age.allowed
    ? {
        code: 'too-old',
        message: `This revision last ran here ${age.days} days ago; the policy lets revisions of the last ${age.allowed} days back without an approval.`,
        remedy:
          'Choose a newer revision, or promote the release with an approval.',
      }
    : undefined;

const checks: readonly Check[] = [
  mayDoIt,
  isNotLocked,
  isNotHeld,
  isNotQuarantined,
  isAlone,
  canBePutBack,
  canBeProven,
  isYoungEnough,
];

/**
 * Decides whether an operation may go ahead; asked when it is requested, and again before its first step.
 * Nothing else checks locks, holds and quarantines.
 *
 * @returns every reason against it
 * @public
 */
export function admit(facts: AdmissionFacts): Admission {
  const refusals = checks.flatMap(check => check(facts) ?? []);
  return { admitted: refusals.length === 0, refusals };
}
