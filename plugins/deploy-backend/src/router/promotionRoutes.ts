import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import { ResourcePermission } from '@backstage/plugin-permission-common';
import {
  deployApprovePermission,
  deployOverridePermission,
  deployPromotePermission,
  deployRollbackPermission,
  GITHUB_TOKEN_HEADER,
  Promotion,
  PromotionSummary,
  undecidedStatuses,
} from '@vvp/backstage-plugin-deploy-common';
import { Request, Response, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { readIdempotency } from '../operations/requests/idempotency';
import { Authorizer } from '../permissions/Authorizer';
import { audited } from './audited';
import { entityRefOf, noSuchService } from './entityRefOf';
import { findEnvironment, findPlace, nameOf } from './environmentOf';
import { pageLimit } from './pageLimit';
import { RouterOptions } from './RouterOptions';
import { withoutUnseen } from './withoutUnseen';

/** What somebody may do with a promotion. */
const permissions: readonly ResourcePermission[] = [
  deployApprovePermission,
  deployPromotePermission,
  deployOverridePermission,
  deployRollbackPermission,
];

type Rights = Awaited<ReturnType<Authorizer['visibilityWith']>>;

/** Readiness, releases and promotions. */
export function promotionRoutes(options: RouterOptions): Router {
  const { httpAuth, auditor, authorizer, services, deployments } = options;
  const { operations, promotions } = options;
  const { environments } = operations;
  const { reader, store, desk, approvals, readiness, explain } = promotions;
  const canaries = promotions.canaries.desk;
  const router = PromiseRouter();

  /** What the caller sees, and where they may do what somebody does with a promotion, in one question. */
  const rightsOf = (credentials: BackstageCredentials) =>
    authorizer.visibilityWith(permissions, credentials);

  async function find(
    id: string,
    { visibility }: Rights,
  ): Promise<PromotionSummary> {
    const promotion = await reader.get(id, visibility);
    if (!promotion) {
      throw new NotFoundError(
        `There is no promotion ${id}, or you may not see it.`,
      );
    }
    return promotion;
  }

  /** With what the caller may do. */
  async function describe(
    promotion: PromotionSummary,
    by: string,
    { visibility, scopes }: Rights,
  ): Promise<Promotion> {
    const { id, entityRef, environment, status } = promotion;
    const stored = await store.get(id);
    const known = await environments.find({ entityRef, name: environment });
    const isOpen = undecidedStatuses.includes(status);
    const judged =
      stored && known && isOpen
        ? await readiness.look(
            known,
            {
              releaseId: stored.release_id,
              class: stored.class,
              promotion: stored,
            },
            new Date(),
          )
        : undefined;
    const review =
      stored &&
      known &&
      (await approvals.standingOf(stored, known, by, judged));
    const [mayApprove, mayPromote, mayOverride, mayRollBack] =
      await Promise.all(
        scopes.map(scope =>
          authorizer.isWithin(scope, `${entityRef}#${environment}`),
        ),
      );
    const service = await services.find(entityRef, visibility);
    const explained = explain(
      { by, promotion, judged, letsIn: review?.letsIn },
      { mayApprove, mayPromote, mayOverride },
    );
    const shown = judged && withoutUnseen(judged, service?.environments ?? []);
    const deployment =
      stored?.deployment_id &&
      (await deployments.get(stored.deployment_id, visibility));
    return {
      ...promotion,
      events: await store.events(id),
      ...(shown &&
        known && { readiness: readiness.toReadiness(known, shown, id) }),
      ...(deployment && { deployment }),
      ...(await canaries.describe(id, {
        isPerson: !by.startsWith('service:'),
        mayPromote,
        mayRollBack,
      })),
      ...explained,
      ...(review?.letsIn &&
        explained.mayApprove.allowed && { needsGithubToken: true }),
      ...(review?.stillWaits && { runStillWaits: true }),
      seen: (judged ?? review?.judged)?.standing.seen ?? '',
    };
  }

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
        throw new NotFoundError(
          `release: ${entityRef} has no release ${release}. Choose one of its releases.`,
        );
      }
      response.json(
        readiness.toReadiness(known, withoutUnseen(judged, seen), active?.id),
      );
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
