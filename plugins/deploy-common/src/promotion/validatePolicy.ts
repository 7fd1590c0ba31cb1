import { ApproverPool } from '../readiness/types';
import { assignVoices } from './assignVoices';
import { PromotionPolicy } from './policy';

/**
 * What is wrong with a policy.
 *
 * @public
 */
export interface PolicyFinding {
  /** Key of the policy, such as `approvals[0].required`. */
  path: string;
  /** A whole sentence. */
  message: string;
  remedy: string;
}

/**
 * What a policy is checked against. What is left out is not checked.
 *
 * @public
 */
export interface PolicySurroundings {
  /** Of each rule, in its order. */
  pools?: readonly ApproverPool[];
  /** Names of the environments before. */
  earlier?: readonly string[];
}

/** The longest that GitHub lets a job wait for its environment. */
const MAX_EXPIRY_SECONDS = 30 * 86_400;

const isCount = (value: number) => Number.isInteger(value) && value >= 1;

const isOrderCount = (
  order: PromotionPolicy['order'],
): order is { atLeast: number } => typeof order === 'object';

function checkRequired(policy: PromotionPolicy): PolicyFinding[] {
  return policy.approvals.flatMap(({ required, from }, index) => {
    const path = `approvals[${index}]`;
    return [
      ...(isCount(required)
        ? []
        : [
            {
              path: `${path}.required`,
              message: `${required} approvals cannot be asked for.`,
              remedy: 'Write a whole number of at least 1, or drop the rule.',
            },
          ]),
      ...(from?.length === 0
        ? [
            {
              path: `${path}.from`,
              message: 'Nobody is named whose approval would count.',
              remedy:
                'Name users and groups, or drop "from": then whoever has deploy.approve counts.',
            },
          ]
        : []),
    ];
  });
}

function checkPools(
  policy: PromotionPolicy,
  pools: readonly ApproverPool[],
): PolicyFinding[] {
  const findings = policy.approvals.flatMap((_, index) =>
    (pools[index]?.unknown ?? []).map(name => ({
      path: `approvals[${index}].from`,
      message: `The catalog does not know ${name}.`,
      remedy: 'Correct the name, or add it to the catalog.',
    })),
  );
  const sets = policy.approvals.map((_, index) => {
    const users = pools[index]?.users;
    return users && new Set(users.map(user => user.toLowerCase()));
  });
  const closed = policy.approvals.flatMap(({ required }, index) => {
    const people = sets[index];
    return people && isCount(required) ? [{ index, required, people }] : [];
  });
  const alone = closed.filter(({ required, people }) => people.size < required);
  if (alone.length > 0) {
    return [
      ...findings,
      ...alone.map(({ index, required, people }) => ({
        path: `approvals[${index}].required`,
        message: `This can never be met: ${required} approvals are asked for, and the number of people who may give them is ${people.size}.`,
        remedy: 'Name more people, or ask for fewer approvals.',
      })),
    ];
  }
  const everybody = closed.flatMap(({ people }) => [...people]);
  const seats = assignVoices(
    everybody,
    closed.map(({ required, people }) => ({
      required,
      accepts: person => people.has(person),
    })),
  );
  const short = closed.filter(
    ({ required }, index) => seats[index].length < required,
  );
  return [
    ...findings,
    ...short.map(({ index }) => ({
      path: `approvals[${index}]`,
      message:
        'This can never be met together with the other rules: one voice counts for one rule, and there are too few people.',
      remedy: 'Name more people, or ask for fewer approvals.',
    })),
  ];
}

function checkOrder(
  { order, soakSeconds }: PromotionPolicy,
  earlier: readonly string[] | undefined,
): PolicyFinding[] {
  const findings: PolicyFinding[] = [];
  if (isOrderCount(order)) {
    const { atLeast } = order;
    if (!isCount(atLeast)) {
      findings.push({
        path: 'order.atLeast',
        message: `${atLeast} environments cannot be asked for.`,
        remedy: 'Write a whole number of at least 1, or order: none.',
      });
    } else if (earlier && atLeast > earlier.length) {
      findings.push({
        path: 'order.atLeast',
        message: `This can never be met: ${atLeast} environments are asked for, and the number of those before is ${earlier.length}.`,
        remedy: 'Ask for fewer, or order: all.',
      });
    }
  }
  if (!(Number.isFinite(soakSeconds) && soakSeconds >= 0)) {
    findings.push({
      path: 'soakSeconds',
      message: `${soakSeconds} seconds is no soak time.`,
      remedy: 'Write a duration such as 24 hours, or 0 for none.',
    });
  } else if (soakSeconds > 0 && order === 'none') {
    findings.push({
      path: 'soakSeconds',
      message:
        'A soak time is asked for, but no environment to soak in: it counts in those that "order" asks for.',
      remedy: 'Set "order" to previous, all or atLeast, or drop the soak time.',
    });
  }
  return findings;
}

function checkTimes(policy: PromotionPolicy): PolicyFinding[] {
  const { expiresAfterSeconds: expires, soakSeconds } = policy;
  if (!(expires > 0 && expires <= MAX_EXPIRY_SECONDS)) {
    return [
      {
        path: 'expiresAfterSeconds',
        message: `A promotion cannot expire after ${expires} seconds.`,
        remedy:
          'Write a duration of more than 0 and at most 30 days; GitHub lets no job wait longer.',
      },
    ];
  }
  return soakSeconds >= expires
    ? [
        {
          path: 'expiresAfterSeconds',
          message:
            'A promotion that is asked for at once expires before its soak time is over.',
          remedy: 'Let it expire later, or ask for a shorter soak time.',
        },
      ]
    : [];
}

function checkRefs({ refs }: PromotionPolicy): PolicyFinding[] {
  return refs && !refs.branches?.length && !refs.tags?.length
    ? [
        {
          path: 'refs',
          message:
            'No branch and no tag is let in: this can never be met by any release.',
          remedy: 'Name branches or tags, or drop "refs".',
        },
      ]
    : [];
}

/**
 * Finds what makes a policy impossible to meet, or contradict itself, before anybody waits for it.
 *
 * @public
 */
export function validatePolicy(
  policy: PromotionPolicy,
  surroundings: PolicySurroundings = {},
): PolicyFinding[] {
  const { pools, earlier } = surroundings;
  return [
    ...checkRequired(policy),
    ...(pools ? checkPools(policy, pools) : []),
    ...checkOrder(policy, earlier),
    ...checkTimes(policy),
    ...checkRefs(policy),
  ];
}
