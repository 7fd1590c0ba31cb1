import {
  ConflictError,
  InputError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import {
  ApprovalRequest,
  CanaryPhase,
  ConfigurationComparison,
  DeployApi,
  Freeze,
  FreezePreview,
  FreezeWindow,
  NewFreeze,
  Page,
  Promotion,
  PromotionFilter,
  PromotionRequest,
  PromotionSummary,
  Readiness,
  ReleaseSummary,
  StartedOperation,
} from '@vvp/backstage-plugin-deploy-common';
import {
  sampleFreeze,
  sampleReleaseSummary,
} from '../src/__testUtils__/promotionSamples';
import { minutesAgo, sampleCommit } from '../src/__testUtils__/samples';
import { comparisonOf } from './configurationScenarios';
import { GalleryOperations } from './GalleryOperations';
import {
  promotionOf,
  promotionStates,
  readinessOf,
} from './promotionScenarios';

type PromotionsApi = Pick<
  DeployApi,
  | 'getReadiness'
  | 'getConfiguration'
  | 'listReleases'
  | 'requestPromotion'
  | 'getPromotion'
  | 'listPromotions'
  | 'approvePromotion'
  | 'rejectPromotion'
  | 'cancelPromotion'
  | 'overridePromotion'
  | 'pausePromotion'
  | 'continuePromotion'
  | 'abortPromotion'
  | 'listFreezes'
  | 'setFreeze'
  | 'previewFreeze'
  | 'endFreeze'
>;

const me = 'user:default/guest';
const decided = { allowed: false, why: 'It was decided already.' };
const canaryOver = {
  mayPause: decided,
  mayContinue: decided,
  mayAbort: decided,
};

/** Promotions and freezes of the gallery; a comment with "refuse" in it is refused. */
export class GalleryPromotions
  extends GalleryOperations
  implements PromotionsApi
{
  readonly #changed = new Map<string, Promotion>();
  #freezes: Freeze[] = [
    sampleFreeze(),
    sampleFreeze({
      id: 'freeze-2',
      title: 'End of the year',
      reason:
        'The carriers change nothing between Christmas and New Year, and neither do we: INC-20251224-0042-with-a-very-long-identifier-without-any-space-in-it.',
      scope: {
        tiers: ['production'],
        systems: ['system:default/verifiable-voice-protocol'],
        environments: ['production-eu-central-1-confidential-customers-blue'],
      },
      window: { from: '2026-12-23T17:00:00Z', to: '2027-01-04T06:00:00Z' },
      allows: ['rollback'],
      by: 'configuration',
      current: undefined,
      next: { from: '2026-12-23T17:00:00Z', to: '2027-01-04T06:00:00Z' },
    }),
  ];

  async getReadiness(
    entityRef: string,
    environment: string,
    releaseId: string,
  ): Promise<Readiness> {
    await failAsAddress();
    const release = (await this.listReleases()).items.find(
      ({ id }) => id === releaseId,
    );
    return {
      ...readinessOf(entityRef, environment),
      ...(release && { release }),
    };
  }

  async getConfiguration(
    _entityRef: string,
    _environment: string,
    releaseId: string,
  ): Promise<ConfigurationComparison> {
    await failAsAddress();
    return comparisonOf(releaseId);
  }

  async listReleases(): Promise<Page<ReleaseSummary>> {
    return {
      items: [
        sampleReleaseSummary({
          id: 'release-77aa88b',
          commit: sampleCommit('77aa88b'),
          version: undefined,
          title: 'Raise the timeout of the key store',
          createdAt: minutesAgo(8),
          deployments: [
            {
              id: 'd1',
              environment: 'development',
              status: 'in_progress',
              createdAt: minutesAgo(3),
            },
          ],
        }),
        sampleReleaseSummary(),
        sampleReleaseSummary({
          id: 'release-1.4.2',
          commit: sampleCommit('a1b2c3d'),
          version: 'v1.4.2',
          title: 'Read the witness list from configuration',
          createdAt: minutesAgo(4300),
          deployments: [
            {
              id: 'd2',
              environment: 'production',
              status: 'succeeded',
              createdAt: minutesAgo(4200),
            },
          ],
        }),
      ],
    };
  }

  async requestPromotion(request: PromotionRequest): Promise<StartedOperation> {
    refuse(request.reason);
    return { id: 'awaiting' };
  }

  async getPromotion(id: string): Promise<Promotion> {
    await failAsAddress();
    const found = this.#changed.get(id) ?? promotionOf(id);
    if (!found) {
      throw new NotFoundError(`No promotion ${id}`);
    }
    // On the page of a service it is that service's.
    const service = /^\/catalog\/[^/]+\/[^/]+\/([^/]+)/.exec(
      window.location.pathname,
    )?.[1];
    return service
      ? { ...found, entityRef: `component:default/${service}` }
      : found;
  }

  async listPromotions(
    filter: PromotionFilter = {},
  ): Promise<Page<PromotionSummary>> {
    const state = await failAsAddress();
    if (state === 'empty') {
      return { items: [] };
    }
    const all = promotionStates
      .map(id => this.#changed.get(id) ?? promotionOf(id))
      .filter(each => each !== undefined);
    return {
      items: all.filter(
        each =>
          (!filter.status?.length || filter.status.includes(each.status)) &&
          (!filter.waitingFor || each.status === 'awaiting_approval'),
      ),
    };
  }

  async approvePromotion(
    id: string,
    approval: ApprovalRequest,
  ): Promise<Promotion> {
    if (id === 'changed') {
      throw new ConflictError(
        'The gate results changed since you looked. Look again, then approve.',
      );
    }
    refuse(approval.comment);
    const promotion = await this.getPromotion(id);
    return this.#change({
      ...promotion,
      status: 'executing',
      approvals: [
        ...promotion.approvals,
        { by: me, at: new Date().toISOString(), comment: approval.comment },
      ],
      readiness: undefined,
      mayApprove: { allowed: false, why: 'You have approved it.' },
    });
  }

  async rejectPromotion(
    id: string,
    { comment }: { comment: string },
  ): Promise<Promotion> {
    refuse(comment);
    return this.#change({
      ...(await this.getPromotion(id)),
      status: 'rejected',
      finishedAt: new Date().toISOString(),
    });
  }

  async cancelPromotion(id: string): Promise<Promotion> {
    return this.#change({
      ...(await this.getPromotion(id)),
      status: 'cancelled',
      finishedAt: new Date().toISOString(),
    });
  }

  async overridePromotion(
    id: string,
    request: { reason: string; conditions: string[] },
  ): Promise<Promotion> {
    refuse(request.reason);
    const promotion = await this.getPromotion(id);
    const { readiness } = promotion;
    return this.#change({
      ...promotion,
      readiness: readiness && {
        ...readiness,
        conditions: readiness.conditions.map(each =>
          request.conditions.includes(each.id)
            ? { ...each, state: 'waived' as const }
            : each,
        ),
      },
    });
  }

  async pausePromotion(
    id: string,
    request: { comment?: string } = {},
  ): Promise<Promotion> {
    refuse(request.comment);
    return this.#moveCanary(id, 'paused', {
      mayPause: { allowed: false, why: 'It is paused already.' },
    });
  }

  async continuePromotion(
    id: string,
    request: { comment?: string } = {},
  ): Promise<Promotion> {
    if (id === 'canary-refused') {
      throw new ConflictError('The canary is being aborted: it cannot go on.');
    }
    refuse(request.comment);
    return this.#moveCanary(id, 'continuing', canaryOver);
  }

  async abortPromotion(
    id: string,
    request: { reason: string },
  ): Promise<Promotion> {
    refuse(request.reason);
    return this.#moveCanary(id, 'aborting', canaryOver);
  }

  async listFreezes(): Promise<Page<Freeze>> {
    const state = await failAsAddress();
    return { items: state === 'empty' ? [] : this.#freezes };
  }

  async setFreeze(freeze: NewFreeze): Promise<Freeze> {
    refuse(freeze.reason);
    if ('rrule' in freeze.window && freeze.window.rrule.includes('SECONDLY')) {
      throw new InputError(
        'window.rrule: it opens more often than once an hour. Use FREQ=DAILY or longer.',
      );
    }
    const set = sampleFreeze({
      allows: ['rollback'],
      ...freeze,
      id: `freeze-${this.#freezes.length + 1}`,
      by: me,
      current: undefined,
    });
    this.#freezes = [set, ...this.#freezes];
    return set;
  }

  async previewFreeze(window: FreezeWindow): Promise<FreezePreview> {
    if ('rrule' in window && window.rrule.includes('SECONDLY')) {
      throw new InputError(
        'window.rrule: FREQ has to be one of YEARLY, MONTHLY, WEEKLY, DAILY. For several windows a day use FREQ=DAILY with BYHOUR and BYMINUTE.',
      );
    }
    return {
      windows: [20, 27].map(day => ({
        from: `2026-11-${day}T14:00:00Z`,
        to: `2026-11-${day + 2}T05:00:00Z`,
      })),
    };
  }

  async endFreeze(id: string): Promise<void> {
    this.#freezes = this.#freezes.filter(each => each.id !== id);
  }

  async #moveCanary(
    id: string,
    phase: CanaryPhase,
    part: Partial<Promotion>,
  ): Promise<Promotion> {
    const promotion = await this.getPromotion(id);
    const { canary } = promotion;
    return this.#change({
      ...promotion,
      ...part,
      canary: canary && {
        ...canary,
        phase,
        ...(phase === 'paused' && { pausedBy: me }),
      },
    });
  }

  #change(promotion: Promotion): Promotion {
    this.#changed.set(promotion.id, promotion);
    return promotion;
  }
}

async function failAsAddress(): Promise<string> {
  const state = new URLSearchParams(window.location.search).get('state') ?? '';
  if (state === 'loading') {
    await new Promise(() => undefined);
  }
  if (state === 'error') {
    throw new Error('The deploy backend does not answer (503)');
  }
  if (state === 'not-allowed') {
    throw new NotAllowedError('Not allowed');
  }
  return state;
}

function refuse(text: string | undefined): void {
  if (text?.includes('refuse')) {
    throw new NotAllowedError(
      'This needs the permission deploy.promote for this environment.',
    );
  }
}
