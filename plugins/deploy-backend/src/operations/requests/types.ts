import { Override } from '@vvp/backstage-plugin-deploy-common';
import { NewOperation } from '../engine/types';

/** Who asks. */
export interface Caller {
  /** Entity ref, or `automatic`. */
  by: string;
  automatic: boolean;
  permission: { name: string; allowed: boolean };
  /** Waives what is overridable. */
  override?: Override;
}

/** Names a request, so that it starts one operation however often it is sent. */
export type Idempotency = NonNullable<NewOperation['idempotency']>;

/** An operation; one that an earlier request with the same key started was not created by this one. */
export type Started = { id: string; created: boolean };
