import { NotFoundError } from '@backstage/errors';
import { deployOperatePermission } from '@vvp/backstage-plugin-deploy-common';
import { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { readIdempotency } from '../operations/requests/idempotency';
import { audited } from './audited';
import { findEnvironment, nameOf } from './environmentOf';
import { RouterOptions } from './RouterOptions';

/** `/deployments`. */
export function deploymentRoutes(options: RouterOptions): Router {
  const { httpAuth, auditor, authorizer, services, deployments } = options;
  const { environments, requests, failedRunOf } = options.operations;
  const router = PromiseRouter();

  router.get('/deployments/:id', async (request, response) => {
    const credentials = await httpAuth.credentials(request);
    const visibility = await authorizer.visibilityFor(credentials);
    const deployment = await deployments.get(request.params.id, visibility);
    if (!deployment) {
      throw noSuchDeployment(request.params.id);
    }
    response.json(deployment);
  });

  router.post(
    '/deployments/:id/rerun-failed-jobs',
    async (request, response) => {
      const credentials = await httpAuth.credentials(request, {
        allow: ['user', 'service'],
      });
      const { id } = request.params;
      const started = await audited(
        auditor,
        {
          eventId: 'rerun-start',
          request,
          meta: { deployment: id, reason: request.body?.reason ?? null },
        },
        async () => {
          const visibility = await authorizer.visibilityFor(credentials);
          const deployment = await deployments.get(id, visibility);
          if (!deployment) {
            throw noSuchDeployment(id);
          }
          const { entityRef, environment } = deployment;
          await authorizer.assertAllowed(
            deployOperatePermission,
            credentials,
            `${entityRef}#${environment}`,
          );
          const known = await findEnvironment(
            { authorizer, services, environments },
            credentials,
            { entityRef, environment },
          );
          const by = nameOf(credentials);
          const idempotency = readIdempotency(
            request.header('Idempotency-Key'),
            by,
            { path: request.path, body: request.body },
          );
          const answer = await requests.rerun(
            known,
            deployment,
            request.body,
            {
              by,
              automatic: false,
              permission: { name: deployOperatePermission.name, allowed: true },
            },
            {
              runOf: () => failedRunOf(id),
              mayRerun: other =>
                authorizer.isAllowed(
                  deployOperatePermission,
                  credentials,
                  `${other.entityRef}#${other.name}`,
                ),
              ...(idempotency && { idempotency }),
            },
          );
          return {
            answer,
            meta: { entityRef, environment, operation: answer.id },
          };
        },
      );
      response.status(202).json({ id: started.id });
    },
  );

  return router;
}

function noSuchDeployment(id: string): NotFoundError {
  return new NotFoundError(
    `There is no deployment ${id}, or you may not see it.`,
  );
}
