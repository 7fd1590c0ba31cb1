import { stringifyEntityRef } from '@backstage/catalog-model';
import { NotFoundError } from '@backstage/errors';
import { Request } from 'express';

/** The entity that the path names, full and lower case. */
export function entityRefOf(request: Request): string {
  const { kind, namespace, name } = request.params;
  return stringifyEntityRef({ kind, namespace, name }).toLocaleLowerCase(
    'en-US',
  );
}

/** The same for one that is not there and one that may not be seen: it tells nothing. */
export function noSuchService(request: Request): NotFoundError {
  return new NotFoundError(
    `No deployments are tracked for ${entityRefOf(
      request,
    )}. Its entity needs the annotation github.com/project-slug, and you need the permission deploy.read for it.`,
  );
}
