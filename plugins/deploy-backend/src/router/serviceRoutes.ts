import { stringifyEntityRef } from '@backstage/catalog-model';
import { NotFoundError } from '@backstage/errors';
import { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { pageLimit } from './pageLimit';
import { RouterOptions } from './RouterOptions';

/** `/services` and what is below it. */
export function serviceRoutes({
  httpAuth,
  authorizer,
  services,
  deployments,
}: RouterOptions): Router {
  const router = PromiseRouter();

  router.get('/services', async (request, response) => {
    const credentials = await httpAuth.credentials(request);
    const visibility = await authorizer.visibilityFor(credentials);
    response.json(
      await services.list(
        { ...request.query, limit: pageLimit(request.query.limit) },
        visibility,
      ),
    );
  });

  router.get('/services/:kind/:namespace/:name', async (request, response) => {
    const credentials = await httpAuth.credentials(request);
    const visibility = await authorizer.visibilityFor(credentials);
    const service = await services.get(entityRefOf(request), visibility);
    if (!service) {
      throw noSuchService(request);
    }
    response.json(service);
  });

  router.get(
    '/services/:kind/:namespace/:name/deployments',
    async (request, response) => {
      const credentials = await httpAuth.credentials(request);
      const visibility = await authorizer.visibilityFor(credentials);
      const entityRef = entityRefOf(request);
      if (!(await services.get(entityRef, visibility))) {
        throw noSuchService(request);
      }
      response.json(
        await deployments.list(
          entityRef,
          { ...request.query, limit: pageLimit(request.query.limit) },
          visibility,
        ),
      );
    },
  );

  return router;
}

function entityRefOf(request: Request): string {
  const { kind, namespace, name } = request.params;
  return stringifyEntityRef({ kind, namespace, name }).toLocaleLowerCase(
    'en-US',
  );
}

/** The same for one that is not there and one that may not be seen: it tells nothing. */
function noSuchService(request: Request): NotFoundError {
  return new NotFoundError(
    `No deployments are tracked for ${entityRefOf(
      request,
    )}. Its entity needs the annotation github.com/project-slug, and you need the permission deploy.read for it.`,
  );
}
