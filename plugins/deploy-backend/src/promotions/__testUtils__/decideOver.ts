import {
  Condition,
  PromotionInput,
  PromotionState,
  ReadinessFacts,
} from '@vvp/backstage-plugin-deploy-common';
import { AskedQuestion } from '../../protection/types';
import { PromotionDecider } from '../PromotionDecider';
import { StoredPromotion } from '../rows';

export const NOON = new Date('2026-01-05T12:00:00.000Z');
export const EARLIER = '2026-01-05T11:00:00.000Z';
export const LATER = '2026-01-05T12:30:00.000Z';
const VERIFIER = 'component:default/vvp-verifier';
const ISSUER = 'component:default/vvp-issuer';

const concernOf = (key: string) => ({
  serviceId: key,
  environmentId: `${key}-production`,
  environment: 'production',
  commit: 'a'.repeat(40),
});

export const question: AskedQuestion = {
  callbackId: 'callback-1',
  askedAt: EARLIER,
  repository: 'example-org/vvp',
  runId: '100',
  environment: 'production',
  creatorLogin: 'dana',
  concerns: [concernOf('verifier')],
};

export const both: AskedQuestion = {
  ...question,
  concerns: [concernOf('verifier'), concernOf('issuer')],
};

export function condition(
  kind: Condition['kind'],
  state: Condition['state'],
): Condition {
  return {
    id: kind,
    kind,
    state,
    title: kind,
    reason: `It is ${state}.`,
    overridable: false,
  };
}

/** A promotion on its way in, of the run that asks. */
export function promotion(
  more: Omit<Partial<StoredPromotion>, 'state'> & {
    state?: Partial<PromotionState>;
  } = {},
): StoredPromotion {
  const { state, ...row } = more;
  const status = row.status ?? 'executing';
  return {
    id: 'verifier-1',
    environment_id: 'verifier-production',
    release_id: 'release of verifier',
    class: 'regular',
    run_id: '100',
    ...row,
    status,
    state: {
      status,
      requestedBy: 'user:default/dana',
      voices: [],
      overridden: [],
      expiresAt: LATER,
      ...state,
    },
  } as StoredPromotion;
}

export const ofIssuer = {
  id: 'issuer-1',
  environment_id: 'issuer-production',
  release_id: 'release of issuer',
};

/** A decider over promotions, newest last, and a judgement of each. */
export function decideOver(
  promotions: StoredPromotion[],
  judged?: {
    conditions?: Condition[];
    relation?: ReadinessFacts['relation'];
    running?: ReadinessFacts['running'];
    isUnknown?: boolean;
  },
) {
  const requests: unknown[] = [];
  const told: [string, PromotionInput, unknown][] = [];
  const changes: [string, unknown][] = [];
  /** What somebody else does between the look and the change. */
  const meanwhile = { do: () => {} };
  const decider = new PromotionDecider({
    store: {
      newestOf: async (environmentId: string, releaseId: string) =>
        promotions
          .filter(
            one =>
              one.environment_id === environmentId &&
              one.release_id === releaseId,
          )
          .at(-1),
      get: async (id: string) => promotions.find(one => one.id === id),
      // Of the deployment that brought it in.
      attemptOf: async ({ deployment_id: id }: StoredPromotion) =>
        id ? Number(id) : undefined,
      commitOf: async () => 'a'.repeat(40),
      ofRun: async (_repository: string, runId: string) =>
        promotions.filter(one => one.run_id === runId),
      change: async (
        id: string,
        change: (newest: StoredPromotion) => object,
        { columns }: { columns: object },
      ) => {
        meanwhile.do();
        const index = promotions.findIndex(one => one.id === id);
        const move = change(promotions[index]);
        if ('refusal' in move) {
          return move;
        }
        changes.push([id, columns]);
        promotions[index] = { ...promotions[index], ...columns };
        return { changed: false, promotion: promotions[index] };
      },
    } as never,
    desk: {
      request: async (order: object) => {
        requests.push(order);
      },
      tell: async (id: string, input: PromotionInput, done?: object) => {
        told.push([id, input, done]);
      },
    } as never,
    readiness: {
      judge: async () =>
        judged?.isUnknown
          ? undefined
          : {
              conditions: judged?.conditions ?? [],
              facts: {
                relation: judged?.relation ?? 'newer',
                running: judged?.running,
              },
            },
    } as never,
    environments: {
      find: async ({ id }: { id: string }) =>
        ({
          id,
          entityRef: id.startsWith('verifier') ? VERIFIER : ISSUER,
        } as never),
    } as never,
    history: {
      rememberRelease: async (serviceId, commit) => ({
        id: `release of ${serviceId}`,
        commit,
      }),
    },
    userOfLogin: async login =>
      login === 'dana' ? 'user:default/dana' : undefined,
    now: () => NOON,
  });
  return { decider, requests, told, changes, meanwhile };
}
