import { AuditorService, LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { JsonObject } from '@backstage/types';
import { redact } from '@vvp/backstage-plugin-deploy-common';
import { findDatabaseError } from '../../operations/engine/databaseError';
import { readIdempotency } from '../../operations/requests/idempotency';
import { OperationRequests } from '../../operations/requests/OperationRequests';
import { KnownEnvironment } from '../../targets/TargetEnvironments';
import { WatchLook } from '../../verification/watchVerdict';
import { RevisionReader } from '../RevisionReader';
import { auditAutomaticRollback } from './auditAutomaticRollback';
import { chooseRevision } from './chooseRevision';
import { isMomentary } from './isMomentary';
import { isComingIn, rolloutFailed, whyGivenUp } from './rolloutFailed';
import { Watch, WatchEnd, WatchStore } from './WatchStore';

/** A platform's words may be many. */
const MAX_REASON = 1_000;

/** What the reason of an automatic rollback begins with. */
const PREFIX = 'Automatic rollback. ';

/** Why a deployment has to go, and what serves in its stead, if it never came so far. */
interface Complaint {
  why: string;
  looks: readonly WatchLook[];
  serving?: string;
}

/** Takes out deployments that were found bad, or keeps them out. */
export class Removal {
  readonly #watches: Pick<WatchStore, 'foundBad' | 'rollbackOf'>;
  readonly #revisions: Pick<RevisionReader, 'revisions'>;
  readonly #requests: Pick<OperationRequests, 'rollBack'>;
  readonly #auditor: AuditorService;
  readonly #logger: LoggerService;

  constructor(options: {
    watches: Pick<WatchStore, 'foundBad' | 'rollbackOf'>;
    revisions: Pick<RevisionReader, 'revisions'>;
    requests: Pick<OperationRequests, 'rollBack'>;
    auditor: AuditorService;
    logger: LoggerService;
  }) {
    this.#watches = options.watches;
    this.#revisions = options.revisions;
    this.#requests = options.requests;
    this.#auditor = options.auditor;
    this.#logger = options.logger;
  }

  /** What came of a rollback that is on its way already, if there is one. */
  async begun(
    known: KnownEnvironment | undefined,
    watch: Watch,
  ): Promise<WatchEnd | undefined> {
    const { key } = keyOf(watch);
    const operation = await this.#watches.rollbackOf(key);
    if (!operation) {
      return undefined;
    }
    const { id, reason, neverServed } = operation;
    if (known) {
      await this.#audit(about(known, watch, reason), { operation: id });
    }
    return {
      state: neverServed ? 'kept-out' : 'rolled-back',
      note: reason.startsWith(PREFIX) ? reason.slice(PREFIX.length) : reason,
      operationId: id,
    };
  }

  /**
   * Refused by a hold or a quarantine, it stays as it is: never twice in a row.
   *
   * @returns what came of it, or what it waits for
   */
  async takeOut(
    known: KnownEnvironment,
    watch: Watch,
    complaint: Complaint,
  ): Promise<WatchEnd | { waits: string }> {
    let why = textOf(complaint.why);
    const facts = about(known, watch, `${PREFIX}${why}`);
    let operationId: string;
    try {
      const found = await this.#revisionFor(known, watch, complaint);
      if ('state' in found) {
        return { state: found.state, note: `${why} ${found.note}` };
      }
      if ('waits' in found) {
        return { waits: `${why} ${found.waits}` };
      }
      why = textOf(`${complaint.why} ${found.said ?? ''}`);
      facts.reason = `${PREFIX}${why}`;
      facts.revision = found.revision;
      operationId = await this.#rollBack(known, watch, {
        revision: found.revision,
        reason: `${PREFIX}${why}`,
        ...(complaint.serving !== undefined && { takenOut: watch.release }),
      });
    } catch (error) {
      return this.#failed(watch, why, facts, error);
    }
    // It runs, whatever becomes of its audit.
    await this.#audit(facts, { operation: operationId });
    return {
      state: complaint.serving === undefined ? 'rolled-back' : 'kept-out',
      note: why,
      operationId,
    };
  }

  /** What stood in the way of a rollback was not over in time. */
  async giveUp(
    known: KnownEnvironment,
    watch: Watch,
    waits: string,
  ): Promise<WatchEnd> {
    const note = `Its rollback waited for too long. ${waits}`;
    await this.#audit(about(known, watch, `${PREFIX}${waits}`), {
      failure: new Error(note),
    });
    return { state: 'not-possible', note };
  }

  async #failed(
    { deploymentId }: Watch,
    why: string,
    facts: JsonObject,
    error: unknown,
  ): Promise<WatchEnd | { waits: string }> {
    const failure = error instanceof Error ? error : new Error(String(error));
    if (isMomentary(failure)) {
      this.#logger.warn('An automatic rollback waits', {
        deployment: deploymentId,
        cause: failure.message,
      });
      return { waits: `${why} It stays for now, because: ${causeOf(failure)}` };
    }
    this.#logger.warn('A bad deployment could not be rolled back', {
      deployment: deploymentId,
      why,
      cause: failure.message,
    });
    await this.#audit(facts, { failure });
    return {
      state: 'not-possible',
      note: `${why} It stays, because: ${causeOf(failure)}`,
    };
  }

  async #rollBack(
    known: KnownEnvironment,
    watch: Watch,
    request: Parameters<OperationRequests['rollBack']>[1],
  ): Promise<string> {
    const { id } = await this.#requests.rollBack(
      known,
      request,
      {
        by: 'automatic',
        automatic: true,
        permission: { name: 'deploy.rollback', allowed: true },
      },
      keyOf(watch),
    );
    return id;
  }

  /**
   * What comes back; where something else serves already, that, so that it is confirmed and the release kept
   * out, with what the platform itself said to that. Nothing is touched if that never was a deployment that worked, as it is not known to be what was
   * before, or if nothing shows that the release failed.
   */
  async #revisionFor(
    known: KnownEnvironment,
    { release }: Watch,
    { serving, looks }: Complaint,
  ): Promise<
    | { revision: string; said?: string }
    | { waits: string }
    | Required<Pick<WatchEnd, 'state' | 'note'>>
  > {
    const { items } = await this.#revisions.revisions(known, { fresh: true });
    if (serving !== undefined) {
      const isKnown = items.some(
        ({ id, lastDeployedAt }) => id === serving && lastDeployedAt,
      );
      if (!isKnown) {
        return {
          state: 'replaced',
          note: 'Nobody has told how that came there.',
        };
      }
      const rollout = { looks, release, revisions: items, serving };
      if (rolloutFailed(rollout)) {
        return { revision: serving, said: whyGivenUp(rollout) };
      }
      return isComingIn(items, release)
        ? { waits: 'The platform still brings it in.' }
        : {
            state: 'unjudged',
            note: 'Nothing shows that it failed: the deployment may have changed nothing.',
          };
    }
    const foundBad = await this.#watches.foundBad(known.id);
    const chosen = chooseRevision(items, foundBad);
    if (!chosen) {
      throw new Error(
        'There is no revision that worked here before and may come back.',
      );
    }
    return { revision: chosen.id };
  }

  async #audit(
    facts: JsonObject,
    end: Parameters<typeof auditAutomaticRollback>[2],
  ): Promise<void> {
    try {
      await auditAutomaticRollback(this.#auditor, facts, end);
    } catch (error) {
      this.#logger.error('An automatic rollback could not be audited', {
        deployment: facts.deployment,
        cause: stringifyError(error),
      });
    }
  }
}

/** Asked for once, whatever becomes of this process. */
function keyOf({ deploymentId }: Watch) {
  return readIdempotency(deploymentId, 'automatic', {
    path: 'automatic-rollback',
    body: {},
  })!;
}

function about(
  known: KnownEnvironment,
  { deploymentId }: Watch,
  reason: string,
): JsonObject {
  return {
    entityRef: known.entityRef,
    environment: known.name,
    deployment: deploymentId,
    reason,
  };
}

function textOf(words: string): string {
  return redact(words).trim().slice(0, MAX_REASON);
}

/** What a database says holds the statement. */
function causeOf(failure: Error): string {
  return findDatabaseError(failure)
    ? 'The database or a connection did not do its part.'
    : redact(failure.message).slice(0, MAX_REASON);
}
