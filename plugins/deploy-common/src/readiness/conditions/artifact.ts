import { deployOverridePermission } from '../../permissions';
import { condition, Judge, nameOf } from './common';

/** Whether what was built is still there, and still what was asked for. */
export const judgeArtifact: Judge = facts => {
  const { artifactChangedFrom, artifactMissing, artifactAt, release } = facts;
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
  const known = release.artifact
    ? `${name} is ${release.artifact}.`
    : `No artifact of ${name} is known; it is told by its commit ${release.commit}.`;
  switch (artifactAt?.state) {
    case 'missing':
      return [
        condition({
          ...parts,
          state: 'unmet',
          reason: `What ${artifactAt.environment} has of ${name} is gone. ${
            artifactAt.message ?? ''
          }`.trim(),
          clearedBy: {
            how: 'Build the release again, or promote another one; or override this with a reason, if it is built anew on its way.',
            permission: deployOverridePermission.name,
          },
          overridable: true,
        }),
      ];
    case 'pending':
      return [
        condition({
          ...parts,
          state: 'pending',
          reason: `Whether what ${artifactAt.environment} has of ${name} is still there is being asked.`,
          clearedBy: {
            how: 'Wait for the answer; or override this with a reason.',
            permission: deployOverridePermission.name,
          },
          overridable: true,
        }),
      ];
    case 'unknown':
      return [
        condition({
          ...parts,
          state: 'met',
          // Registries that the portal may not ask must not stop every release.
          reason: `${known} Whether it is still there is not known. ${
            artifactAt.message ?? ''
          }`.trim(),
        }),
      ];
    case 'present':
      return [
        condition({
          ...parts,
          state: 'met',
          reason: `${known} What ${artifactAt.environment} has of it is there.`,
        }),
      ];
    default:
      return [condition({ ...parts, state: 'met', reason: known })];
  }
};
