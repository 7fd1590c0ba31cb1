import { ResourcePermission } from '@backstage/plugin-permission-common';
import {
  deployApprovePermission,
  deployOverridePermission,
  deployPromotePermission,
  deployRollbackPermission,
  GITHUB_TOKEN_HEADER,
} from '@vvp/backstage-plugin-deploy-common';
import { Request, Response, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { audited } from './audited';
import { nameOf } from './environmentOf';
import { promotionAnswers } from './promotionAnswers';
import { RouterOptions } from './RouterOptions';

/** What people decide about promotions and their canaries. */
export function promotionDecisionRoutes(options: RouterOptions): Router {
  const { httpAuth, auditor, authorizer } = options;
  const { desk, approvals } = options.promotions;
  const canaries = options.promotions.canaries.desk;
  const { rightsOf, find, describe } = promotionAnswers(options);
  const router = PromiseRouter();

  /** Decides about a promotion, for a caller with the permission, and answers with what it is then. */
  async function decide(
    request: Request,
    response: Response,
    what: {
      eventId: string;
      /** Who asked for it needs none. */
      unlessOwn?: boolean;
      permission: ResourcePermission;
      severityLevel?: 'high';
    },
    work: (id: string, by: string) => Promise<void>,
  ): Promise<void> {
    const credentials = await httpAuth.credentials(request, {
      allow: ['user'],
    });
    const { id } = request.params;
    const by = nameOf(credentials);
    const answer = await audited(
      auditor,
      {
        eventId: what.eventId,
        request,
        ...(what.severityLevel && { severityLevel: what.severityLevel }),
        meta: {
          promotion: id,
          reason: request.body?.reason ?? request.body?.comment ?? null,
        },
      },
      async () => {
        const rights = await rightsOf(credentials);
        const promotion = await find(id, rights);
        const { entityRef, environment, requestedBy } = promotion;
        if (!(what.unlessOwn && requestedBy === by)) {
          await authorizer.assertAllowed(
            what.permission,
            credentials,
            `${entityRef}#${environment}`,
          );
        }
        await work(id, by);
        return {
          answer: await describe(await find(id, rights), by, rights),
          meta: { entityRef, environment, release: promotion.release.id },
        };
      },
    );
    response.json(answer);
  }

  router.post('/promotions/:id/approve', (request, response) =>
    decide(
      request,
      response,
      { eventId: 'promotion-approve', permission: deployApprovePermission },
      (id, by) =>
        approvals.approve(id, { ...request.body, by, ...tokenOf(request) }),
    ),
  );

  router.post('/promotions/:id/reject', (request, response) =>
    decide(
      request,
      response,
      { eventId: 'promotion-reject', permission: deployApprovePermission },
      (id, by) =>
        approvals.reject(id, {
          by,
          comment: request.body.comment,
          ...tokenOf(request),
        }),
    ),
  );

  router.post('/promotions/:id/cancel', (request, response) =>
    decide(
      request,
      response,
      {
        eventId: 'promotion-cancel',
        permission: deployPromotePermission,
        unlessOwn: true,
      },
      (id, by) => desk.cancel(id, { ...request.body, by }),
    ),
  );

  router.post('/promotions/:id/override', (request, response) =>
    decide(
      request,
      response,
      {
        eventId: 'promotion-override',
        permission: deployOverridePermission,
        severityLevel: 'high',
      },
      (id, by) => desk.override(id, { ...request.body, by }),
    ),
  );

  router.post('/promotions/:id/pause', (request, response) =>
    decide(
      request,
      response,
      { eventId: 'promotion-pause', permission: deployPromotePermission },
      (id, by) => canaries.pause(id, { ...request.body, by }),
    ),
  );

  router.post('/promotions/:id/continue', (request, response) =>
    decide(
      request,
      response,
      { eventId: 'promotion-continue', permission: deployPromotePermission },
      (id, by) => canaries.continue(id, { ...request.body, by }),
    ),
  );

  router.post('/promotions/:id/abort', (request, response) =>
    decide(
      request,
      response,
      { eventId: 'promotion-abort', permission: deployRollbackPermission },
      (id, by) => canaries.abort(id, { ...request.body, by }),
    ),
  );

  return router;
}

/** Of the caller, at GitHub. It goes from here into a request to GitHub, and nowhere else. */
function tokenOf(request: Request): { githubToken?: string } {
  const githubToken = request.header(GITHUB_TOKEN_HEADER);
  return githubToken ? { githubToken } : {};
}
