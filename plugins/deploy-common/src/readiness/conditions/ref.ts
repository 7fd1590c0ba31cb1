import { refsOverlap } from '../../spec/globs';
import { Condition } from '../../model';
import { ReadinessFacts } from '../types';
import { condition, Judge, list, nameOf } from './common';

const types = ['branch', 'tag'] as const;

const prefixes = { branch: 'refs/heads/', tag: 'refs/tags/' } as const;

/** Git allows no * in the name of a branch or tag; here it would stand for any text. */
const matches = (globs: readonly string[] | undefined, name: string) =>
  !name.includes('*') && (globs ?? []).some(glob => refsOverlap(glob, name));

/** `other`: the name would be let in, but not of what it is. */
type Verdict = 'in' | 'out' | 'other' | 'unknown';

function judge({ release, policy }: ReadinessFacts, ref: string): Verdict {
  const { branches, tags } = policy.refs ?? {};
  const known = types.find(type => ref.startsWith(prefixes[type]));
  const name = known ? ref.slice(prefixes[known].length) : ref;
  const letIn = types.filter(
    type =>
      (known ?? type) === type &&
      matches(type === 'branch' ? branches : tags, name),
  );
  const { refIs } = release;
  if (letIn.length === 0) {
    return 'out';
  }
  if (letIn.length === types.length || refIs === undefined) {
    return 'in';
  }
  if (refIs === 'unknown') {
    return 'unknown';
  }
  return letIn.some(type => refIs[type]) ? 'in' : 'other';
}

const states: Record<Verdict, Condition['state']> = {
  in: 'met',
  out: 'unmet',
  other: 'unmet',
  unknown: 'pending',
};

function reasonOf(
  { release }: ReadinessFacts,
  verdict: Verdict | undefined,
): string {
  const name = nameOf(release);
  const { ref, refIs } = release;
  switch (verdict) {
    case undefined:
      return `It is not known from which branch or tag ${name} was built.`;
    case 'unknown':
      return `${name} was built from ${ref}, and GitHub does not tell at this moment whether that is a branch or a tag.`;
    case 'other':
      return refIs !== 'unknown' && (refIs?.tag || refIs?.branch)
        ? `${name} was built from ${
            refIs.tag
              ? `the tag ${ref}, and no branch of that name holds it`
              : `the branch ${ref}, and no tag of that name is at it`
          }.`
        : `${name} was built from ${ref}, but neither does a branch of that name hold it nor is a tag of that name at it, so that nobody can tell which it was.`;
    default:
      return `${name} was built from ${ref}.`;
  }
}

/** Whether it was built from a branch or tag that is let in. */
export const judgeRef: Judge = facts => {
  const { release, policy } = facts;
  if (!policy.refs) {
    return [];
  }
  const { branches = [], tags = [] } = policy.refs;
  const allowed = [
    ...(branches.length > 0 ? [`branches ${list(branches)}`] : []),
    ...(tags.length > 0 ? [`tags ${list(tags)}`] : []),
  ];
  const letIn =
    allowed.length > 0
      ? `Releases from ${list(allowed)} are let in.`
      : 'No branch and no tag is let in.';
  const verdict =
    release.ref === undefined ? undefined : judge(facts, release.ref);
  return [
    condition({
      kind: 'ref',
      title: 'Branch or tag',
      state: verdict ? states[verdict] : 'unmet',
      reason: `${reasonOf(facts, verdict)} ${letIn}`,
      clearedBy: {
        how:
          verdict === 'other'
            ? 'Build the release from a branch or tag that is let in. Was the branch deleted or moved since, put it back at GitHub.'
            : 'Build the release from a branch or tag that is let in.',
      },
    }),
  ];
};
