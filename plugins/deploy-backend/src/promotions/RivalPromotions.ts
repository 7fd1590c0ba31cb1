import {
  CommitRange,
  RivalPromotion,
  undecidedStatuses,
} from '@vvp/backstage-plugin-deploy-common';
import { KnownEnvironment } from '../targets/TargetEnvironments';
import { mayEverGoIn, relationBy } from './promotionOrder';
import { PromotionStore } from './PromotionStore';
import { Judged, ReadinessDesk } from './ReadinessDesk';
import { StoredPromotion } from './rows';

/** Finds what else is on its way into an environment. */
export class RivalPromotions {
  readonly #store: PromotionStore;
  readonly #readiness: ReadinessDesk;
  readonly #commitsBetween: (
    environment: KnownEnvironment,
    range: { from: string; to: string },
  ) => Promise<CommitRange>;

  constructor(options: {
    store: PromotionStore;
    readiness: ReadinessDesk;
    commitsBetween: (
      environment: KnownEnvironment,
      range: { from: string; to: string },
    ) => Promise<CommitRange>;
  }) {
    this.#store = options.store;
    this.#readiness = options.readiness;
    this.#commitsBetween = options.commitsBetween;
  }

  /** The promotions that are under way there, and how their releases stand to one. */
  async of(
    environment: KnownEnvironment,
    release: Judged['release'],
    now: Date,
  ): Promise<RivalPromotion[]> {
    const active = await this.#store.activeOf(environment.id);
    return Promise.all(
      active.map(async rival => {
        const { id, status, release_id: releaseId } = rival;
        const relation =
          releaseId === release.id
            ? ('same' as const)
            : await this.#relation(environment, releaseId, release.commit);
        // What is never let in does not keep others out either.
        const isVain =
          relation === 'newer' &&
          !(await this.#mayGoIn(rival, environment, now));
        return { id, status, relation: isVain ? 'unrelated' : relation };
      }),
    );
  }

  async #mayGoIn(
    { release_id: releaseId, class: kind, status }: StoredPromotion,
    environment: KnownEnvironment,
    now: Date,
  ): Promise<boolean> {
    const judged =
      undecidedStatuses.includes(status) &&
      (await this.#readiness.look(
        environment,
        { releaseId, class: kind },
        now,
      ));
    return !judged || mayEverGoIn(judged);
  }

  async #relation(
    environment: KnownEnvironment,
    rivalReleaseId: string,
    commit: string,
  ): Promise<RivalPromotion['relation']> {
    const rival = await this.#store.commitOf(rivalReleaseId);
    if (!rival) {
      return 'unknown';
    }
    return relationBy(
      await this.#commitsBetween(environment, {
        from: rival,
        to: commit,
      }).catch(() => undefined),
    );
  }
}
