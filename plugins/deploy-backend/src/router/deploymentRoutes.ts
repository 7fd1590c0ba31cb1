import { NotFoundError } from '@backstage/errors';
import { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { RouterOptions } from './RouterOptions';

/** `/deployments`. */
export function deploymentRoutes({
  httpAuth,
  authorizer,
  deployments,
}: RouterOptions): Router {
  const router = PromiseRouter();

  router.get('/deployments/:id', async (request, response) => {
    const credentials = await httpAuth.credentials(request);
    const visibility = await authorizer.visibilityFor(credentials);
    const deployment = await deployments.get(request.params.id, visibility);
    if (!deployment) {
      throw new NotFoundError(
        `There is no deployment ${request.params.id}, or you may not see it.`,
      );
    }
    response.json(deployment);
  });

  return router;
}
