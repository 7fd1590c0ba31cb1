import { Waiver } from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { v4 as uuid } from 'uuid';
import { WaiverRow } from '../store/rows';
import { GateKey } from './gateId';

/** A waiver with the gate that it is for. */
export interface StoredWaiver {
  key: GateKey;
  /** Of the gate when it was waived. */
  state: WaivedState;
  waiver: Waiver;
}

/** States that can be waived. */
export type WaivedState = 'fail' | 'pending';

/** Waivers, of which none is ever changed: who waives again adds one. */
export class WaiverStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  async grant(
    key: GateKey,
    state: WaivedState,
    waiver: Omit<Waiver, 'id'>,
  ): Promise<StoredWaiver> {
    const id = uuid();
    await this.#knex<WaiverRow>('waivers').insert({
      id,
      service_id: key.serviceId,
      environment: key.environment,
      gate: key.gate,
      commit_sha: key.commit,
      state,
      granted_by: waiver.grantedBy,
      reason: waiver.reason,
      granted_at: waiver.grantedAt,
      expires_at: waiver.expiresAt,
    });
    return { key, state, waiver: { id, ...waiver } };
  }

  /** All that were granted for a release, last granted first. */
  async ofRelease(serviceId: string, commit: string): Promise<StoredWaiver[]> {
    const rows = await this.#knex<WaiverRow>('waivers')
      .where({ service_id: serviceId, commit_sha: commit })
      .orderBy([
        { column: 'granted_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(1_000);
    return rows.map(row => ({
      key: {
        serviceId: row.service_id,
        environment: row.environment,
        gate: row.gate,
        commit: row.commit_sha,
      },
      state: row.state,
      waiver: {
        id: row.id,
        grantedBy: row.granted_by,
        reason: row.reason,
        grantedAt: row.granted_at,
        expiresAt: row.expires_at,
      },
    }));
  }
}
