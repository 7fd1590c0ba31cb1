import { refsOverlap } from '../../spec/globs';
import { ReadinessFacts } from '../types';
import { condition, Judge, list, nameOf } from './common';

const prefixes = { branch: 'refs/heads/', tag: 'refs/tags/' } as const;

/** Git allows no * in the name of a branch or tag; here it would stand for any text. */
const matches = (globs: readonly string[] | undefined, name: string) =>
  !name.includes('*') && (globs ?? []).some(glob => refsOverlap(glob, name));

function isLetIn({ release, policy }: ReadinessFacts, ref: string): boolean {
  const { branches, tags } = policy.refs ?? {};
  const known = (['branch', 'tag'] as const).find(type =>
    ref.startsWith(prefixes[type]),
  );
  const name = known ? ref.slice(prefixes[known].length) : ref;
  const type = known ?? release.refType;
  return (
    (type !== 'tag' && matches(branches, name)) ||
    (type !== 'branch' && matches(tags, name))
  );
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
  const name = nameOf(release);
  const state =
    release.ref !== undefined && isLetIn(facts, release.ref) ? 'met' : 'unmet';
  return [
    condition({
      kind: 'ref',
      title: 'Branch or tag',
      state,
      reason:
        release.ref === undefined
          ? `It is not known from which branch or tag ${name} was built. ${letIn}`
          : `${name} was built from ${release.ref}. ${letIn}`,
      clearedBy: {
        how: 'Build the release from a branch or tag that is let in.',
      },
    }),
  ];
};
