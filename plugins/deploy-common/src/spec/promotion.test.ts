import { parse } from 'yaml';
import { mergePromotion } from './normalisePromotion';
import { readPromotionSettings } from './readPromotionSettings';
import { findingsOf, specOf } from './testing';

/** Three stops, of which the worker knows only the last. */
function withPromotion(
  shared: string,
  own = '{ rollback: { automatic: true } }',
): string {
  return `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: x }
spec:
  environments:
    - { name: development, tier: development }
    - { name: staging, tier: staging }
    - name: production
      tier: production
      promotion: ${shared}
  services:
    api:
      environments:
        development: {}
        staging: {}
        production: ${own}
    worker:
      environments:
        production: {}
`;
}

const whole = `
        approvals:
          - { from: [Group:default/Platform-Team, user:default/omar], required: 2 }
          - {}
        selfApproval: false
        order: previous
        soak: 24 hours
        refs: { branches: [main], tags: ['v*'] }
        automatic: true
        expiresAfter: 7 days
        seam: protection-rule
        hotfix: { approvals: [], order: none, soak: 0 }`;

const wholeSettings = {
  approvals: [
    { from: ['group:default/platform-team', 'user:default/omar'], required: 2 },
    { required: 1 },
  ],
  selfApproval: false,
  order: 'previous',
  soakSeconds: 86_400,
  refs: { branches: ['main'], tags: ['v*'] },
  automatic: true,
  expiresAfterSeconds: 604_800,
  seam: 'protection-rule',
  hotfix: { approvals: [], order: 'none', soakSeconds: 0 },
};

describe('promotion in deploy.yaml', () => {
  it('is read for every service of an environment, in order', () => {
    const { environments, services } = specOf(withPromotion(whole));

    expect(environments[2].promotion).toEqual(wholeSettings);
    expect(services[0].environments[2].promotion).toEqual(wholeSettings);
    expect(services[1].environments[0].promotion).toEqual(wholeSettings);
    expect(environments[0]).not.toHaveProperty('promotion');
    expect(services[0].environments[0]).not.toHaveProperty('promotion');
  });

  it('of a service replaces that of the environment key by key', () => {
    const { services } = specOf(
      withPromotion(
        whole,
        '{ promotion: { soak: PT1H, order: { atLeast: 1 }, hotfix: { order: previous } } }',
      ),
    );

    expect(services[0].environments[2].promotion).toEqual({
      ...wholeSettings,
      soakSeconds: 3_600,
      order: { atLeast: 1 },
      hotfix: { approvals: [], order: 'previous', soakSeconds: 0 },
    });
  });

  it.each([
    [{ hotfix: { order: 'none' } }, { hotfix: false }, { hotfix: false }],
    [{ hotfix: false }, { hotfix: {} }, { hotfix: {} }],
    [
      { hotfix: false },
      { automatic: true },
      { hotfix: false, automatic: true },
    ],
    [undefined, { automatic: true }, { automatic: true }],
    [{ automatic: true }, undefined, { automatic: true }],
  ] as const)('of %j and then %j is %j', (before, later, expected) => {
    expect(mergePromotion([before, later])).toEqual(expected);
  });

  it.each([
    ['an unknown key', '{ approval: [] }', 'Did you mean "approvals"?'],
    ['nothing', '{}', 'fewer than 1'],
    [
      'a short reference',
      '{ approvals: [{ from: [platform-team] }] }',
      'Full reference of a user or group, such as group:default/platform-team.',
    ],
    [
      'an entity that is nobody',
      '{ approvals: [{ from: [component:default/x] }] }',
      'Full reference of a user or group',
    ],
    [
      'nobody to ask',
      '{ approvals: [{ from: [] }] }',
      'must NOT have fewer than 1 items',
    ],
    ['no voice', '{ approvals: [{ required: 0 }] }', 'must be >= 1'],
    ['half a voice', '{ approvals: [{ required: 1.5 }] }', 'a whole number'],
    [
      'one name twice, in other letters',
      '{ approvals: [{ from: [user:default/omar, User:default/Omar] }] }',
      '"user:default/omar" is named twice. Keep one of the two.',
    ],
    [
      'more voices than people',
      '{ approvals: [{ from: [user:default/omar], required: 2 }] }',
      'this rule asks for 2 voices of 1 person. Ask for fewer',
    ],
    [
      'the same people twice',
      '{ approvals: [{ from: [group:default/a, group:default/b] }, { from: [group:default/b, group:default/a] }] }',
      'rules 1 and 2 are about the same people',
    ],
    ['anybody twice', '{ approvals: [{}, {}] }', 'about the same people'],
    [
      'an unknown order',
      '{ order: first }',
      '"order" does not have the right form',
    ],
    ['an order of none', '{ order: { atLeast: 0 } }', 'must be >= 1'],
    ['an order without a number', '{ order: {} }', '"atLeast" is missing'],
    [
      'more environments than there are before',
      '{ order: { atLeast: 1 } }',
      'the service "worker" runs in 0 environments before "production", not in 1',
    ],
    ['a month', '{ soak: 1 month }', '"soak" does not have the right form'],
    ['a bare number', '{ soak: 24 }', '"soak" must be <= 0'],
    ['a year and more', '{ soak: 400 days }', '"soak" is more than 366 days'],
    [
      'a soak without an order',
      '{ order: none, soak: 1 day }',
      '"order" asks for no environment in which it would pass',
    ],
    ['no time to decide', '{ expiresAfter: 5 seconds }', 'less than a minute'],
    [
      'more time than GitHub gives',
      '{ expiresAfter: 31 days }',
      'more than 30 days',
    ],
    ['no refs', '{ refs: {} }', 'fewer than 1'],
    [
      'a costly glob',
      '{ refs: { branches: ["a*b*c*d"] } }',
      'has more than 2 * in a name between slashes',
    ],
    ['an unknown seam', '{ seam: dispatched }', 'Did you mean "dispatch"?'],
    [
      'a seam that the portal has no workflow for',
      '{ seam: dispatch }',
      'cannot start the deployment of "api": it has no workflows.deploy with releaseInput here',
    ],
    ['a hotfix that is true', '{ hotfix: true }', '"hotfix" is true'],
    [
      'a hotfix by itself',
      '{ hotfix: { automatic: true } }',
      'unknown key "automatic" in "hotfix"',
    ],
    [
      'a mistake in what a hotfix takes',
      '{ hotfix: { approvals: [{ from: [user:default/omar], required: 2 }] } }',
      'this rule asks for 2 voices',
    ],
    [
      'a hotfix that wants more environments than there are',
      '{ hotfix: { order: { atLeast: 3 } } }',
      'environments before "production", not in 3',
    ],
  ])('refuses %s', (_, shared, expected) => {
    expect(findingsOf(withPromotion(shared)).join('\n')).toContain(expected);
  });

  it('names the place in the file', () => {
    expect(
      findingsOf(
        withPromotion(
          '{ automatic: true }',
          '{ promotion: { order: { atLeast: 3 } } }',
        ),
      ),
    ).toEqual([
      expect.stringContaining(
        'deploy.yaml:16:45 the service "api" runs in 2 environments before "production", not in 3',
      ),
    ]);
  });

  it('takes a service into the count only where its own order does not say otherwise', () => {
    const text = withPromotion('{ order: { atLeast: 1 } }').replace(
      'production: {}',
      'production: { promotion: { order: none } }',
    );

    expect(findingsOf(text)).toEqual([]);
  });

  it('takes a dispatch where the portal can start the deployment', () => {
    const text = withPromotion(
      '{ automatic: true }',
      '{ promotion: { seam: dispatch }, workflows: { deploy: { workflow: deploy.yml, releaseInput: commit } } }',
    );

    expect(findingsOf(text)).toEqual([]);
  });
});

describe('readPromotionSettings', () => {
  it('reads what deploy.yaml can say', () => {
    expect(readPromotionSettings(parse(whole))).toEqual({
      ok: true,
      settings: wholeSettings,
    });
  });

  it.each([
    [undefined, []],
    ['none', []],
    [{ soak: 'soon' }, ['soak']],
    [{ approvals: [{ from: ['x'] }] }, ['approvals', '0', 'from', '0']],
    [{ expiresAfter: '1 second' }, ['expiresAfter']],
  ])('refuses %j with the place', (value, path) => {
    const result = readPromotionSettings(value);

    expect(result).toMatchObject({ ok: false, findings: [{ path }] });
  });
});
