import { CommitRange } from '@vvp/backstage-plugin-deploy-common';
import { GithubEventSource } from '../../../github/GithubEventSource';
import { Ingestor } from '../../../ingest/Ingestor';
import { RepositoryMapper } from '../../../mapping/RepositoryMapper';
import { ProtectionAnswers } from '../../../protection/ProtectionAnswers';
import { ProtectionCallbacks } from '../../../protection/ProtectionCallbacks';
import { HoldStore } from '../../../restrictions/HoldStore';
import { LockStore } from '../../../restrictions/LockStore';
import { QuarantinedRevisionStore } from '../../../restrictions/QuarantinedRevisionStore';
import { QuarantineStore } from '../../../restrictions/QuarantineStore';
import { ReleaseHistory } from '../../../rollbacks/ReleaseHistory';
import { EventLog } from '../../../store/EventLog';
import { ProblemLog } from '../../../store/ProblemLog';
import { ServiceStore } from '../../../store/ServiceStore';
import { SpecStore } from '../../../store/SpecStore';
import { TraceStore } from '../../../store/TraceStore';
import { TargetEnvironments } from '../../../targets/TargetEnvironments';
import { TargetRegistry } from '../../../targets/TargetRegistry';
import { AutomaticPromotions } from '../../AutomaticPromotions';
import { CarryOut } from '../../CarryOut';
import { PromotionDecider } from '../../PromotionDecider';
import { PromotionDesk } from '../../PromotionDesk';
import { PromotionProgress } from '../../PromotionProgress';
import { PromotionStore } from '../../PromotionStore';
import { ReadinessDesk } from '../../ReadinessDesk';
import { seamOf } from '../../seamOf';
import { STAGING, userRef } from './githubPayloads';
import type { LifeWorld } from './LifeWorld';
import { Process } from './Turns';

const never = new AbortController().signal;

/** The part of a backend that moves promotions, put together as `assemblePromotions` does, on the world's edges. */
export class Replica implements Process {
  isDead = false;
  readonly store: PromotionStore;
  readonly desk: PromotionDesk;
  readonly readiness: ReadinessDesk;
  readonly environments: TargetEnvironments;
  readonly #progress: PromotionProgress;
  readonly #answers: ProtectionAnswers;
  readonly #ingestor: Ingestor;
  readonly #automatic: AutomaticPromotions;
  readonly #now: () => Date;

  constructor(world: LifeWorld) {
    const { logger, turns, github } = world;
    const knex = turns.knexOf(world.knex, this);
    const now = () => world.now;
    this.#now = now;
    const services = new ServiceStore(knex);
    const problems = new ProblemLog(knex);
    const traces = new TraceStore(knex);
    const events = new EventLog(knex);
    /** Of somebody else's database, or of GitHub. */
    const asked = <T>(answer: () => T) => turns.through(this, answer);
    const commitsBetween = async (
      _environment: unknown,
      { from, to }: { from: string; to: string },
    ) => asked(() => rangeOf(world, from, to));

    const callbacks = new ProtectionCallbacks({
      knex,
      services,
      problems,
      integrations: { github: { byUrl: () => undefined } } as never,
      logger,
      isReviewed: async () => false,
      onOpen: () => {},
      now,
    });
    this.#ingestor = new Ingestor({
      sources: [new GithubEventSource()],
      events,
      problems,
      traces,
      mapper: new RepositoryMapper({
        services,
        specs: new SpecStore(knex),
        traces,
        events,
        problems,
        rules: [],
      }),
      logger,
      onPush: async () => {},
      // Whoever looks at what changed is the test.
      onChange: () => {},
      onFolded: (repository, facts) => callbacks.onFolded(repository, facts),
      now,
    });
    this.environments = new TargetEnvironments({
      knex,
      registry: {
        get: () => {
          throw new Error('Nothing is driven here');
        },
      } as unknown as TargetRegistry,
      logger,
    });
    this.store = new PromotionStore(knex);
    this.readiness = new ReadinessDesk({
      knex,
      locks: new LockStore(knex),
      holds: new HoldStore(knex),
      logger,
      sources: {
        policyOf: async ({ id }, promotionClass) => ({
          policy: world.policyOf(world.placeOf(id), promotionClass),
          earlier: [STAGING],
        }),
        poolsOf: ({ approvals }) =>
          asked(() =>
            approvals.map(({ from }) => ({
              ...(from && {
                users: from.flatMap(group =>
                  world.teams[
                    group.replace('group:default/', '') as 'platform'
                  ].map(userRef),
                ),
              }),
              unknown: [],
            })),
          ),
        gatesOf: (serviceId, _environment, commit) =>
          asked(() => gatesOf(world, serviceId, commit)),
        freezesOf: ({ id }, at) =>
          asked(() => world.freezesIn(world.placeOf(id), at)),
        commitsBetween,
        authorsOf: (_environment, { to }) =>
          asked(() => ({
            users: world.commits
              .filter(({ sha }) => sha === to)
              .map(({ author }) => userRef(author)),
            unmapped: [],
            complete: true,
          })),
        specOf: async () => undefined,
        seamOf,
      },
    });
    this.#progress = new PromotionProgress({
      store: this.store,
      desk: this.readiness,
      environments: this.environments,
      goAhead: new CarryOut({
        knex,
        store: this.store,
        dispatch: (_environment, promotion) => world.dispatch(promotion.id),
        wakeAnswers: () => {},
        isWatched: () => false,
        now,
      }),
      onChange: async ({ repository, run_id: runId }) => {
        if (runId) {
          await callbacks.changed({ repository, runIds: [runId] });
        }
      },
      logger,
      now,
    });
    this.desk = new PromotionDesk({
      store: this.store,
      readiness: this.readiness,
      progress: this.#progress,
      environments: this.environments,
      commitsBetween,
      now,
    });
    this.#automatic = new AutomaticPromotions({
      knex,
      policies: {
        ofService: async serviceId => policiesOf(world, serviceId) as never,
      },
      environments: this.environments,
      store: this.store,
      desk: this.desk,
      readiness: this.readiness,
      logger,
      now,
    });
    this.#answers = new ProtectionAnswers({
      knex,
      access: github.accessOf(turns, this, services),
      decider: new PromotionDecider({
        store: this.store,
        desk: this.desk,
        readiness: this.readiness,
        environments: this.environments,
        history: new ReleaseHistory({
          knex,
          quarantines: new QuarantineStore(knex),
          quarantinedRevisions: new QuarantinedRevisionStore(knex),
        }),
        userOfLogin: login => asked(() => userRef(login)),
        now,
      }),
      ingest: (topic, payload) => this.#ingestor.receive(topic, payload),
      problems,
      logger,
      now,
    });
  }

  /** Takes a webhook of GitHub's. */
  async take({ topic, payload }: { topic: string; payload: object }) {
    await this.#ingestor.receive(topic, payload);
  }

  /** Looks at events that failed or were interrupted. */
  async retry(): Promise<void> {
    await this.#ingestor.retryDue();
  }

  /** Looks at promotions whose time has come. */
  async progress(): Promise<void> {
    await this.#progress.run(never);
  }

  /** Looks at what GitHub asked. */
  async answer(): Promise<void> {
    await this.#answers.answerDue(never);
  }

  /** Asks for promotions that nobody has to ask for. */
  async automatic(): Promise<void> {
    await this.#automatic.run(never);
  }

  /** What somebody who opens a promotion now would approve. */
  async seen(id: string): Promise<string> {
    return (await this.#judge(id))?.standing.seen ?? '';
  }

  /** What they may let pass. */
  async overridable(id: string): Promise<string[]> {
    const conditions = (await this.#judge(id))?.conditions ?? [];
    return conditions.filter(one => one.overridable).map(one => one.id);
  }

  async #judge(id: string) {
    const promotion = await this.store.get(id);
    const environment =
      promotion &&
      (await this.environments.find({ id: promotion.environment_id }));
    return (
      environment &&
      this.readiness.judge(
        environment,
        { releaseId: promotion.release_id, class: promotion.class, promotion },
        this.#now(),
      )
    );
  }
}

/** As far as is asked for here, in order. */
function policiesOf(world: LifeWorld, serviceId: string) {
  const place = [...world.places.values()].find(
    each => each.serviceId === serviceId,
  )!;
  const policy = world.policyOf(place, 'regular');
  const off = { ...policy, automatic: false };
  return {
    environments: [
      { environmentId: place.stagingId, judging: { policy: off } },
      { environmentId: place.environmentId, judging: { policy } },
    ],
  };
}

function gatesOf(world: LifeWorld, serviceId: string, commit: string) {
  const place = [...world.places.values()].find(
    each => each.serviceId === serviceId,
  )!;
  const { gate, report } = world.facts(place, commit);
  return {
    release: { commit },
    state: gate,
    results: [
      {
        id: 'gate',
        name: 'coverage',
        title: 'Coverage',
        environment: 'production',
        state: gate,
        reason: `It is ${gate}.`,
        checks: [],
        evidenceIds: [`evidence-${report}`],
        measuredCommit: commit,
        measuredAt: '2026-01-05T07:00:00.000Z',
        carriedForward: false,
      },
    ],
  };
}

function rangeOf(world: LifeWorld, from: string, to: string): CommitRange {
  const indexOf = (sha: string) =>
    world.commits.findIndex(commit => commit.sha === sha);
  const step = Math.sign(indexOf(to) - indexOf(from));
  return {
    from,
    to,
    state: world.comparable ? 'known' : 'unknown',
    direction: (['backward', 'same', 'forward'] as const)[step + 1],
    commits: [],
  };
}
