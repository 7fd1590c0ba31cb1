import { createValidatedOpenApiRouter } from '@backstage/backend-openapi-utils';
import express from 'express';
import PromiseRouter from 'express-promise-router';
import { spec } from '../schema/openapi';
import { deploymentRoutes } from './deploymentRoutes';
import { evidenceRoutes, reportRoutes } from './evidenceRoutes';
import { freezeRoutes } from './freezeRoutes';
import { gateRoutes } from './gateRoutes';
import { ingestRoutes } from './ingestRoutes';
import { operationRoutes } from './operationRoutes';
import { promotionDecisionRoutes } from './promotionDecisionRoutes';
import { promotionRoutes } from './promotionRoutes';
import { restrictionRoutes } from './restrictionRoutes';
import { rollbackRoutes } from './rollbackRoutes';
import { requestsOf } from './requestsOf';
import { RouterOptions } from './RouterOptions';
import { serviceRoutes } from './serviceRoutes';

const requests = requestsOf(spec);

/** The plugin's HTTP API, each request checked against the OpenAPI document. */
export async function createRouter(
  options: RouterOptions,
): Promise<express.Router> {
  const router = PromiseRouter();
  // The router of openapi-utils would serve it too, but calls it 3.0.
  router.get('/openapi.json', (request, response) => {
    response.json({ ...spec, servers: [{ url: request.baseUrl }] });
  });
  // These read their bodies themselves, and know senders without a token of Backstage.
  router.use(reportRoutes(options));
  router.use(options.evidence.deploymentTests);
  router.use(
    (await createValidatedOpenApiRouter(
      requests as ValidatedSpec,
    )) as unknown as express.Router,
  );
  router.use(serviceRoutes(options));
  router.use(deploymentRoutes(options));
  router.use(evidenceRoutes(options));
  router.use(gateRoutes(options));
  router.use(rollbackRoutes(options));
  router.use(operationRoutes(options));
  router.use(restrictionRoutes(options));
  router.use(promotionRoutes(options));
  router.use(promotionDecisionRoutes(options));
  router.use(
    freezeRoutes({
      ...options,
      onFreezesChanged: () => options.promotions.progress.wakeAll(),
    }),
  );
  router.use(ingestRoutes(options));
  return router;
}

type ValidatedSpec = Parameters<typeof createValidatedOpenApiRouter>[0];
