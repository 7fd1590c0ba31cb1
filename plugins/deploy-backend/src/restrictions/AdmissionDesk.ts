import {
  admit,
  Admission,
  AdmissionFacts,
  Failure,
  FreezeInForce,
  Hold,
  Lock,
  OperationKind,
  Override,
  PromotionClass,
  Quarantine,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { HoldStore } from './HoldStore';
import { LockStore } from './LockStore';
import { RevisionIdentity } from './quarantinedIdentity';
import { QuarantinedRevisionStore } from './QuarantinedRevisionStore';
import { QuarantineStore } from './QuarantineStore';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The freezes in force in an environment. */
export type FreezesOf = (
  environmentId: string,
  at: Date,
) => Promise<readonly FreezeInForce[]>;

/** What is to be let through. */
export interface AdmissionRequest {
  kind: OperationKind;
  automatic: boolean;
  environmentId: string;
  /** The release that would come in, if one is known. */
  releaseId?: string;
  permission: { name: string; allowed: boolean };
  /** The revision that would come in, if one is known. */
  revision?: RevisionIdentity;
  /** Of what would come in, where the id of its release is not known for sure. */
  quarantine?: Pick<Quarantine, 'by' | 'reason' | 'since'> & {
    revision?: string;
  };
  /** The operation itself, when it is asked about once more at its start. */
  operationId?: string;
  /** Why the revision cannot be put back. */
  unavailable?: string;
  /** Why the version address of the environment cannot be used. */
  versionProblem?: Failure;
  /** When the revision last ran here, ISO 8601, none if that is not known, and the days that the policy allows. */
  lastRan?: { at?: string; withinDays: number };
  /** Of a promotion. */
  promotionClass?: PromotionClass;
  /** It takes a canary back. */
  endsCanary?: boolean;
  /** Waives what is overridable. */
  override?: Override;
}

/** Gathers what admission looks at, and asks it. */
export class AdmissionDesk {
  readonly #knex: Knex;
  readonly #locks: LockStore;
  readonly #holds: HoldStore;
  readonly #quarantines: QuarantineStore;
  readonly #quarantinedRevisions: QuarantinedRevisionStore;
  readonly #freezesOf: FreezesOf;
  readonly #now: () => Date;

  constructor(options: {
    knex: Knex;
    locks: LockStore;
    holds: HoldStore;
    quarantines: QuarantineStore;
    quarantinedRevisions: QuarantinedRevisionStore;
    freezesOf: FreezesOf;
    now?: () => Date;
  }) {
    this.#knex = options.knex;
    this.#locks = options.locks;
    this.#holds = options.holds;
    this.#quarantines = options.quarantines;
    this.#quarantinedRevisions = options.quarantinedRevisions;
    this.#freezesOf = options.freezesOf;
    this.#now = options.now ?? (() => new Date());
  }

  async ask(request: AdmissionRequest): Promise<Admission> {
    const now = this.#now();
    const [lock, freezes, hold, release, revision, running] = await Promise.all(
      [
        this.#locks.current(request.environmentId, now),
        this.#freezesOf(request.environmentId, now),
        this.#holds.current(request.environmentId),
        request.releaseId
          ? this.#quarantines.ofRelease(request.releaseId)
          : undefined,
        this.#quarantineOf(request),
        this.#running(request.environmentId, request.operationId),
      ],
    );
    return admit(
      toFacts(
        request,
        {
          lock,
          freezes,
          hold,
          quarantine: release ?? revision ?? request.quarantine,
          running,
        },
        now,
      ),
    );
  }

  async #quarantineOf({ environmentId, revision }: AdmissionRequest) {
    return (
      revision &&
      (await this.#quarantinedRevisions.of(environmentId, [revision])).get(
        revision.revision,
      )
    );
  }

  async #running(
    environmentId: string,
    except?: string,
  ): Promise<AdmissionFacts['running']> {
    const row = await this.#knex('operations')
      .where({ environment_id: environmentId })
      .whereIn('status', ['queued', 'running'])
      .whereNot('id', except ?? '')
      .first<{ id: string; kind: OperationKind } | undefined>('id', 'kind');
    return row && { id: row.id, kind: row.kind };
  }
}

function toFacts(
  request: AdmissionRequest,
  found: {
    lock?: Lock;
    freezes: readonly FreezeInForce[];
    hold?: Hold;
    quarantine?: AdmissionFacts['quarantine'];
    running?: AdmissionFacts['running'];
  },
  now: Date,
): AdmissionFacts {
  const { kind, automatic, permission, unavailable, versionProblem, lastRan } =
    request;
  const { override } = request;
  return {
    kind,
    automatic,
    permission,
    ...found,
    ...(unavailable !== undefined && { unavailable }),
    ...(versionProblem && { versionProblem }),
    ...(override && { override }),
    ...(request.endsCanary && { endsCanary: true }),
    ...(request.promotionClass && { promotionClass: request.promotionClass }),
    ...(lastRan && {
      age: {
        ...(lastRan.at !== undefined && {
          days: Math.floor((now.getTime() - Date.parse(lastRan.at)) / DAY_MS),
        }),
        allowed: lastRan.withinDays,
      },
    }),
    now: now.toISOString(),
  };
}
