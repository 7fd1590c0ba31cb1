import { NotFoundError } from '@backstage/errors';
import { TrendFilter } from '@vvp/backstage-plugin-deploy-common';
import { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { entityRefOf, noSuchService } from './entityRefOf';
import { pageLimit } from './pageLimit';
import { RouterOptions } from './RouterOptions';

/**
 * `POST /evidence`. It stands before the routes that the OpenAPI document is checked for, because these
 * read JSON bodies whole; what it asks for is checked by the receiver.
 */
export function reportRoutes({ evidence }: RouterOptions): Router {
  const router = PromiseRouter();

  router.post('/evidence', async (request, response) => {
    const { evidence: stored, created } = await evidence.receiver.receive(
      request,
    );
    response.status(created ? 201 : 200).json({ ...stored, created });
  });

  return router;
}

/** Reading reports, and deleting them. */
export function evidenceRoutes({
  httpAuth,
  authorizer,
  auditor,
  services,
  evidence,
}: RouterOptions): Router {
  const router = PromiseRouter();

  router.get(
    '/services/:kind/:namespace/:name/evidence',
    async (request, response) => {
      const credentials = await httpAuth.credentials(request);
      const visibility = await authorizer.visibilityFor(credentials);
      const service = await services.find(entityRefOf(request), visibility);
      if (!service) {
        throw noSuchService(request);
      }
      response.json(
        await evidence.reader.list(
          service.id,
          { ...request.query, limit: pageLimit(request.query.limit) },
          visibility,
        ),
      );
    },
  );

  router.get(
    '/services/:kind/:namespace/:name/trends',
    async (request, response) => {
      const credentials = await httpAuth.credentials(request);
      const visibility = await authorizer.visibilityFor(credentials);
      const service = await services.find(entityRefOf(request), visibility);
      if (!service) {
        throw noSuchService(request);
      }
      response.json(
        await evidence.trends.get(
          service,
          // Checked by the OpenAPI document.
          request.query as unknown as TrendFilter,
          visibility,
          new Date(),
        ),
      );
    },
  );

  router.get('/evidence/:id', async (request, response) => {
    // The path is open to jobs that bring reports; reading is for those who signed in.
    const credentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    const visibility = await authorizer.visibilityFor(credentials);
    const found = await evidence.reader.get(request.params.id, visibility);
    if (!found) {
      throw noSuchReport(request.params.id);
    }
    response.json(found);
  });

  router.delete('/evidence/:id', async (request, response) => {
    const credentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    const { id } = request.params;
    const event = await auditor.createEvent({
      eventId: 'evidence-delete',
      severityLevel: 'medium',
      request,
      meta: { evidenceId: id },
    });
    try {
      await authorizer.assertAdministrator(credentials);
      const change = await evidence.store.delete(id);
      if (!change) {
        throw noSuchReport(id);
      }
      await event.success({
        meta: { entityRef: change.entityRef, commit: change.commit },
      });
      await evidence.receiver.tell(change);
    } catch (error) {
      await event.fail({
        error: error instanceof Error ? error : new Error(String(error)),
      });
      throw error;
    }
    response.status(204).end();
  });

  return router;
}

function noSuchReport(id: string): NotFoundError {
  return new NotFoundError(`There is no report ${id}, or you may not see it.`);
}
