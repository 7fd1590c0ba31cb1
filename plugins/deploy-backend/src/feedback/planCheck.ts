import { createHash } from 'node:crypto';
import { CheckAnnotation } from './gateAnnotations';
import { RenderedCheck } from './renderCheck';
import { FeedbackRecord } from './FeedbackStore';

/** GitHub takes no more in one request. */
export const ANNOTATIONS_PER_REQUEST = 50;

/** How a check run is brought up to date. */
export interface CheckPlan {
  /** The check run to update; absent for a new one of the same name. */
  githubId?: string;
  /** One request each; the first may be without annotations. */
  batches: CheckAnnotation[][];
  /** What stands there when all requests are through. */
  digest: string;
  /** The same while GitHub may have some of the annotations, and some not. */
  unsureDigest: string;
}

/**
 * Plans how a check run that was written as `record` becomes `check`; undefined if it is so already.
 *
 * GitHub adds the annotations of an update to those that are there, and takes none back. So a run is
 * updated in place as long as its annotations stay, or are the first that it gets. Otherwise, and if it is
 * in doubt which ones GitHub has, there is a new run of the same name: GitHub shows the newest one of a
 * name only. The same goes for a run that has ended and now is in progress again.
 *
 * Sources: https://docs.github.com/en/rest/checks/runs#update-a-check-run,
 * https://github.blog/changelog/2020-09-14-new-limits-affecting-the-checks-api
 */
export function planCheck(
  check: RenderedCheck,
  record: FeedbackRecord | undefined,
): CheckPlan | undefined {
  const { annotations, ...rest } = check;
  const status = check.status === 'completed' ? 'ended' : 'open';
  const text = digestOf(rest);
  const remarks = annotations.length > 0 ? digestOf(annotations) : 'none';
  const digest = `${status}:${text}:${remarks}`;
  if (record?.githubId && record.digest === digest) {
    return undefined;
  }
  const [oldStatus, , oldRemarks] = record?.digest?.split(':') ?? [];
  const isSame = oldRemarks === remarks;
  const canUpdate =
    record?.githubId !== undefined &&
    (isSame || oldRemarks === 'none') &&
    !(oldStatus === 'ended' && status === 'open');
  const plan = {
    batches: canUpdate && isSame ? [[]] : inBatches(annotations),
    digest,
    unsureDigest: `${status}:${text}:unsure`,
  };
  return canUpdate ? { ...plan, githubId: record.githubId } : plan;
}

/** Whether a check run that was written has an end. */
export function hasEnded(record: FeedbackRecord): boolean {
  return record.digest?.startsWith('ended:') ?? false;
}

function inBatches(annotations: CheckAnnotation[]): CheckAnnotation[][] {
  const batches = [annotations.slice(0, ANNOTATIONS_PER_REQUEST)];
  for (
    let start = ANNOTATIONS_PER_REQUEST;
    start < annotations.length;
    start += ANNOTATIONS_PER_REQUEST
  ) {
    batches.push(annotations.slice(start, start + ANNOTATIONS_PER_REQUEST));
  }
  return batches;
}

function digestOf(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(value))
    .digest('hex')
    .slice(0, 24);
}
