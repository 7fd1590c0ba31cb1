import { equalTemplates } from './equalTemplates';
import { PodTemplate, WorkloadRevision } from './types';

/** Annotation by which `kubectl rollout restart` makes a template differ. */
export const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

/**
 * Revisions that differ by a restart only. To a person they are one: putting the one before a restart back
 * would change nothing but the age of the pods.
 */
export interface RevisionGroup {
  /** Name of the one that was made first; stays when it is restarted or put back. */
  id: string;
  /** Newest first. */
  members: WorkloadRevision[];
}

/** The groups, newest first. */
export function groupRevisions(
  revisions: readonly WorkloadRevision[],
): RevisionGroup[] {
  const groups: RevisionGroup[] = [];
  for (const revision of revisions) {
    const group = groups.find(({ members: [first] }) =>
      equalButForRestarts(first.template, revision.template),
    );
    if (group) {
      group.members.push(revision);
    } else {
      groups.push({ id: revision.name, members: [revision] });
    }
  }
  return groups.map(({ members }) => ({
    members,
    id: firstMade(members).name,
  }));
}

function firstMade(members: readonly WorkloadRevision[]): WorkloadRevision {
  return [...members].sort((a, b) => (ageKey(a) < ageKey(b) ? -1 : 1))[0];
}

/** The one that was never restarted comes first, whatever the clock says. */
function ageKey({ createdAt = '', name, template }: WorkloadRevision): string {
  const restartedAt = template.metadata?.annotations?.[RESTARTED_AT] ?? '';
  return `${restartedAt} ${createdAt} ${name}`;
}

/** Whether two templates run the same, however often they were restarted. */
export function equalButForRestarts(a: PodTemplate, b: PodTemplate): boolean {
  return equalTemplates(withoutRestart(a), withoutRestart(b));
}

function withoutRestart(template: PodTemplate): PodTemplate {
  const { [RESTARTED_AT]: _time, ...annotations } =
    template.metadata?.annotations ?? {};
  return { ...template, metadata: { ...template.metadata, annotations } };
}
