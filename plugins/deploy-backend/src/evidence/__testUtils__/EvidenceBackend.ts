import { TestDatabaseId, TestDatabases } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  PermissionCondition,
  PermissionCriteria,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  Evidence,
  RESOURCE_TYPE_DEPLOY_ENVIRONMENT,
} from '@vvp/backstage-plugin-deploy-common';
import {
  startDeployBackend,
  TestBackend,
} from '../../__testUtils__/startDeployBackend';
import { EvidenceStore, NewEvidence } from '../store/EvidenceStore';
import { COMMIT, files, verifier } from './verifier';

type Decide = (permission: string) => PolicyDecision;

/** Path of the service in the API. */
export const S = '/services/component/default/verifier';

/** A backend with one service, whose reports are put straight into the store. */
export class EvidenceBackend {
  readonly backend: TestBackend;
  readonly #policy: { decide: Decide };
  readonly #store: EvidenceStore;
  #recorded = 0;

  private constructor(backend: TestBackend, policy: { decide: Decide }) {
    this.backend = backend;
    this.#policy = policy;
    this.#store = new EvidenceStore(backend.knex);
  }

  static async start(
    databases: TestDatabases,
    databaseId: TestDatabaseId,
  ): Promise<EvidenceBackend> {
    const policy = { decide: allow as Decide };
    const backend = await startDeployBackend({
      databases,
      databaseId,
      entities: [verifier],
      files,
      decide: permission => policy.decide(permission),
    });
    await backend.run('spec-refresh');
    return new EvidenceBackend(backend, policy);
  }

  /** What the permission policy says from now on. */
  set decide(decide: Decide) {
    this.#policy.decide = decide;
  }

  /** As it was at the beginning. */
  async reset(): Promise<void> {
    this.decide = allow;
    await this.backend.knex('evidence').delete();
  }

  /** Allows only what meets conditions. */
  allowOnly(conditions: PermissionCriteria<PermissionCondition>): void {
    this.decide = () => ({
      result: AuthorizeResult.CONDITIONAL,
      pluginId: 'deploy',
      resourceType: RESOURCE_TYPE_DEPLOY_ENVIRONMENT,
      conditions,
    });
  }

  /** Keeps a report about the service; each is another one. */
  async record(
    evidence: Pick<NewEvidence, 'report'> & Partial<NewEvidence>,
  ): Promise<string> {
    const service = await this.backend.knex('services').first('id');
    this.#recorded += 1;
    const { id } = await this.#store.record({
      serviceId: service.id,
      commit: COMMIT,
      provenance: { kind: 'user', userRef: 'user:default/dana' },
      digest: String(this.#recorded),
      ...evidence,
    });
    return id;
  }

  /** Every page of a list; each but the last has to be full. */
  async readAll(path: string, limit = 100): Promise<Evidence[]> {
    const items: Evidence[] = [];
    let cursor = '';
    for (;;) {
      const { body } = await this.backend.get(
        `${path}${path.includes('?') ? '&' : '?'}limit=${limit}${cursor}`,
      );
      items.push(...body.items);
      if (!body.nextCursor) {
        return items;
      }
      if (body.items.length !== limit) {
        throw new Error(
          `A page that is not the last has ${body.items.length} rows`,
        );
      }
      cursor = `&cursor=${encodeURIComponent(body.nextCursor)}`;
    }
  }
}

function allow(): PolicyDecision {
  return { result: AuthorizeResult.ALLOW };
}
