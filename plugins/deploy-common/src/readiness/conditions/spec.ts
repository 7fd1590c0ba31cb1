import { formatTime } from '../../gates/duration';
import { deployOverridePermission } from '../../permissions';
import { condition, Judge, nameOf } from './common';

/** A commit or a point in time, for a sentence. */
function describeChange(change: string): string {
  if (/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(change)) {
    return `in ${change.slice(0, 7)}`;
  }
  const time = Date.parse(change);
  return Number.isNaN(time) ? `(${change})` : `at ${formatTime(time)}`;
}

/** Whether `deploy.yaml` can be used, and is the one that the release was built with. */
export const judgeSpec: Judge = ({ release, spec }) => {
  if (!spec) {
    return [];
  }
  const parts = { kind: 'spec', title: 'deploy.yaml' } as const;
  if (spec.problem !== undefined) {
    return [
      condition({
        ...parts,
        state: 'unmet',
        reason: `deploy.yaml cannot be used: ${spec.problem}`,
        clearedBy: { how: 'Correct deploy.yaml on the default branch.' },
      }),
    ];
  }
  if (spec.changedSince !== undefined) {
    return [
      condition({
        ...parts,
        // Who lets one change pass has not let pass the next one.
        name: spec.changedSince,
        state: 'unmet',
        reason: `deploy.yaml changed ${describeChange(
          spec.changedSince,
        )}, after ${nameOf(release)} was built.`,
        clearedBy: {
          how: 'Promote a release that was built with it, or override this with a reason.',
          permission: deployOverridePermission.name,
        },
        overridable: true,
      }),
    ];
  }
  return [
    condition({
      ...parts,
      state: 'met',
      reason: `deploy.yaml is the one that ${nameOf(release)} was built with.`,
    }),
  ];
};
