import { InputError } from '@backstage/errors';
import { ANNOTATION_JOBS } from '@vvp/backstage-plugin-deploy-common';

/**
 * Reads `production=deploy-verifier,staging=deploy-staging`, in order. One environment may be
 * named several times. Throws an InputError that shows the right form.
 */
export function parseJobsAnnotation(
  value: string,
): { environment: string; job: string }[] {
  return value
    .split(',')
    .map(part => part.trim())
    .filter(Boolean)
    .map(part => {
      const match = /^([A-Za-z0-9][\w./-]{0,199})\s*=\s*(\S.{0,249})$/.exec(
        part,
      );
      if (!match) {
        throw new InputError(
          `Annotation ${ANNOTATION_JOBS}: "${part.slice(
            0,
            80,
          )}" is not environment=job; write it like production=deploy-verifier,staging=deploy-staging`,
        );
      }
      return { environment: match[1], job: match[2] };
    });
}
