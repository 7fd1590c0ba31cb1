import { NotAllowedError, NotFoundError } from '@backstage/errors';
import { ResourcePermission } from '@backstage/plugin-permission-common';
import {
  deployDeployPermission,
  deployOperatePermission,
} from '@vvp/backstage-plugin-deploy-common';
import { Request, Response, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { Caller } from '../operations/requests/types';
import { readIdempotency } from '../operations/requests/idempotency';
import { NewOperation } from '../operations/engine/types';
import { KnownEnvironment } from '../targets/TargetEnvironments';
import { audited, overrideFacts } from './audited';
import { entityRefOf, noSuchService } from './entityRefOf';
import { findEnvironment, nameOf } from './environmentOf';
import { pageLimit } from './pageLimit';
import { readOverride } from './readOverride';
import { RouterOptions } from './RouterOptions';

const environmentPath =
  '/services/:kind/:namespace/:name/environments/:environment';

/** Operations, and the verbs that start one besides rollback. */
export function operationRoutes(options: RouterOptions): Router {
  const { httpAuth, auditor, authorizer, services, operations } = options;
  const { requests, reader } = operations;
  const router = PromiseRouter();

  /** Starts what `start` says, for a caller with the permission. */
  async function startWork(
    request: Request,
    response: Response,
    work: { eventId: string; permission: ResourcePermission },
    start: (
      known: KnownEnvironment,
      caller: Caller,
      idempotency: NewOperation['idempotency'],
    ) => Promise<{ id: string; created: boolean }>,
  ): Promise<void> {
    const credentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    const { environment } = request.params;
    const entityRef = entityRefOf(request);
    const waiving = overrideFacts(request.body?.override);
    const started = await audited(
      auditor,
      {
        eventId: work.eventId,
        request,
        ...waiving,
        meta: {
          entityRef,
          environment,
          reason: request.body?.reason ?? null,
          ...waiving.meta,
        },
      },
      async () => {
        const known = await findEnvironment(
          { authorizer, services, environments: operations.environments },
          credentials,
          { entityRef, environment },
        );
        await authorizer.assertAllowed(
          work.permission,
          credentials,
          `${entityRef}#${environment}`,
        );
        const override = await readOverride(
          authorizer,
          credentials,
          `${entityRef}#${environment}`,
          request.body?.override,
        );
        const by = nameOf(credentials);
        const answer = await start(
          known,
          {
            by,
            automatic: false,
            permission: { name: work.permission.name, allowed: true },
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
  }

  router.post(`${environmentPath}/redeploy`, (request, response) =>
    startWork(
      request,
      response,
      { eventId: 'redeploy-start', permission: deployDeployPermission },
      (known, caller, idempotency) =>
        requests.redeploy(known, request.body, caller, idempotency),
    ),
  );

  router.post(`${environmentPath}/restart`, (request, response) =>
    startWork(
      request,
      response,
      { eventId: 'restart-start', permission: deployOperatePermission },
      (known, caller, idempotency) =>
        requests.restart(known, request.body, caller, idempotency),
    ),
  );

  router.post(`${environmentPath}/rerun-tests`, (request, response) =>
    startWork(
      request,
      response,
      { eventId: 'tests-rerun', permission: deployOperatePermission },
      (known, caller, idempotency) =>
        requests.rerunTests(known, caller, idempotency),
    ),
  );

  router.get(
    '/services/:kind/:namespace/:name/operations',
    async (request, response) => {
      const credentials = await httpAuth.credentials(request);
      const visibility = await authorizer.visibilityFor(credentials);
      const entityRef = entityRefOf(request);
      if (!(await services.find(entityRef, visibility))) {
        throw noSuchService(request);
      }
      response.json(
        await reader.list(
          entityRef,
          { ...request.query, limit: pageLimit(request.query.limit) },
          visibility,
        ),
      );
    },
  );

  router.get('/operations/:id', async (request, response) => {
    const credentials = await httpAuth.credentials(request);
    const visibility = await authorizer.visibilityFor(credentials);
    const operation = await reader.get(request.params.id, visibility);
    if (!operation) {
      throw noSuchOperation(request.params.id);
    }
    response.json(operation);
  });

  router.post('/operations/:id/cancel', async (request, response) => {
    const credentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    const { id } = request.params;
    const by = nameOf(credentials);
    const operation = await audited(
      auditor,
      { eventId: 'operation-cancel', request, meta: { operation: id } },
      async () => {
        const visibility = await authorizer.visibilityFor(credentials);
        const found = await reader.get(id, visibility);
        if (!found) {
          throw noSuchOperation(id);
        }
        const { entityRef, environment, requestedBy } = found;
        const mayCancel =
          requestedBy === by ||
          (await authorizer.isAllowed(
            deployOperatePermission,
            credentials,
            `${entityRef}#${environment}`,
          ));
        if (!mayCancel) {
          throw new NotAllowedError(
            `Cancelling an operation of somebody else needs the permission deploy.operate for ${entityRef}#${environment}.`,
          );
        }
        await operations.cancel(id, by);
        const answer = (await reader.get(id, visibility)) ?? found;
        return { answer, meta: { entityRef, environment } };
      },
    );
    response.status(202).json(operation);
  });

  return router;
}

function noSuchOperation(id: string): NotFoundError {
  return new NotFoundError(
    `There is no operation ${id}, or you may not see it.`,
  );
}
