import { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { entityRefOf, noSuchService } from './entityRefOf';
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
