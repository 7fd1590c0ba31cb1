import { PromotionSettings } from '@vvp/backstage-plugin-deploy-common';
import { demandsAfter, JudgingPolicy, judgingPolicy } from './judgingPolicy';
import { PolicyDemand } from './policyDemand';
import { ConfiguredPromotion } from './readPromotionConfig';

const team = ['group:default/platform-team'];
const security = ['group:default/security'];

const place = {
  entityRef: 'component:default/vvp-verifier',
  repository: 'example-org/vvp',
  environment: 'production',
};

function demand(
  settings?: PromotionSettings,
  more: Partial<PolicyDemand> = {},
): PolicyDemand {
  return {
    ...(settings && { settings }),
    tier: 'production',
    earlier: ['staging'],
    ...more,
  };
}

function judge(
  now: PolicyDemand,
  inForce: PolicyDemand[],
  more: { overridden?: string[]; configured?: ConfiguredPromotion[] } = {},
): JudgingPolicy {
  const result = judgingPolicy(
    { place, configured: more.configured ?? [], now, inForce },
    'regular',
    more.overridden,
  );
  if ('refusal' in result) {
    throw new Error(result.refusal);
  }
  return result;
}

const strict = demand({ approvals: [{ from: team, required: 1 }] });
const lax = demand({ approvals: [], selfApproval: true, order: 'none' });

describe('judgingPolicy', () => {
  it('is what deploy.yaml says where nothing else is in force', () => {
    const { policy, change } = judge(lax, []);

    expect(policy).toMatchObject({ approvals: [], order: 'none' });
    expect(change).toBeUndefined();
  });

  it('is both where deploy.yaml asks for less, and says what', () => {
    const { policy, change } = judge(lax, [strict]);

    expect(policy).toMatchObject({
      approvals: [{ from: team, required: 1 }],
      selfApproval: false,
      order: 'previous',
    });
    expect(change).toMatchObject({
      weaker: [
        'approvals (1 of group:default/platform-team before, none now)',
        'selfApproval (false before, true now)',
        'order (previous before, none now)',
      ],
      people: team,
    });
  });

  it('tells of no change where deploy.yaml asks for more', () => {
    const { policy, change } = judge(strict, [lax]);

    expect(policy.approvals).toEqual([{ from: team, required: 1 }]);
    expect(change).toBeUndefined();
  });

  it('is the new one alone where somebody let that change pass', () => {
    const { change } = judge(lax, [strict]);
    const id = `spec:policy-${change!.id}`;

    const passed = judge(lax, [strict], { overridden: [id] });
    const other = judge(
      demand({ ...lax.settings, automatic: true }),
      [strict],
      { overridden: [id] },
    );

    expect(passed.policy.approvals).toEqual([]);
    expect(passed.change).toEqual(change);
    expect(other.policy.approvals).toEqual([{ from: team, required: 1 }]);
  });

  it.each<[string, PolicyDemand]>([
    ['another tier', demand(undefined, { tier: 'development' })],
    [
      'no environment before any more',
      demand(strict.settings, { earlier: [] }),
    ],
    [
      'another environment right before',
      demand(strict.settings, { earlier: ['staging', 'dummy'] }),
    ],
  ])('does not ask less for %s', (_, now) => {
    const { policy, earlier } = judge(now, [strict]);

    expect(policy.approvals).toContainEqual({ from: team, required: 1 });
    expect(policy.order).not.toBe('none');
    expect(earlier).toContain('staging');
  });

  it('asks for every environment where another one comes right before', () => {
    const now = demand(strict.settings, { earlier: ['staging', 'dummy'] });

    const { policy, earlier, change } = judge(now, [strict]);

    expect(policy.order).toBe('all');
    expect(earlier).toEqual(['staging', 'dummy']);
    expect(change?.weaker).toEqual([
      'order (after staging before, after staging, dummy now)',
    ]);
  });

  it('goes by the name of the environment where deploy.yaml declares a laxer tier', () => {
    const { policy } = judge(demand(undefined, { tier: 'development' }), []);

    expect(policy).toMatchObject({
      approvals: [{ required: 1 }],
      order: 'previous',
    });
  });

  it('meets what app-config requires of either tier', () => {
    const configured: ConfiguredPromotion[] = [
      {
        match: { tier: 'production' },
        required: true,
        policy: { approvals: [{ from: security, required: 1 }] },
      },
    ];

    const { policy } = judge(
      demand({ approvals: [] }, { tier: 'development' }),
      [],
      { configured },
    );

    expect(policy.approvals).toEqual([{ from: security, required: 1 }]);
  });

  it('lets no hotfix in that the policy in force does not let in', () => {
    const before = demand({ ...strict.settings, hotfix: false });
    const options = { place, configured: [], now: strict, inForce: [before] };

    expect(judgingPolicy(options, 'hotfix')).toMatchObject({
      refusal: expect.stringContaining('by the policy that is in force'),
    });
    expect(judge(strict, [before]).change?.weaker).toEqual([
      'hotfix (not let in before, let in now)',
    ]);
  });

  it('holds the pipeline as deploy.yaml says now', () => {
    const dispatched = demand({ ...lax.settings, seam: 'dispatch' });

    expect(judge(dispatched, [strict]).policy.seam).toBe('dispatch');
  });
});

describe('demandsAfter', () => {
  const after = (now: PolicyDemand, ...inForce: PolicyDemand[]) =>
    demandsAfter({ place, configured: [], now, inForce });
  const soaking = demand({ approvals: [], soakSeconds: 3600 });

  it.each<[string, PolicyDemand, PolicyDemand[], PolicyDemand[]]>([
    ['the same stays', strict, [strict], [strict]],
    ['what asks for more takes its place', strict, [lax], [strict]],
    ['what asks for less changes nothing', lax, [strict], [strict]],
    [
      'what asks for something else holds besides',
      soaking,
      [strict],
      [strict, soaking],
    ],
    [
      'what asks for less than one of them changes nothing',
      lax,
      [strict, soaking],
      [strict, soaking],
    ],
  ])('%s', (_, now, inForce, expected) => {
    expect(after(now, ...inForce)).toEqual(expected);
  });

  it('keeps what was asked for in between, when a later push takes it away', () => {
    const first = after(strict, lax);
    const second = after(lax, ...first);

    expect(second).toEqual([strict]);
  });
});
