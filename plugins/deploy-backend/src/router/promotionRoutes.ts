import { NotFoundError } from '@backstage/errors';
import {
  deployApprovePermission,
  deployPromotePermission,
} from '@vvp/backstage-plugin-deploy-common';
import { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { readIdempotency } from '../operations/requests/idempotency';
import { audited } from './audited';
import { entityRefOf, noSuchService } from './entityRefOf';
import { findEnvironment, findPlace, nameOf } from './environmentOf';
import { pageLimit } from './pageLimit';
import { promotionAnswers } from './promotionAnswers';
import { RouterOptions } from './RouterOptions';
import { withoutUnseen } from './withoutUnseen';

/** Readiness, configuration, releases and promotions. */
export function promotionRoutes(options: RouterOptions): Router {
  const { httpAuth, auditor, authorizer, services, operations } = options;
  const { configuration } = options;
  const { environments } = operations;
  const { reader, store, desk, readiness } = options.promotions;
  const { rightsOf, find, describe } = promotionAnswers(options);
  const router = PromiseRouter();

  router.get(
    '/services/:kind/:namespace/:name/environments/:environment/readiness',
    async (request, response) => {
      const credentials = await httpAuth.credentials(request);
      const entityRef = entityRefOf(request);
      const { known, seen } = await findPlace(
        { authorizer, services, environments },
        credentials,
        { entityRef, environment: request.params.environment },
      );
      const release = String(request.query.release);
      const active = (await store.activeOf(known.id)).find(
        ({ release_id: id }) => id === release,
      );
      const judged = await readiness.look(
        known,
        {
          releaseId: release,
          class:
            active?.class ??
            (request.query.class === 'hotfix' ? 'hotfix' : 'regular'),
          ...(active && { promotion: active }),
        },
        new Date(),
      );
      if (!judged) {
        throw noSuchRelease(entityRef, release);
      }
      response.json(
        readiness.toReadiness(known, withoutUnseen(judged, seen), active?.id),
      );
    },
  );

  router.get(
    '/services/:kind/:namespace/:name/environments/:environment/configuration',
    async (request, response) => {
      const credentials = await httpAuth.credentials(request);
      const entityRef = entityRefOf(request);
      const known = await findEnvironment(
        { authorizer, services, environments },
        credentials,
        { entityRef, environment: request.params.environment },
      );
      const release = String(request.query.release);
      const compared = await configuration.compare(known, release);
      if (!compared) {
        throw noSuchRelease(entityRef, release);
      }
      response.json(compared);
    },
  );

  router.get(
    '/services/:kind/:namespace/:name/releases',
    async (request, response) => {
      const credentials = await httpAuth.credentials(request);
      const visibility = await authorizer.visibilityFor(credentials);
      const service = await services.find(entityRefOf(request), visibility);
      if (!service) {
        throw noSuchService(request);
      }
      response.json(
        await reader.releases(service, {
          ...request.query,
          limit: pageLimit(request.query.limit),
        }),
      );
    },
  );

  router.get('/promotions', async (request, response) => {
    const credentials = await httpAuth.credentials(request);
    const { waitingFor, ...filter } = request.query;
    const { visibility, scopes } = await authorizer.visibilityWith(
      waitingFor === 'me' ? [deployApprovePermission] : [],
      credentials,
    );
    if (waitingFor === 'me') {
      const person = await httpAuth.credentials(request, { allow: ['user'] });
      const [mayApprove] = scopes;
      response.json(
        mayApprove
          ? await reader.list(
              { ...filter, limit: pageLimit(filter.limit) },
              visibility,
              { user: nameOf(person), mayApprove },
            )
          : { items: [] },
      );
      return;
    }
    response.json(
      await reader.list(
        { ...filter, limit: pageLimit(filter.limit) },
        visibility,
      ),
    );
  });

  router.get('/promotions/:id', async (request, response) => {
    const credentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    const rights = await rightsOf(credentials);
    response.json(
      await describe(
        await find(request.params.id, rights),
        nameOf(credentials),
        rights,
      ),
    );
  });

  router.post('/promotions', async (request, response) => {
    const credentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    const { entityRef, environment, release, reason } = request.body;
    const started = await audited(
      auditor,
      {
        eventId: 'promotion-request',
        request,
        meta: {
          entityRef,
          environment,
          release,
          class: request.body.class ?? 'regular',
          reason: reason ?? null,
        },
      },
      async () => {
        const known = await findEnvironment(
          { authorizer, services, environments },
          credentials,
          { entityRef, environment },
        );
        await authorizer.assertAllowed(
          deployPromotePermission,
          credentials,
          `${known.entityRef}#${environment}`,
        );
        const by = nameOf(credentials);
        const answer = await desk.request(
          {
            environment: known,
            releaseId: release,
            class: request.body.class ?? 'regular',
            ...(reason !== undefined && { reason }),
            by,
          },
          readIdempotency(request.header('Idempotency-Key'), by, {
            path: request.path,
            body: request.body,
          }),
        );
        operations.onRestrictionsChanged(known.serviceId);
        return { answer, meta: { promotion: answer.id } };
      },
    );
    response.status(202).json({ id: started.id });
  });

  return router;
}

function noSuchRelease(entityRef: string, release: string): NotFoundError {
  return new NotFoundError(
    `release: ${entityRef} has no release ${release}. Choose one of its releases.`,
  );
}
