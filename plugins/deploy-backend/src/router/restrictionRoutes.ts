import { ConflictError, NotFoundError } from '@backstage/errors';
import { ResourcePermission } from '@backstage/plugin-permission-common';
import {
  deployLockPermission,
  deployOperatePermission,
  deployQuarantinePermission,
  Revision,
  subjectOf,
} from '@vvp/backstage-plugin-deploy-common';
import { Request, Response, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { checkReason } from '../operations/requests/checkRequest';
import { checkExpiry } from '../restrictions/checkExpiry';
import {
  quarantinedIdentity,
  RevisionIdentity,
} from '../restrictions/quarantinedIdentity';
import { KnownEnvironment } from '../targets/TargetEnvironments';
import { audited } from './audited';
import { entityRefOf } from './entityRefOf';
import { CallerCredentials, findEnvironment, nameOf } from './environmentOf';
import { pageLimit } from './pageLimit';
import { RouterOptions } from './RouterOptions';

const environmentPath =
  '/services/:kind/:namespace/:name/environments/:environment';

/** Locks, holds and quarantines. */
export function restrictionRoutes(options: RouterOptions): Router {
  const { httpAuth, auditor, authorizer, services, operations } = options;
  const { locks, holds, quarantines, quarantinedRevisions } = operations;
  const router = PromiseRouter();

  /** Changes a restriction of an environment, for a caller with the permission. */
  async function change<T>(
    request: Request,
    what: { eventId: string; permission: ResourcePermission },
    work: (known: KnownEnvironment, by: string) => Promise<T>,
  ): Promise<T> {
    const credentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    const { environment, revision } = request.params;
    const entityRef = entityRefOf(request);
    return audited(
      auditor,
      {
        eventId: what.eventId,
        request,
        meta: {
          entityRef,
          environment,
          ...(revision && { revision }),
          reason: request.body?.reason ?? null,
        },
      },
      async () => {
        const known = await findEnvironment(
          { authorizer, services, environments: operations.environments },
          credentials,
          { entityRef, environment },
        );
        await authorizer.assertAllowed(
          what.permission,
          credentials,
          `${entityRef}#${environment}`,
        );
        const answer = await work(known, nameOf(credentials));
        operations.onRestrictionsChanged(known.serviceId);
        return { answer };
      },
    );
  }

  router.post(`${environmentPath}/lock`, async (request, response) => {
    const lock = await change(
      request,
      { eventId: 'lock-set', permission: deployLockPermission },
      (known, owner) =>
        locks.lock(
          known.id,
          {
            owner,
            reason: checkReason(request.body.reason),
            expiresAt: checkExpiry(request.body.expiresAt, new Date()),
          },
          new Date(),
        ),
    );
    response.status(201).json(lock);
  });

  router.delete(`${environmentPath}/lock`, async (request, response) => {
    await change(
      request,
      { eventId: 'lock-release', permission: deployLockPermission },
      async (known, by) => {
        if (!(await locks.release(known.id, by, new Date()))) {
          throw new NotFoundError('This environment is not locked.');
        }
      },
    );
    response.status(204).end();
  });

  router.get('/locks', async (request, response) => {
    const credentials = await httpAuth.credentials(request);
    const visibility = await authorizer.visibilityFor(credentials);
    response.json(
      await locks.list(
        { ...request.query, limit: pageLimit(request.query.limit) },
        visibility,
        new Date(),
      ),
    );
  });

  router.post(`${environmentPath}/hold`, async (request, response) => {
    const hold = await change(
      request,
      { eventId: 'hold-set', permission: deployOperatePermission },
      async (known, by) => {
        const set = await holds.set(
          known.id,
          { by, reason: checkReason(request.body.reason) },
          new Date(),
        );
        if (!set.created) {
          throw new ConflictError(
            `${subjectOf(set.hold.by)} set a hold already: ${
              set.hold.reason
            }. Lift it first, if yours is to stand there.`,
          );
        }
        return set.hold;
      },
    );
    response.status(201).json(hold);
  });

  router.delete(`${environmentPath}/hold`, async (request, response) => {
    await change(
      request,
      { eventId: 'hold-lift', permission: deployOperatePermission },
      async (known, by) => {
        if (!(await holds.lift(known.id, by, new Date()))) {
          throw new NotFoundError('There is no hold on this environment.');
        }
      },
    );
    response.status(204).end();
  });

  const revisionQuarantine = `${environmentPath}/revisions/:revision/quarantine`;

  router.post(revisionQuarantine, async (request, response) => {
    const quarantine = await change(
      request,
      {
        eventId: 'revision-quarantine-set',
        permission: deployQuarantinePermission,
      },
      async (known, by) => {
        const reason = checkReason(request.body.reason);
        const { items } = await operations.revisions.revisions(known);
        const set = await quarantinedRevisions.set(
          known.id,
          identityToQuarantine(items, request.params.revision),
          { by, reason },
          new Date(),
        );
        return set.quarantine;
      },
    );
    response.status(201).json(quarantine);
  });

  router.delete(revisionQuarantine, async (request, response) => {
    await change(
      request,
      {
        eventId: 'revision-quarantine-lift',
        permission: deployQuarantinePermission,
      },
      async (known, by) => {
        const { revision } = request.params;
        if (
          !(await quarantinedRevisions.lift(known.id, revision, by, new Date()))
        ) {
          throw new NotFoundError(
            `No quarantine was set on the revision ${revision} here. The list of revisions tells in "quarantine.revision" on which one it was; without that, the release is quarantined.`,
          );
        }
      },
    );
    response.status(204).end();
  });

  /** Changes the quarantine of a release, for a caller with the permission. */
  async function changeRelease(
    request: Request,
    response: Response,
    eventId: string,
    work: (releaseId: string, by: string) => Promise<object | undefined>,
  ): Promise<void> {
    const credentials: CallerCredentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    const { id } = request.params;
    const answer = await audited(
      auditor,
      {
        eventId,
        request,
        meta: { release: id, reason: request.body?.reason ?? null },
      },
      async () => {
        const visibility = await authorizer.visibilityFor(credentials);
        const service = await operations.serviceOfRelease(id);
        if (!service || !(await services.find(service.entityRef, visibility))) {
          throw new NotFoundError(
            `There is no release ${id}, or you may not see it.`,
          );
        }
        // It holds in every environment, in those too that the caller does not see.
        const all = await services.find(service.entityRef, {
          everything: true,
        });
        await authorizer.assertAllowedEverywhere(
          deployQuarantinePermission,
          credentials,
          {
            entityRef: service.entityRef,
            environments: all?.environments ?? [],
          },
        );
        const changed = await work(id, nameOf(credentials));
        operations.onRestrictionsChanged(service.id);
        return { answer: changed, meta: { entityRef: service.entityRef } };
      },
    );
    if (answer) {
      response.status(201).json(answer);
    } else {
      response.status(204).end();
    }
  }

  router.post('/releases/:id/quarantine', (request, response) =>
    changeRelease(request, response, 'quarantine-set', async (id, by) => {
      const { quarantine } = await quarantines.set(
        id,
        { by, reason: checkReason(request.body.reason) },
        new Date(),
      );
      return quarantine;
    }),
  );

  router.delete('/releases/:id/quarantine', (request, response) =>
    changeRelease(request, response, 'quarantine-lift', async (id, by) => {
      if (!(await quarantines.lift(id, by, new Date()))) {
        throw new NotFoundError('This release is not in quarantine.');
      }
      return undefined;
    }),
  );

  return router;
}

function identityToQuarantine(
  revisions: readonly Revision[],
  id: string,
): RevisionIdentity {
  const revision = revisions.find(one => one.id === id);
  if (!revision) {
    throw new NotFoundError(
      `revision: the target has no revision ${id} here. Choose one of the listed revisions.`,
    );
  }
  const current = revisions.find(one => one.current);
  // What serves is not to be quarantined along with an earlier revision of the same artifact.
  return quarantinedIdentity(revision, revision.current ? undefined : current);
}
