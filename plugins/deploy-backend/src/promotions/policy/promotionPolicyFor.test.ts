import { ConfigReader } from '@backstage/config';
import { JsonValue } from '@backstage/types';
import {
  ApprovalRule,
  PromotionClass,
  PromotionOrder,
  PromotionPolicy,
  readPromotionSettings,
  stricterOrder,
} from '@vvp/backstage-plugin-deploy-common';
import fc from 'fast-check';
import { PromotedPlace, promotionPolicyFor } from './promotionPolicyFor';
import { readPromotionConfig } from './readPromotionConfig';

const DAY = 86_400;

const place: PromotedPlace = {
  entityRef: 'component:default/vvp-verifier',
  owner: 'group:default/vvp-team',
  system: 'system:default/vvp',
  repository: 'example-org/vvp',
  environment: 'production',
  tier: 'production',
  earlier: 2,
};

const [a, b, c] = ['a', 'b', 'c'].map(name => `group:default/${name}`);

function read(promotion: JsonValue) {
  return readPromotionConfig(new ConfigReader({ deploy: { promotion } }));
}

function settings(own: JsonValue) {
  const result = readPromotionSettings(own);
  if (!result.ok) {
    throw new Error(result.findings[0].message);
  }
  return result.settings;
}

function policy(options: {
  config?: JsonValue;
  own?: JsonValue;
  kind?: PromotionClass;
  at?: Partial<PromotedPlace>;
}): PromotionPolicy {
  const result = promotionPolicyFor(
    { ...place, ...options.at },
    read(options.config ?? []),
    options.own === undefined ? undefined : settings(options.own),
    options.kind ?? 'regular',
  );
  if ('refusal' in result) {
    throw new Error(result.refusal);
  }
  return result;
}

describe('readPromotionConfig', () => {
  it('reads what is for which services', () => {
    const config = read([
      {
        match: { owner: 'group:default/VVP-*' },
        required: true,
        policy: { soak: '1 day' },
      },
      { policy: { order: 'all' } },
    ]);

    expect(config).toEqual([
      {
        match: { owner: 'group:default/vvp-*' },
        required: true,
        policy: { soakSeconds: DAY },
      },
      { match: {}, required: false, policy: { order: 'all' } },
    ]);
    expect(readPromotionConfig(new ConfigReader({}))).toEqual([]);
  });

  it.each([
    [{ policies: {} }, 'deploy.promotion[0].policies: is not known'],
    [{}, 'deploy.promotion[0].policy: is missing'],
    [
      { match: { team: 'x' }, policy: { order: 'all' } },
      'deploy.promotion[0].match.team: is not known',
    ],
    [{ policy: { order: 'first' } }, 'deploy.promotion[0].policy.order: '],
    [
      { policy: { approvals: [{ from: ['omar'] }] } },
      'deploy.promotion[0].policy.approvals.0.from.0: ',
    ],
    [
      { required: true, policy: { automatic: true } },
      'deploy.promotion[0].policy.automatic: a required policy cannot allow anything',
    ],
    [
      { required: true, policy: { automatic: true } },
      'deploy.promotion[0].policy.automatic: a required policy cannot allow',
    ],
  ])('refuses %j', (entry, message) => {
    expect(() => read([entry])).toThrow(message);
  });
});

describe('promotionPolicyFor', () => {
  it('asks for one approval in production if nothing is said', () => {
    expect(policy({})).toEqual({
      class: 'regular',
      approvals: [{ required: 1 }],
      selfApproval: false,
      order: 'previous',
      soakSeconds: 0,
      automatic: false,
      expiresAfterSeconds: 7 * DAY,
      seam: 'protection-rule',
    });
  });

  it.each(['staging', 'development', 'preview'] as const)(
    'asks for nothing in %s if nothing is said',
    tier => {
      expect(policy({ at: { tier } })).toMatchObject({
        approvals: [],
        order: 'none',
        automatic: false,
      });
    },
  );

  it('takes each key from deploy.yaml, else from the last entry, else by tier', () => {
    const config = [
      { policy: { soak: '1 day', order: 'all', expiresAfter: '1 day' } },
      { match: { entity: '*vvp-*' }, policy: { order: 'none' } },
      { match: { tier: 'staging' }, policy: { automatic: true } },
    ];

    expect(policy({ config, own: { soak: '2 days' } })).toMatchObject({
      approvals: [{ required: 1 }],
      order: 'none',
      soakSeconds: 2 * DAY,
      expiresAfterSeconds: DAY,
      automatic: false,
    });
  });

  it('is not weakened below what is required', () => {
    const config = [
      {
        required: true,
        policy: {
          approvals: [{ from: [a] }],
          selfApproval: false,
          order: 'previous',
          soak: '1 day',
          refs: { branches: ['main', 'release/*'] },
          automatic: false,
          expiresAfter: '2 days',
          seam: 'protection-rule',
        },
      },
    ];
    const own = {
      approvals: [],
      selfApproval: true,
      order: 'none',
      soak: 0,
      refs: { branches: ['main', 'feature/*'], tags: ['v*'] },
      automatic: true,
      expiresAfter: '20 days',
      seam: 'review',
    };

    expect(policy({ config, own })).toEqual({
      class: 'regular',
      approvals: [{ from: [a], required: 1 }],
      selfApproval: false,
      order: 'previous',
      soakSeconds: DAY,
      refs: { branches: ['main'], tags: [] },
      automatic: false,
      expiresAfterSeconds: 2 * DAY,
      seam: 'protection-rule',
    });
  });

  it('may ask for more than is required', () => {
    const config = [
      {
        required: true,
        policy: { order: 'previous', soak: '1 hour', expiresAfter: '2 days' },
      },
    ];
    const own = { order: 'all', soak: '1 day', expiresAfter: '1 day' };

    expect(policy({ config, own })).toMatchObject({
      order: 'all',
      soakSeconds: DAY,
      expiresAfterSeconds: DAY,
    });
  });

  it('soaks somewhere, if that is required', () => {
    const config = [{ required: true, policy: { soak: '1 day' } }];

    expect(policy({ config, own: { order: 'none' } })).toMatchObject({
      order: 'previous',
      soakSeconds: DAY,
    });
  });

  it.each<[string, JsonValue | undefined, JsonValue[], JsonValue]>([
    [
      'those of the tier give way',
      undefined,
      [[{ from: [a] }]],
      [{ from: [a], required: 1 }],
    ],
    [
      'the tier stands if none are required',
      undefined,
      [[]],
      [{ required: 1 }],
    ],
    [
      'other people are added',
      [{ from: [b] }],
      [[{ from: [a] }]],
      [
        { from: [b], required: 1 },
        { from: [a], required: 1 },
      ],
    ],
    [
      'the same people are asked once',
      [{ from: [a] }],
      [[{ from: [a] }]],
      [{ from: [a], required: 1 }],
    ],
    [
      'the same people are asked for more',
      [{ from: [a] }],
      [[{ from: [a], required: 3 }]],
      [{ from: [a], required: 3 }],
    ],
    [
      'some of them count for all of them',
      [{ from: [a] }],
      [[{ from: [b, a], required: 2 }]],
      [
        { from: [a], required: 1 },
        { from: [b, a], required: 1 },
      ],
    ],
    [
      'all of them do not count for some',
      [{ from: [a, b] }],
      [[{ from: [a] }]],
      [
        { from: [a, b], required: 1 },
        { from: [a], required: 1 },
      ],
    ],
    [
      'named people count for anybody',
      [{ from: [a] }],
      [[{}]],
      [{ from: [a], required: 1 }],
    ],
    [
      'anybody does not count for named people',
      [{}],
      [[{ from: [a] }]],
      [{ required: 1 }, { from: [a], required: 1 }],
    ],
    [
      'one rule is not two of one entry',
      [{ from: [a] }],
      [[{ from: [a] }, {}]],
      [{ from: [a], required: 1 }, { required: 1 }],
    ],
    [
      'each entry counts by itself',
      [{ from: [a] }],
      [[{ from: [a] }], [{}]],
      [{ from: [a], required: 1 }],
    ],
    [
      'entries add up where they differ',
      [],
      [[{ from: [a] }], [{ from: [c] }]],
      [
        { from: [a], required: 1 },
        { from: [c], required: 1 },
      ],
    ],
  ])('of approvals: %s', (_, own, floors, expected) => {
    const config = floors.map(approvals => ({
      required: true,
      policy: { approvals, order: 'none' },
    }));

    const result = policy({
      config,
      ...(own !== undefined && { own: { approvals: own } }),
    });

    expect(result.approvals).toEqual(expected);
  });
});

describe('a hotfix', () => {
  const own = {
    approvals: [{ required: 2 }],
    order: 'all',
    soak: '1 day',
    automatic: true,
    refs: { branches: ['main'] },
    hotfix: { approvals: [{ required: 1 }], order: 'none' },
  };

  it('has what differs for it, and is never requested by itself', () => {
    expect(policy({ own, kind: 'hotfix' })).toMatchObject({
      class: 'hotfix',
      approvals: [{ required: 1 }],
      order: 'none',
      soakSeconds: 0,
      automatic: false,
      refs: { branches: ['main'] },
    });
    expect(policy({ own })).toMatchObject({
      class: 'regular',
      approvals: [{ required: 2 }],
      order: 'all',
      soakSeconds: DAY,
      automatic: true,
    });
    expect(policy({ own })).not.toHaveProperty('hotfix');
  });

  it('is as any other release if nothing is said of it', () => {
    expect(policy({ own: { soak: '1 day' }, kind: 'hotfix' })).toMatchObject({
      class: 'hotfix',
      order: 'previous',
      soakSeconds: DAY,
    });
  });

  it('meets what is required, unless that says otherwise for it', () => {
    const required = (hotfix: object) => [
      {
        required: true,
        policy: { approvals: [{ from: [a] }], soak: '1 hour', ...hotfix },
      },
    ];

    const strict = policy({ config: required({}), own, kind: 'hotfix' });
    const lenient = policy({
      config: required({ hotfix: { approvals: [], soak: 0 } }),
      own,
      kind: 'hotfix',
    });

    expect(strict).toMatchObject({
      approvals: [{ required: 1 }, { from: [a], required: 1 }],
      order: 'previous',
      soakSeconds: 3_600,
    });
    expect(lenient).toMatchObject({
      approvals: [{ required: 1 }],
      order: 'none',
      soakSeconds: 0,
    });
  });

  it.each([
    ['deploy.yaml', [], { hotfix: false }],
    ['the portal', [{ required: true, policy: { hotfix: false } }], own],
    ['a default of the portal', [{ policy: { hotfix: false } }], { soak: 0 }],
  ])('is refused by %s', (_, config, said) => {
    const refused = promotionPolicyFor(
      place,
      read(config),
      settings(said),
      'hotfix',
    );

    expect(refused).toEqual({
      refusal: expect.stringMatching(
        /ot let hotfixes into production|not let into production/,
      ),
    });
    expect(policy({ config, own: said }).class).toBe('regular');
  });

  it('that the portal does not let in by default is let in by deploy.yaml', () => {
    const config = [{ policy: { hotfix: false } }];

    expect(policy({ config, own: { hotfix: {} }, kind: 'hotfix' }).class).toBe(
      'hotfix',
    );
  });
});

/** Whether enough environments have it; an own reading of the words, for comparison. */
function isInOrder(order: PromotionOrder, worked: readonly boolean[]): boolean {
  if (typeof order === 'object') {
    return worked.filter(Boolean).length >= order.atLeast;
  }
  const asked = { none: [], previous: worked.slice(-1), all: worked };
  return asked[order].every(Boolean);
}

/** Whether each rule gets voices of its own; tries every way to hand them out. */
function isApproved(
  rules: readonly ApprovalRule[],
  voices: readonly string[],
): boolean {
  const seats = rules.flatMap(({ from, required }) =>
    Array.from({ length: required }, () => from),
  );
  const [seat, ...rest] = seats;
  if (seats.length === 0) {
    return true;
  }
  return voices.some(
    (voice, index) =>
      (!seat || seat.includes(voice)) &&
      isApproved(
        rest.map(from => ({ ...(from && { from }), required: 1 })),
        voices.filter((_, other) => other !== index),
      ),
  );
}

const orders = fc.oneof(
  fc.constantFrom<PromotionOrder>('none', 'previous', 'all'),
  fc.integer({ min: 1, max: 4 }).map(atLeast => ({ atLeast })),
);
const people = ['user:default/a', 'user:default/b', 'user:default/c'];
const rules = fc.array(
  fc.record(
    {
      from: fc.subarray(people, { minLength: 1 }),
      required: fc.integer({ min: 1, max: 2 }),
    },
    { requiredKeys: ['required'] },
  ),
  { maxLength: 2 },
);

describe('the stricter of two orders', () => {
  it('is met only where both are', () => {
    fc.assert(
      fc.property(
        orders,
        orders,
        fc.array(fc.boolean(), { maxLength: 3 }),
        (one, other, worked) => {
          const both = stricterOrder(one, other, worked.length);
          fc.pre(isInOrder(both, worked));
          expect([one, other].map(each => isInOrder(each, worked))).toEqual([
            true,
            true,
          ]);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each<[PromotionOrder, PromotionOrder, PromotionOrder]>([
    ['none', 'none', 'none'],
    ['none', 'previous', 'previous'],
    ['previous', { atLeast: 1 }, 'previous'],
    ['previous', { atLeast: 2 }, 'all'],
    ['all', { atLeast: 2 }, 'all'],
    [{ atLeast: 1 }, { atLeast: 2 }, { atLeast: 2 }],
    ['all', { atLeast: 4 }, { atLeast: 4 }],
    ['none', { atLeast: 1 }, { atLeast: 1 }],
  ])('of %j and %j is %j where three come before', (one, other, expected) => {
    expect(stricterOrder(one, other, 3)).toEqual(expected);
    expect(stricterOrder(other, one, 3)).toEqual(expected);
  });
});

describe('what is required', () => {
  it('is met by all that meets the policy, whatever deploy.yaml says', () => {
    fc.assert(
      fc.property(
        rules,
        fc.array(rules, { minLength: 1, maxLength: 2 }),
        fc.subarray(people),
        (own, floors, voices) => {
          const configured = floors.map(approvals => ({
            match: {},
            required: true,
            policy: { approvals },
          }));
          const result = promotionPolicyFor(
            place,
            configured,
            { approvals: own },
            'regular',
          );
          fc.pre(
            !('refusal' in result) && isApproved(result.approvals, voices),
          );
          expect(
            [own, ...floors].map(each => isApproved(each, voices)),
          ).toEqual([own, ...floors].map(() => true));
        },
      ),
      { numRuns: 1000 },
    );
  });
});
