import { AuditorService, HttpAuthService } from '@backstage/backend-plugin-api';
import { deployFreezePermission } from '@vvp/backstage-plugin-deploy-common';
import { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { Freezes } from '../freezes/Freezes';
import { previewFreeze } from '../freezes/previewFreeze';
import { Authorizer } from '../permissions/Authorizer';
import { audited } from './audited';
import { nameOf } from './environmentOf';
import { pageLimit } from './pageLimit';

/** What the routes of freezes need. */
export interface FreezeRoutesOptions {
  httpAuth: HttpAuthService;
  auditor: AuditorService;
  authorizer: Authorizer;
  freezes: Freezes;
  /** A freeze was set or ended: promotions may stand otherwise than before. */
  onFreezesChanged: () => void;
}

/** Freezes: who sees one that concerns what they see; who may set one may set any. */
export function freezeRoutes(options: FreezeRoutesOptions): Router {
  const { httpAuth, auditor, authorizer, freezes } = options;
  const router = PromiseRouter();

  router.get('/freezes', async (request, response) => {
    const credentials = await httpAuth.credentials(request);
    const visibility = await authorizer.visibilityFor(credentials);
    response.json(
      await freezes.list(
        { ...request.query, limit: pageLimit(request.query.limit) },
        visibility,
        new Date(),
      ),
    );
  });

  router.post('/freezes', async (request, response) => {
    const credentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    const freeze = await audited(
      auditor,
      {
        eventId: 'freeze-set',
        request,
        severityLevel: 'high',
        meta: {
          title: request.body.title,
          reason: request.body.reason,
          scope: request.body.scope,
          window: request.body.window,
        },
      },
      async () => {
        await authorizer.assertBasic(deployFreezePermission, credentials);
        const answer = await freezes.set(
          request.body,
          nameOf(credentials),
          new Date(),
        );
        return { answer, meta: { freeze: answer.id } };
      },
    );
    options.onFreezesChanged();
    response.status(201).json(freeze);
  });

  router.post('/freezes/preview', async (request, response) => {
    const credentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    await authorizer.assertBasic(deployFreezePermission, credentials);
    response.json(previewFreeze(request.body.window, new Date()));
  });

  router.delete('/freezes/:id', async (request, response) => {
    const credentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    const { id } = request.params;
    await audited(
      auditor,
      {
        eventId: 'freeze-end',
        request,
        severityLevel: 'high',
        meta: { freeze: id },
      },
      async () => {
        await authorizer.assertBasic(deployFreezePermission, credentials);
        await freezes.end(id, nameOf(credentials), new Date());
        return { answer: undefined };
      },
    );
    options.onFreezesChanged();
    response.status(204).end();
  });

  return router;
}
