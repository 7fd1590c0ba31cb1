import { ConflictError, InputError } from '@backstage/errors';
import {
  CommitRange,
  PromotionClass,
  RivalPromotion,
} from '@vvp/backstage-plugin-deploy-common';
import { NewOperation } from '../operations/engine/types';
import { checkReason } from '../operations/requests/checkRequest';
import { KnownEnvironment } from '../targets/TargetEnvironments';
import { Judged } from './ReadinessDesk';
import { NewPromotionRow } from './PromotionStore';

const MAX_COMMENT = 2_000;

/** What is asked for. */
export interface PromotionOrder {
  environment: KnownEnvironment;
  releaseId: string;
  class: PromotionClass;
  reason?: string;
  /** Entity ref, `github:<login>` or `automatic`. */
  by: string;
  /** The run that waits for it. */
  runId?: string;
}

/** Whether somebody asks who can be told no; a run that waits and automatic promotion cannot. */
export function isOfPerson({ by, runId }: PromotionOrder): boolean {
  return by !== 'automatic' && runId === undefined;
}

/** Its reason, which a hotfix needs. Throws an InputError that says how it has to be. */
export function reasonOf(order: PromotionOrder): string | undefined {
  if (order.class === 'hotfix' && order.runId === undefined) {
    return checkReason(order.reason ?? '');
  }
  return checkComment(order.reason, 'reason') || undefined;
}

/** Throws an InputError if it is too long. */
export function checkComment(
  comment: string | undefined,
  member = 'comment',
): string | undefined {
  const text = comment?.replace(/[\0\u200b-\u200f\u2060\ufeff]/g, '').trim();
  if (text && text.length > MAX_COMMENT) {
    throw new InputError(
      `${member}: has to be at most ${MAX_COMMENT} characters`,
    );
  }
  return text;
}

/** Throws a ConflictError if the release runs there already, or is older than what runs there. */
export function assertGoesForward(
  { facts, release }: Pick<Judged, 'facts' | 'release'>,
  environment: Pick<KnownEnvironment, 'name'>,
): void {
  const name = release.version ?? release.commit.slice(0, 7);
  if (facts.relation === 'same') {
    throw new ConflictError(
      `release: ${name} runs in ${environment.name} already. Redeploy it if it has to go in again.`,
    );
  }
  if (facts.relation === 'older') {
    throw new ConflictError(
      `release: ${name} is older than what runs in ${environment.name}. Roll back to it instead.`,
    );
  }
}

/** Whether the branch or tag that it was built from is let in: nothing mends that. */
export function mayEverGoIn({
  conditions,
}: Pick<Judged, 'conditions'>): boolean {
  return conditions.every(
    ({ kind, state }) => kind !== 'ref' || state !== 'unmet',
  );
}

/**
 * How a release stands to another one.
 *
 * @param range - the commits from it to the other one; undefined if they could not be asked for
 */
export function relationBy(
  range: CommitRange | undefined,
): RivalPromotion['relation'] {
  if (!range || range.state === 'unknown') {
    return 'unknown';
  }
  if (range.state === 'unrelated') {
    return 'unrelated';
  }
  return range.direction === 'backward' ? 'newer' : 'older';
}

/** An order as it is stored. */
export function rowOf(
  order: PromotionOrder,
  { release, policy }: Pick<Judged, 'release' | 'policy'>,
  reason: string | undefined,
  idempotency: NewOperation['idempotency'],
): NewPromotionRow {
  const { environment, by, runId } = order;
  return {
    service_id: environment.serviceId,
    environment_id: environment.id,
    release_id: release.id,
    artifact: release.artifact ?? null,
    class: order.class,
    requested_by: by,
    reason: reason ?? null,
    seam: policy.seam,
    required_approvals: policy.approvals.reduce(
      (sum, { required }) => sum + required,
      0,
    ),
    repository: environment.repository,
    run_id: runId ?? null,
    run_started_by: runId ? by : null,
    idempotency: idempotency?.key ?? null,
    request_digest: idempotency?.request ?? null,
  };
}
