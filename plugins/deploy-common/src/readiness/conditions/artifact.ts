import { condition, Judge, nameOf } from './common';

/** Whether what was built is still there, and still what was asked for. */
export const judgeArtifact: Judge = facts => {
  const { artifactChangedFrom, artifactMissing, release } = facts;
  const parts = { kind: 'artifact', title: 'Artifact' } as const;
  const name = nameOf(release);
  if (artifactMissing !== undefined) {
    return [
      condition({
        ...parts,
        state: 'unmet',
        reason: `The artifact ${artifactMissing} of ${name} is gone.`,
        clearedBy: { how: 'Build the release again, or promote another one.' },
      }),
    ];
  }
  if (artifactChangedFrom !== undefined) {
    return [
      condition({
        ...parts,
        state: 'unmet',
        reason: `${artifactChangedFrom} of ${name} was asked for; now it is ${
          release.artifact ?? 'not known'
        }.`,
        clearedBy: {
          how: 'Cancel this promotion and ask for a new one, for what there is now.',
        },
      }),
    ];
  }
  return [
    condition({
      ...parts,
      state: 'met',
      reason: release.artifact
        ? `${name} is ${release.artifact}.`
        : `No artifact of ${name} is known; it is told by its commit ${release.commit}.`,
    }),
  ];
};
