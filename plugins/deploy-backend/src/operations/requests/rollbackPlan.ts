import {
  Admission,
  Revision,
  RevisionEntry,
} from '@vvp/backstage-plugin-deploy-common';
import { TargetPlan } from '@vvp/backstage-plugin-deploy-node';
import { AdmissionRequest } from '../../restrictions/AdmissionDesk';
import { revisionToQuarantine } from '../../restrictions/revisionToQuarantine';
import { KnownRelease } from '../../rollbacks/ReleaseHistory';
import { KnownEnvironment } from '../../targets/TargetEnvironments';
import { rollbackConfirmation } from '../../verification/rollbackConfirmation';
import { NewStep } from '../engine/types';
import { VersionCheck } from './checkVersion';
import { definitionOf, planRollbackSteps } from './planSteps';
import { Caller } from './types';

/** A rollback as it is planned before it is asked for. */
export interface RollbackPlan {
  target: TargetPlan;
  steps: NewStep[];
  admission: Admission;
  from?: Revision;
  to: Revision;
  fromRelease?: KnownRelease;
  toRelease?: KnownRelease;
  confirmation?: string;
  /** What does not stand in the way, and may spoil the proof. */
  warning?: string;
}

/** What was found out about a rollback that somebody thinks of. */
export interface RollbackFacts {
  plan: TargetPlan;
  /** What is to come in. */
  to: Revision;
  fromRelease?: KnownRelease;
  toRelease?: KnownRelease;
  /** Of what is to come in. */
  quarantine?: RevisionEntry['quarantine'];
  version: VersionCheck;
  lastRan?: AdmissionRequest['lastRan'];
  /** What is taken out is a release that never came to serve, or never all of the traffic. */
  neverServed?: boolean;
  /** It takes a canary back. */
  endsCanary?: boolean;
}

/** What admission is asked about it. */
export function rollbackQuestion(
  { id }: Pick<KnownEnvironment, 'id'>,
  kind: 'rollback' | 'redeploy',
  caller: Caller,
  facts: RollbackFacts,
): AdmissionRequest {
  const { plan, to, toRelease, quarantine, version, lastRan } = facts;
  const unavailable =
    to.unavailable ??
    (plan.artifact.state === 'missing'
      ? plan.artifact.message ?? 'What this revision runs is gone.'
      : undefined);
  return {
    kind,
    automatic: caller.automatic,
    environmentId: id,
    ...(toRelease && { releaseId: toRelease.id }),
    ...(quarantine && { quarantine }),
    permission: caller.permission,
    ...(caller.override && { override: caller.override }),
    ...(unavailable !== undefined && { unavailable }),
    ...(version.problem && { versionProblem: version.problem }),
    ...(facts.endsCanary && { endsCanary: true }),
    ...(lastRan && { lastRan }),
  };
}

/** The plan, with what admission said: what is waived changes the proof. */
export function rollbackPlan(
  known: KnownEnvironment,
  facts: RollbackFacts,
  admission: Admission,
): RollbackPlan {
  const { plan, to, fromRelease, toRelease, version, neverServed } = facts;
  const fromRevision = neverServed
    ? undefined
    : revisionToQuarantine(plan, { from: fromRelease?.id, to: toRelease?.id });
  return {
    target: plan,
    steps: planRollbackSteps({
      plan,
      unproven: isUnproven(admission),
      keepOut: neverServed,
      definition: definitionOf(known),
      url: known.url,
      commit: toRelease?.commit ?? to.commit,
      ...(fromRelease &&
        fromRelease.id !== toRelease?.id && { fromReleaseId: fromRelease.id }),
      ...(fromRevision && { fromRevision }),
    }),
    admission,
    ...(plan.from && { from: plan.from }),
    to,
    ...(fromRelease && { fromRelease }),
    ...(toRelease && { toRelease }),
    confirmation: rollbackConfirmation(known.tier, known.serviceName),
    ...(version.warning && { warning: version.warning }),
  };
}

/** Nobody will be able to say by the version address what runs afterwards. */
export function isUnproven({ waived }: Admission): boolean {
  return (waived ?? []).some(({ code }) => code === 'version-unusable');
}
