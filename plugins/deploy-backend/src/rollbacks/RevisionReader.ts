import {
  RevisionList,
  TargetDiagnostics,
} from '@vvp/backstage-plugin-deploy-common';
import { toHttpError } from '../operations/requests/toHttpError';
import {
  KnownEnvironment,
  TargetEnvironments,
} from '../targets/TargetEnvironments';
import { ReleaseHistory } from './ReleaseHistory';

/** A page waits for it. */
const ASK_MS = 20_000;

/** Asks targets what they have and how it is. */
export class RevisionReader {
  readonly #environments: TargetEnvironments;
  readonly #history: ReleaseHistory;

  constructor(options: {
    environments: TargetEnvironments;
    history: ReleaseHistory;
  }) {
    this.#environments = options.environments;
    this.#history = options.history;
  }

  async revisions(known: KnownEnvironment): Promise<RevisionList> {
    const { target, environment } = this.#environments.driven(known);
    try {
      const revisions = await target.revisions(
        environment,
        AbortSignal.timeout(ASK_MS),
      );
      return {
        target: target.type,
        resource: target.describe(environment).resource,
        items: await this.#history.describe(
          { serviceId: known.serviceId, environmentId: known.id },
          revisions,
        ),
      };
    } catch (error) {
      throw toHttpError(error);
    }
  }

  async diagnostics(known: KnownEnvironment): Promise<TargetDiagnostics> {
    const { target, environment } = this.#environments.driven(known);
    try {
      return await target.diagnostics(environment, AbortSignal.timeout(ASK_MS));
    } catch (error) {
      throw toHttpError(error);
    }
  }
}
