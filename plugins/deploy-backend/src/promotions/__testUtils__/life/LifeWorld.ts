import { LoggerService } from '@backstage/backend-plugin-api';
import {
  ANNOTATION_JOBS,
  FreezeInForce,
  GateState,
  PromotionPolicy,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { HoldStore } from '../../../restrictions/HoldStore';
import { LockStore } from '../../../restrictions/LockStore';
import { QuarantineStore } from '../../../restrictions/QuarantineStore';
import { EventLog } from '../../../store/EventLog';
import { ProblemLog } from '../../../store/ProblemLog';
import { ServiceStore } from '../../../store/ServiceStore';
import { SpecStore } from '../../../store/SpecStore';
import { TraceStore } from '../../../store/TraceStore';
import { RepositoryMapper } from '../../../mapping/RepositoryMapper';
import { FakeGithub } from './FakeGithub';
import {
  PRODUCTION,
  REPOSITORY,
  ServiceKey,
  serviceKeys,
  STAGING,
  userRef,
} from './githubPayloads';
import { Replica } from './Replica';
import { Turns } from './Turns';

export type Team = 'platform' | 'security';

export const people = ['omar', 'ines', 'sam', 'eve', 'dana', 'paul'] as const;

export interface Rule {
  team: Team | 'anyone';
  required: number;
}

/** What a release is made of, as far as approvals are bound to it. */
export interface ReleaseFacts {
  gate: Exclude<GateState, 'none'>;
  report: number;
  quarantined: boolean;
}

/** What is so around one service's production, whether the portal noticed it or not. */
export interface Place {
  serviceId: string;
  /** Of production. */
  environmentId: string;
  stagingId: string;
  rules: Rule[];
  order: PromotionPolicy['order'];
  refs?: PromotionPolicy['refs'];
  /** Ends then, or `open`. */
  lock?: Date | 'open';
  freezes: { id: string; from: Date; to: Date; letsHotfixes: boolean }[];
  held: boolean;
  /** Another operation is under way. */
  operating: boolean;
  /** By commit. */
  releases: Map<string, ReleaseFacts>;
}

/** Tells nobody but the test, and that of errors only. */
function quietLogger(onError: (message: string) => void): LoggerService {
  const logger: LoggerService = {
    error: (message, meta) => onError(`${message} ${JSON.stringify(meta)}`),
    warn: () => {},
    info: () => {},
    debug: () => {},
    child: () => logger,
  };
  return logger;
}

const TABLES = [
  'events',
  'ingest_problems',
  'protection_callbacks',
  'operations',
  'locks',
  'holds',
  'quarantines',
  'services',
  'traces',
];

/** Hours that a promotion waits to be let through. */
const EXPIRES_HOURS = 48;

/** Two services of one repository, each with staging and production, and the portal's replicas around them. */
export class LifeWorld {
  readonly turns = new Turns();
  readonly clock = { at: new Date('2026-01-05T08:00:00.000Z') };
  readonly github = new FakeGithub(() => this.clock.at);
  /** What a replica could not do, and nobody expects. */
  readonly errors: string[] = [];
  readonly logger = quietLogger(error => this.errors.push(error));
  readonly places = new Map<ServiceKey, Place>();
  readonly teams: Record<Team, string[]> = {
    platform: ['omar', 'ines', 'sam', 'dana'],
    security: ['ines', 'paul'],
  };
  /** In order, oldest first, with who wrote it. */
  readonly commits: { sha: string; author: string }[] = [];
  /** Whether GitHub tells which of two commits is newer. */
  comparable = true;
  /** Promotions ask for themselves; the portal starts what they let in. */
  automatic = false;
  replicas: Replica[] = [];
  /** Starts what the portal carries out itself. */
  dispatch: (promotionId: string) => Promise<{ id: string }> = async () => {
    throw new Error('Nothing is dispatched here');
  };

  private constructor(readonly knex: Knex) {}

  static async create(
    knex: Knex,
    policies: { rules: Rule[]; order: PromotionPolicy['order'] }[],
  ): Promise<LifeWorld> {
    for (const table of TABLES) {
      await knex(table).delete();
    }
    const world = new LifeWorld(knex);
    await world.#register(policies);
    world.replicas = [new Replica(world), new Replica(world)];
    return world;
  }

  get now(): Date {
    return this.clock.at;
  }

  place(service: ServiceKey): Place {
    return this.places.get(service)!;
  }

  placeOf(environmentId: string): Place {
    return [...this.places.values()].find(
      place =>
        place.environmentId === environmentId ||
        place.stagingId === environmentId,
    )!;
  }

  later(seconds: number): void {
    this.clock.at = new Date(this.clock.at.getTime() + seconds * 1000);
  }

  facts(place: Place, commit: string): ReleaseFacts {
    const known = place.releases.get(commit);
    const facts = known ?? {
      gate: 'pass' as const,
      report: 1,
      quarantined: false,
    };
    place.releases.set(commit, facts);
    return facts;
  }

  policyOf(
    { rules, order, refs }: Place,
    promotionClass: PromotionPolicy['class'],
  ): PromotionPolicy {
    return {
      class: promotionClass,
      approvals: rules.map(({ team, required }) => ({
        required,
        ...(team !== 'anyone' && { from: [`group:default/${team}`] }),
      })),
      selfApproval: false,
      order,
      ...(refs && { refs }),
      soakSeconds: 0,
      automatic: this.automatic,
      expiresAfterSeconds: EXPIRES_HOURS * 3600,
      seam: this.automatic ? 'dispatch' : 'protection-rule',
    };
  }

  freezesIn(place: Place, at: Date): FreezeInForce[] {
    return place.freezes
      .filter(({ from, to }) => from <= at && at < to)
      .map(({ id, from, to, letsHotfixes }) => ({
        id,
        title: id,
        reason: 'Nobody changes production now',
        by: userRef('boss'),
        since: from.toISOString(),
        nextOpen: to.toISOString(),
        allows: letsHotfixes ? ['hotfix', 'rollback'] : ['rollback'],
      }));
  }

  async lock(place: Place, until: Date | 'open'): Promise<void> {
    const locks = new LockStore(this.knex);
    await locks.release(place.environmentId, userRef('boss'), this.now);
    await locks.lock(
      place.environmentId,
      {
        owner: userRef('boss'),
        reason: 'Look first',
        ...(until !== 'open' && { expiresAt: until.toISOString() }),
      },
      this.now,
    );
    place.lock = until;
  }

  async unlock(place: Place): Promise<void> {
    const locks = new LockStore(this.knex);
    await locks.release(place.environmentId, userRef('boss'), this.now);
    delete place.lock;
  }

  async hold(place: Place, held: boolean): Promise<void> {
    const holds = new HoldStore(this.knex);
    await (held
      ? holds.set(
          place.environmentId,
          { by: userRef('boss'), reason: 'It came back bad' },
          this.now,
        )
      : holds.lift(place.environmentId, userRef('boss'), this.now));
    place.held = held;
  }

  async quarantine(
    place: Place,
    release: { id: string; commit: string },
    quarantined: boolean,
  ): Promise<void> {
    const quarantines = new QuarantineStore(this.knex);
    await (quarantined
      ? quarantines.set(
          release.id,
          { by: userRef('boss'), reason: 'It loses data' },
          this.now,
        )
      : quarantines.lift(release.id, userRef('boss'), this.now));
    this.facts(place, release.commit).quarantined = quarantined;
  }

  /** Another operation begins, or the one that runs ends. */
  async operate(place: Place, operating: boolean): Promise<void> {
    const { serviceId, environmentId } = place;
    await this.knex('operations')
      .where({ environment_id: environmentId })
      .delete();
    if (operating) {
      const at = this.now.toISOString();
      await this.knex('operations').insert({
        id: `operation-${environmentId}`.slice(0, 36),
        position: this.now.getTime() + [...this.places.values()].indexOf(place),
        service_id: serviceId,
        environment_id: environmentId,
        kind: 'restart',
        status: 'running',
        phase: 'forward',
        lock_key: environmentId,
        requested_by: userRef('boss'),
        automatic: false,
        context: '{}',
        created_at: at,
        due_at: at,
      });
    }
    place.operating = operating;
  }

  async releases(
    place: Place,
  ): Promise<{ id: string; commit: string; artifact?: string | null }[]> {
    return this.knex('releases')
      .where({ service_id: place.serviceId })
      .orderBy('commit_sha')
      .select('id', 'commit_sha as commit', 'artifact');
  }

  async #register(
    policies: { rules: Rule[]; order: PromotionPolicy['order'] }[],
  ): Promise<void> {
    const { knex } = this;
    const services = new ServiceStore(knex);
    await services.applySync(
      {
        add: serviceKeys.map(key => ({
          entityRef: `component:default/vvp-${key}`,
          repository: REPOSITORY,
          serviceKey: key,
          name: `vvp-${key}`,
          annotations: {
            [ANNOTATION_JOBS]: `${STAGING}=deploy-${key}-staging,${PRODUCTION}=deploy-${key}`,
          },
          specUrl: `https://github.example.test/${REPOSITORY}/blob/main/deploy.yaml`,
        })),
        update: [],
        remove: [],
        problems: [],
      } as unknown as Parameters<ServiceStore['applySync']>[0],
      this.now,
    );
    await new RepositoryMapper({
      services,
      specs: new SpecStore(knex),
      traces: new TraceStore(knex),
      events: new EventLog(knex),
      problems: new ProblemLog(knex),
      rules: [],
    }).remap(REPOSITORY, this.now);
    for (const [index, key] of serviceKeys.entries()) {
      const { id } = await knex('services')
        .where({ service_key: key })
        .first('id');
      const environments = await knex('environments').where({ service_id: id });
      const idOf = (name: string) =>
        environments.find(one => one.name === name).id;
      this.places.set(key, {
        serviceId: id,
        environmentId: idOf(PRODUCTION),
        stagingId: idOf(STAGING),
        freezes: [],
        held: false,
        operating: false,
        releases: new Map(),
        ...policies[index],
      });
    }
  }
}
