import {
  admit,
  Admission,
  AdmissionFacts,
  Failure,
  Hold,
  Lock,
  OperationKind,
  Quarantine,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { HoldStore } from './HoldStore';
import { LockStore } from './LockStore';
import { QuarantineStore } from './QuarantineStore';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What is to be let through. */
export interface AdmissionRequest {
  kind: OperationKind;
  automatic: boolean;
  environmentId: string;
  /** The release that would come in, if one is known. */
  releaseId?: string;
  permission: { name: string; allowed: boolean };
  /** Of the release that would come in, where its id is not known for sure. */
  quarantine?: Pick<Quarantine, 'by' | 'reason' | 'since'>;
  /** The operation itself, when it is asked about once more at its start. */
  operationId?: string;
  /** Why the revision cannot be put back. */
  unavailable?: string;
  /** Why the version address of the environment cannot be used. */
  versionProblem?: Failure;
  /** When the revision last ran here, ISO 8601, and the days that the policy allows. */
  lastRan?: { at: string; withinDays: number };
}

/** Gathers what admission looks at, and asks it. */
export class AdmissionDesk {
  readonly #knex: Knex;
  readonly #locks: LockStore;
  readonly #holds: HoldStore;
  readonly #quarantines: QuarantineStore;
  readonly #now: () => Date;

  constructor(options: {
    knex: Knex;
    locks: LockStore;
    holds: HoldStore;
    quarantines: QuarantineStore;
    now?: () => Date;
  }) {
    this.#knex = options.knex;
    this.#locks = options.locks;
    this.#holds = options.holds;
    this.#quarantines = options.quarantines;
    this.#now = options.now ?? (() => new Date());
  }

  async ask(request: AdmissionRequest): Promise<Admission> {
    const now = this.#now();
    const [lock, hold, quarantine, running] = await Promise.all([
      this.#locks.current(request.environmentId, now),
      this.#holds.current(request.environmentId),
      request.releaseId
        ? this.#quarantines.ofRelease(request.releaseId)
        : undefined,
      this.#running(request.environmentId, request.operationId),
    ]);
    return admit(
      toFacts(
        request,
        {
          lock,
          hold,
          quarantine: quarantine ?? request.quarantine,
          running,
        },
        now,
      ),
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
    hold?: Hold;
    quarantine?: AdmissionFacts['quarantine'];
    running?: AdmissionFacts['running'];
  },
  now: Date,
): AdmissionFacts {
  const { kind, automatic, permission, unavailable, versionProblem, lastRan } =
    request;
  return {
    kind,
    automatic,
    permission,
    ...found,
    ...(unavailable !== undefined && { unavailable }),
    ...(versionProblem && { versionProblem }),
    ...(lastRan && {
      age: {
        days: Math.floor((now.getTime() - Date.parse(lastRan.at)) / DAY_MS),
        allowed: lastRan.withinDays,
      },
    }),
    now: now.toISOString(),
  };
}
