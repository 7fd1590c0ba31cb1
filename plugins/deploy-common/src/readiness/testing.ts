import { GateResult, GateState } from '../model';
import { PromotionPolicy } from '../promotion/policy';
import { ReadinessFacts } from './types';

export const now = '2026-11-20T12:00:00.000Z';
export const commit = 'c0ffee0'.padEnd(40, '1');

export const dana = 'user:default/dana';
export const omar = 'user:default/omar';
export const ines = 'user:default/ines';
export const paul = 'user:default/paul';

export function gate(state: GateState, name = 'coverage'): GateResult {
  return {
    id: `gate-${name}`,
    name,
    title: `Gate ${name}`,
    environment: 'production',
    state,
    reason: `It is ${state}.`,
    checks: [],
    evidenceIds: ['evidence-1'],
    measuredCommit: commit,
    measuredAt: '2026-11-20T10:00:00.000Z',
    carriedForward: false,
  };
}

export const policy: PromotionPolicy = {
  class: 'regular',
  approvals: [],
  selfApproval: false,
  order: 'none',
  soakSeconds: 0,
  automatic: false,
  expiresAfterSeconds: 7 * 86_400,
  seam: 'protection-rule',
};

/** Nothing stands in the way, and nobody is asked. */
export const clear: ReadinessFacts = {
  now,
  environment: { name: 'production', tier: 'production' },
  release: { commit, version: '1.4.0', artifact: 'sha256:abc', ref: 'main' },
  policy,
  earlier: [],
  relation: 'newer',
  automatic: false,
  freezes: [],
  voices: [],
  pools: [],
  involved: { requester: dana, authors: [paul] },
  overridden: [],
};

export function withGates(...results: GateResult[]): Partial<ReadinessFacts> {
  return { gates: { release: { commit }, state: 'none', results } };
}
