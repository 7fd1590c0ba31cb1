import {
  PromotionClass,
  PromotionEvent,
  PromotionState,
  PromotionStatus,
  Seam,
} from '@vvp/backstage-plugin-deploy-common';

/** See the migration for what the columns mean. */
export interface PromotionRow {
  id: string;
  service_id: string;
  environment_id: string;
  release_id: string;
  artifact?: string | null;
  class: PromotionClass;
  status: PromotionStatus;
  /** PromotionState, JSON. */
  state: string;
  version: number;
  requested_by: string;
  reason?: string | null;
  seam: Exclude<Seam, 'none'>;
  required_approvals: number;
  repository: string;
  run_id?: string | null;
  run_started_by?: string | null;
  operation_id?: string | null;
  deployment_id?: string | null;
  go_ahead_at?: string | null;
  idempotency?: string | null;
  request_digest?: string | null;
  due_at?: string | null;
  created_at: string;
  updated_at: string;
  expires_at: string;
  finished_at?: string | null;
}

export interface PromotionEventRow {
  promotion_id: string;
  sequence: number;
  at: string;
  by?: string | null;
  type: PromotionEvent['type'];
  text: string;
  comment?: string | null;
}

/** A promotion as it is kept, with what decides about it. */
export interface StoredPromotion extends Omit<PromotionRow, 'state'> {
  state: PromotionState;
}
