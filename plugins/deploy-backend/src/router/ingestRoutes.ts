import { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { pageLimit } from './pageLimit';
import { RouterOptions } from './RouterOptions';

/** `/ingest`: for administrators. */
export function ingestRoutes({
  httpAuth,
  authorizer,
  problems,
}: RouterOptions): Router {
  const router = PromiseRouter();

  router.get('/ingest/problems', async (request, response) => {
    const credentials = await httpAuth.credentials(request);
    await authorizer.assertAdministrator(credentials);
    const { cursor } = request.query;
    response.json(
      await problems.list({
        limit: pageLimit(request.query.limit),
        ...(typeof cursor === 'string' && { cursor }),
      }),
    );
  });

  return router;
}
