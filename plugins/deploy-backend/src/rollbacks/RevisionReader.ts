import {
  redact,
  Revision,
  RevisionList,
  TargetDiagnostics,
} from '@vvp/backstage-plugin-deploy-common';
import { isTargetError, toHttpError } from '../operations/requests/toHttpError';
import {
  DrivenEnvironment,
  KnownEnvironment,
  TargetEnvironments,
} from '../targets/TargetEnvironments';
import { inTime } from '../targets/inTime';
import { SharedAnswers } from './SharedAnswers';
import { ReleaseHistory } from './ReleaseHistory';

/** A page waits for it. */
const ASK_MS = 20_000;

/** How long a list of revisions is good, in milliseconds, unless something is known to have changed. */
const DEFAULT_TTL_MS = 10_000;

/** Each question to a virtual machine is a command that runs there, and only one can at a time. */
const ttls: Record<string, number> = { 'azure-vm': 5 * 60_000 };

/** Asks targets what they have and how it is. */
export class RevisionReader {
  readonly #environments: TargetEnvironments;
  readonly #history: ReleaseHistory;
  readonly #shared = new SharedAnswers<Revision[]>();

  constructor(options: {
    environments: TargetEnvironments;
    history: ReleaseHistory;
  }) {
    this.#environments = options.environments;
    this.#history = options.history;
  }

  /** @param options - `fresh`: what was told a moment ago does not do */
  async revisions(
    known: KnownEnvironment,
    options: { fresh?: boolean } = {},
  ): Promise<RevisionList> {
    if (options.fresh) {
      this.forget([known.serviceId]);
    }
    const driven = this.#environments.driven(known);
    try {
      return await this.#ask(known, driven);
    } catch (error) {
      throw toHttpError(error);
    }
  }

  /**
   * As {@link RevisionReader.revisions}, for a page: that the platform does not know the resource is no
   * error where nothing was deployed yet.
   */
  async list(known: KnownEnvironment): Promise<RevisionList> {
    const driven = this.#environments.driven(known);
    try {
      return await this.#ask(known, driven);
    } catch (error) {
      const isMissing = isTargetError(error) && error.kind === 'not-found';
      if (!isMissing || known.currentDeploymentId) {
        throw toHttpError(error);
      }
      const { target, environment } = driven;
      const { message, remedy } = error;
      return {
        target: target.type,
        resource: target.describe(environment).resource,
        items: [],
        missing: {
          message: redact(message),
          ...(remedy && { remedy: redact(remedy) }),
        },
      };
    }
  }

  async #ask(
    known: KnownEnvironment,
    { target, environment }: DrivenEnvironment,
  ): Promise<RevisionList> {
    const { resource } = target.describe(environment);
    const revisions = await this.#shared.get(
      known.id,
      known.serviceId,
      ttls[target.type] ?? DEFAULT_TTL_MS,
      () =>
        inTime(
          ASK_MS,
          signal => target.revisions(environment, signal),
          resource,
        ),
    );
    return {
      target: target.type,
      resource,
      items: await this.#history.describe(
        { serviceId: known.serviceId, environmentId: known.id },
        revisions,
      ),
    };
  }

  /** Something of a service changed: what its platforms told may no longer hold. */
  forget(serviceIds: readonly string[]): void {
    serviceIds.forEach(id => this.#shared.forget(id));
  }

  async diagnostics(known: KnownEnvironment): Promise<TargetDiagnostics> {
    const { target, environment } = this.#environments.driven(known);
    try {
      return withoutSecrets(
        await inTime(
          ASK_MS,
          signal => target.diagnostics(environment, signal),
          target.describe(environment).resource,
        ),
      );
    } catch (error) {
      throw toHttpError(error);
    }
  }
}

/** A service may write anything into its log. */
function withoutSecrets(told: TargetDiagnostics): TargetDiagnostics {
  const { health } = told;
  return {
    health: {
      ...health,
      ...(health.reason && { reason: redact(health.reason) }),
    },
    facts: told.facts.map(({ label, value }) => ({
      label,
      value: redact(value),
    })),
    events: told.events.map(event => ({
      ...event,
      message: redact(event.message),
    })),
    logs: told.logs.map(({ source, lines }) => ({
      source,
      lines: lines.map(redact),
    })),
    problems: told.problems.map(redact),
  };
}
