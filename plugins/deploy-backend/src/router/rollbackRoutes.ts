import { deployRollbackPermission } from '@vvp/backstage-plugin-deploy-common';
import { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { readIdempotency } from '../operations/requests/idempotency';
import { audited, overrideFacts } from './audited';
import { entityRefOf, noSuchService } from './entityRefOf';
import { findEnvironment, nameOf } from './environmentOf';
import { readOverride } from './readOverride';
import { RouterOptions } from './RouterOptions';

const environmentPath =
  '/services/:kind/:namespace/:name/environments/:environment';

/** Rollbacks, and what one needs to know before. */
export function rollbackRoutes(options: RouterOptions): Router {
  const { httpAuth, auditor, authorizer, services, operations } = options;
  const { environments } = operations;
  const router = PromiseRouter();

  router.get(`${environmentPath}/revisions`, async (request, response) => {
    const credentials = await httpAuth.credentials(request);
    const known = await findEnvironment(
      { authorizer, services, environments },
      credentials,
      {
        entityRef: entityRefOf(request),
        environment: request.params.environment,
      },
    );
    response.json(await operations.revisions.list(known));
  });

  router.get(`${environmentPath}/diagnostics`, async (request, response) => {
    const credentials = await httpAuth.credentials(request);
    const known = await findEnvironment(
      { authorizer, services, environments },
      credentials,
      {
        entityRef: entityRefOf(request),
        environment: request.params.environment,
      },
    );
    response.json(await operations.revisions.diagnostics(known));
  });

  router.get(
    '/services/:kind/:namespace/:name/commits',
    async (request, response) => {
      const credentials = await httpAuth.credentials(request);
      const visibility = await authorizer.visibilityFor(credentials);
      const service = await services.find(entityRefOf(request), visibility);
      if (!service) {
        throw noSuchService(request);
      }
      response.json(
        await operations.commitsOf(service.id, {
          from: String(request.query.from),
          to: String(request.query.to),
        }),
      );
    },
  );

  router.post('/rollbacks/preview', async (request, response) => {
    const credentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    const known = await findEnvironment(
      { authorizer, services, environments },
      credentials,
      request.body,
    );
    const allowed = await authorizer.isAllowed(
      deployRollbackPermission,
      credentials,
      `${known.entityRef}#${known.name}`,
    );
    const preview = await operations.previewer.preview(
      known,
      request.body.revision,
      {
        by: nameOf(credentials),
        automatic: false,
        permission: { name: deployRollbackPermission.name, allowed },
      },
    );
    const visibility = await authorizer.visibilityFor(credentials);
    const seen = await Promise.all(
      preview.sameRun.map(async ({ entityRef, environment }) => {
        const service = await services.find(entityRef, visibility);
        return service?.environments.includes(environment);
      }),
    );
    response.json({
      ...preview,
      sameRun: preview.sameRun.filter((_, index) => seen[index]),
    });
  });

  router.post('/rollbacks', async (request, response) => {
    const credentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    const { entityRef, environment, revision, reason } = request.body;
    const waiving = overrideFacts(request.body.override);
    const started = await audited(
      auditor,
      {
        eventId: 'rollback-start',
        request,
        ...waiving,
        meta: { entityRef, environment, revision, reason, ...waiving.meta },
      },
      async () => {
        const known = await findEnvironment(
          { authorizer, services, environments },
          credentials,
          { entityRef, environment },
        );
        await authorizer.assertAllowed(
          deployRollbackPermission,
          credentials,
          `${known.entityRef}#${known.name}`,
        );
        const override = await readOverride(
          authorizer,
          credentials,
          `${known.entityRef}#${known.name}`,
          request.body.override,
        );
        const by = nameOf(credentials);
        const answer = await operations.requests.rollBack(
          known,
          request.body,
          {
            by,
            automatic: false,
            permission: { name: deployRollbackPermission.name, allowed: true },
            ...(override && { override }),
          },
          readIdempotency(request.header('Idempotency-Key'), by, {
            path: request.path,
            body: request.body,
          }),
        );
        return { answer, meta: { operation: answer.id } };
      },
    );
    response.status(202).json({ id: started.id });
  });

  return router;
}
