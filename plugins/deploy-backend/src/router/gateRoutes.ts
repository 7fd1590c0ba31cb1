import { NotFoundError } from '@backstage/errors';
import { deployWaivePermission } from '@vvp/backstage-plugin-deploy-common';
import { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { decodeGateId } from '../gates/gateId';
import { entityRefOf, noSuchService } from './entityRefOf';
import { RouterOptions } from './RouterOptions';

/** The gates of an environment, and waivers of gates. */
export function gateRoutes({
  httpAuth,
  authorizer,
  auditor,
  services,
  gates,
  waivers,
  onGatesChanged,
}: RouterOptions): Router {
  const router = PromiseRouter();

  router.get(
    '/services/:kind/:namespace/:name/environments/:environment/gates',
    async (request, response) => {
      const credentials = await httpAuth.credentials(request);
      const visibility = await authorizer.visibilityFor(credentials);
      const entityRef = entityRefOf(request);
      const service = await services.find(entityRef, visibility);
      if (!service) {
        throw noSuchService(request);
      }
      const { environment } = request.params;
      const commit = String(request.query.commit);
      const isVisible = service.environments.includes(environment);
      const summary = isVisible
        ? (await gates.of(service.id, [{ environment, commit }])).get(
            environment,
          )
        : undefined;
      if (!summary) {
        throw new NotFoundError(
          `${entityRef} has no environment ${environment}, or you may not see it.`,
        );
      }
      response.json(summary);
    },
  );

  router.post('/gates/:id/waiver', async (request, response) => {
    const credentials = await httpAuth.credentials(request, {
      allow: ['user'],
    });
    const key = decodeGateId(request.params.id);
    const visibility = await authorizer.visibilityFor(credentials);
    const service = await services.byId(key.serviceId);
    if (!service) {
      throw noSuchGate();
    }
    const { entityRef, repository } = service;
    const event = await auditor.createEvent({
      eventId: 'gate-waive',
      request,
      severityLevel: 'medium',
      meta: {
        entityRef,
        environment: key.environment,
        gate: key.gate,
        commit: key.commit,
      },
    });
    try {
      const seen = await services.find(entityRef, visibility);
      if (!seen?.environments.includes(key.environment)) {
        throw noSuchGate();
      }
      await authorizer.assertAllowed(
        deployWaivePermission,
        credentials,
        `${entityRef}#${key.environment}`,
      );
      const waiver = await waivers.grant(
        key,
        request.body,
        credentials.principal.userEntityRef,
      );
      await event.success({
        meta: {
          waiver: waiver.id,
          reason: waiver.reason,
          expiresAt: waiver.expiresAt,
        },
      });
      await onGatesChanged({ ...key, repository });
      response.status(201).json(waiver);
    } catch (error) {
      await event.fail({
        error: error instanceof Error ? error : new Error(String(error)),
      });
      throw error;
    }
  });

  return router;
}

/** The same for one that is not there and one that may not be seen: its id alone tells nothing. */
function noSuchGate(): NotFoundError {
  return new NotFoundError(
    'There is no such gate, or you may not see it. Read the gates of the environment again.',
  );
}
