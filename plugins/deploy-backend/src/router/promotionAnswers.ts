import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import { ResourcePermission } from '@backstage/plugin-permission-common';
import {
  deployApprovePermission,
  deployOverridePermission,
  deployPromotePermission,
  deployRollbackPermission,
  Promotion,
  PromotionSummary,
  undecidedStatuses,
} from '@vvp/backstage-plugin-deploy-common';
import { Authorizer } from '../permissions/Authorizer';
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

/** What callers are told of a promotion: as much as they see, and what they may do with it. */
export function promotionAnswers(options: RouterOptions) {
  const { authorizer, services, deployments, promotions } = options;
  const { environments } = options.operations;
  const { reader, store, approvals, readiness, explain } = promotions;
  const canaries = promotions.canaries.desk;

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

  return { rightsOf, find, describe };
}
