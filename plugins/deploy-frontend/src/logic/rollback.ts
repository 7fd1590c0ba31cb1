import {
  Admission,
  Commit,
  CommitRange,
  RollbackPreview,
} from '@vvp/backstage-plugin-deploy-common';
import { countText } from './numbers';
import { reasonAtLeast } from './waiver';

/**
 * Commits that came with one pull request, or without any.
 *
 * @internal
 */
export interface CommitGroup {
  key: string;
  pullRequest?: NonNullable<Commit['pullRequest']>;
  commits: Commit[];
}

/**
 * Puts the commits of a pull request together, in the order in which their first one comes.
 *
 * @internal
 */
export function groupCommits(commits: readonly Commit[]): CommitGroup[] {
  const groups = new Map<string, CommitGroup>();
  for (const commit of commits) {
    const { pullRequest } = commit;
    const key = pullRequest ? `#${pullRequest.number}` : commit.sha;
    const known = groups.get(key);
    if (known) {
      known.commits.push(commit);
    } else {
      groups.set(key, { key, pullRequest, commits: [commit] });
    }
  }
  return [...groups.values()];
}

/**
 * What a rollback changes in the code, in a sentence.
 *
 * @internal
 */
export function changesText(changes: CommitRange | undefined): string {
  if (!changes) {
    return 'Which commits are taken out is not known: one of the two revisions does not tell its commit.';
  }
  const count = countText(changes.commits.length, 'commit');
  const direction =
    changes.direction === 'forward' ? 'comes in' : 'is taken out';
  const verb = changes.commits.length === 1 ? direction : plural(direction);
  switch (changes.state) {
    case 'unknown':
      return `Which commits are taken out is not known. ${
        changes.message ?? ''
      }`.trim();
    case 'partial':
      return `${count} ${verb}, and more that GitHub does not list.`;
    case 'unrelated':
      return `The two releases have parted: neither comes from the other. ${count} since then ${verb}.`;
    default:
      return changes.direction === 'same'
        ? 'Both are the same commit: no code is taken out.'
        : `${count} ${verb}.`;
  }
}

/**
 * How long a reason still has to become: "4 of at least 10 characters".
 *
 * @internal
 */
export function reasonHint(reason: string): string {
  const { length } = reason.trim();
  return length < reasonAtLeast
    ? `${length} of at least ${reasonAtLeast} characters`
    : 'Is kept, and shown in the history';
}

/**
 * Whether all that refuses a rollback may be waived by whoever has the right to.
 *
 * @internal
 */
export function isOverridable({ admitted, refusals }: Admission): boolean {
  return (
    !admitted &&
    refusals.length > 0 &&
    refusals.every(({ overridable }) => overridable === true)
  );
}

/**
 * Whether what is filled in is enough to ask for a rollback, and what is missing.
 *
 * @internal
 */
export function rollbackReady(
  preview:
    | Pick<RollbackPreview, 'admission' | 'alreadyThere' | 'confirmation'>
    | undefined,
  form: {
    reason: string;
    confirm: string;
    /** Why it goes ahead although it is refused; undefined if it does not. */
    override?: string;
  },
): { ready: true } | { ready: false; missing: string } {
  if (!preview) {
    return { ready: false, missing: 'Wait for the preview.' };
  }
  const isOverridden =
    form.override !== undefined && isOverridable(preview.admission);
  if (!preview.admission.admitted && !isOverridden) {
    return { ready: false, missing: 'It is not let through, see above.' };
  }
  if (preview.alreadyThere) {
    return { ready: false, missing: 'It runs already: nothing would be done.' };
  }
  if (form.reason.trim().length < reasonAtLeast) {
    return { ready: false, missing: 'Still to fill in: the reason.' };
  }
  if (isOverridden && (form.override ?? '').trim().length < reasonAtLeast) {
    return {
      ready: false,
      missing: 'Still to fill in: why it goes ahead all the same.',
    };
  }
  if (
    preview.confirmation !== undefined &&
    form.confirm !== preview.confirmation
  ) {
    return { ready: false, missing: `Still to type: ${preview.confirmation}` };
  }
  return { ready: true };
}

function plural(verb: string): string {
  return verb === 'comes in' ? 'come in' : 'are taken out';
}
