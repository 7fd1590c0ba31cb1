import { Revision, Template } from '@azure/arm-appcontainers';
import { ArtifactState } from '@vvp/backstage-plugin-deploy-common';

/** Nothing has to be pulled. */
export const runsNow: ArtifactState = {
  state: 'present',
  message: 'It runs right now.',
};

/** Whether a revision has replicas, so that its images are where they run. */
export function isRunning(revision: Revision): boolean {
  return revision.active === true && (revision.replicas ?? 0) > 0;
}

/** Images of all containers of a template, each once: the revision needs every one of them to come up. */
export function imagesOf(template: Template | undefined): string[] {
  const containers = [
    ...(template?.initContainers ?? []),
    ...(template?.containers ?? []),
  ];
  return [...new Set(containers.flatMap(({ image }) => image ?? []))];
}
