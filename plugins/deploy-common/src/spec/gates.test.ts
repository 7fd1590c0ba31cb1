import { gatesOf } from './gatesOf';
import { readGateSettings } from './readGateSettings';
import { findingsOf, specOf } from './testing';

interface Places {
  whole?: string;
  staging?: string;
  production?: string;
  service?: string;
  here?: string;
}

/** Two services in staging and production, and gates at every place. */
function textOf({ whole, staging, production, service, here }: Places) {
  const gates = (text: string | undefined) => (text ? `gates: ${text}` : '');
  return `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: x }
spec:
  ${gates(whole)}
  environments:
    - name: staging
      tier: staging
      ${gates(staging)}
    - name: production
      tier: production
      ${gates(production)}
    - { name: spare, tier: production }
  services:
    x:
      ${gates(service)}
      environments:
        staging: {}
        production:
          jobs: []
          ${gates(here)}
    y:
      environments: { production: {}, staging: {} }
`;
}

/** One rule for one service in production. */
const withRule = (rule: string) => textOf({ here: `{ a: ${rule} }` });

describe('a rule', () => {
  it.each([
    '{ coverage: lines, minimum: 79 }',
    '{ coverage: changed-lines, minimum: 80, smallChange: 20 }',
    '{ coverage: exists, suite: unit, maxAge: P1D, sameCommit: true }',
    '{ test: failed, suite: post-deployment, mode: azure, maximum: 0, environment: here }',
    '{ test: duration, lessThan: 600, completed: false }',
    '{ security: findings, severity: critical, categories: [dependency, image], maximum: 0, completed: true, maxAge: 1 day }',
    '{ security: exists, tool: CodeQL, pendingFor: 30 minutes }',
    '{ performance: latency.avg, scenario: load, unit: s, lessThan: 2 }',
    '{ performance: error.rate, unit: percent, lessThan: 1 }',
    '{ performance: error.rate, lessThan: 0.01 }',
    '{ performance: latency.p95, noWorseThanBaseline: { by: 10, over: 10 } }',
    '{ performance: memory, noWorseThanBaseline: { by: 10, worse: higher } }',
    '{ performance: image.size, unit: MB, minimum: 1, lessThan: 500 }',
    '{ test: passed, minimum: 33, maximum: 33 }',
    '{ soak: { in: previous, for: 1 hour } }',
    '{ succeededIn: staging, soak: { in: staging, for: PT1H } }',
    '{ coverage: lines, minimum: 79, environment: previous, title: A }',
  ])('may be %s', rule => {
    expect(findingsOf(withRule(rule))).toEqual([]);
  });

  it.each([
    [
      '{ coverage: lines, minimum: 79 % }',
      '"minimum" must be a number, but is text. Expected: At least this is asked, a number alone: 79, not 79 %.',
    ],
    ['{ coverage: lines, minimum: "79" }', '"minimum" must be a number'],
    ['{ coverage: lines, minimum: .nan }', '"minimum" must be a number'],
    ['{ coverage: lines, minimum: .inf }', '"minimum" must be a number'],
    [
      '{ coverage: lines, mininum: 79 }',
      'unknown key "mininum" in "a". Did you mean "minimum"?',
    ],
    [
      '{ coverage: line, minimum: 79 }',
      '"coverage" is "line", which is not known. Did you mean "lines"?',
    ],
    [
      '{ security: findings, severity: hihg, maximum: 0 }',
      'Did you mean "high"?',
    ],
    [
      '{ security: findings, categories: [], maximum: 0 }',
      '"categories" must NOT have fewer than 1 items',
    ],
    [
      '{ coverage: lines, minimum: 79, maxAge: 1 month }',
      '"maxAge" does not have the right form. Expected: The report may be this old, such as 1 day, 30 minutes or P1D.',
    ],
    [
      '{ soak: { in: staging } }',
      'the key "for" is missing in "soak". Add it.',
    ],
    [
      '{ performance: a, noWorseThanBaseline: { over: 3 } }',
      'the key "by" is missing',
    ],
    [
      'true',
      'true says nothing about what is asked. Write the rule, or false to switch it off.',
    ],
    ['79', '"a" must be a map or true or false, but is a number'],
    [
      '{ coverage: lines, test: failed, minimum: 1 }',
      'the gate is about both "coverage" and "test". Write two gates.',
    ],
    ['{}', 'the gate asks for nothing. Say what it is about'],
    ['{ title: A }', 'the gate asks for nothing'],
    ['{ minimum: 3 }', '"minimum" means nothing without the name of a number'],
    ['{ coverage: lines }', 'the gate does not say how many "lines" are asked'],
    ['{ coverage: lines, maxAge: 1 day }', 'the gate does not say how many'],
    [
      '{ coverage: exists, minimum: 1 }',
      '"minimum" means nothing without the name of a number',
    ],
    [
      '{ coverage: lines, minimum: 1, severity: high }',
      '"severity" means nothing without security: findings',
    ],
    [
      '{ coverage: lines, minimum: 1, scenario: a }',
      '"scenario" means nothing without a measurement',
    ],
    ['{ coverage: lines, minimum: 1, unit: percent }', '"unit" means nothing'],
    [
      '{ coverage: lines, minimum: 1, completed: true }',
      '"completed" means nothing without "security" or "test"',
    ],
    [
      '{ coverage: lines, minimum: 1, smallChange: 3 }',
      '"smallChange" means nothing without coverage: changed-lines',
    ],
    [
      '{ soak: { in: staging, for: 1 day }, suite: unit }',
      '"suite" means nothing without "coverage", "test"',
    ],
    [
      '{ soak: { in: staging, for: 1 day }, pendingFor: 1 day }',
      '"pendingFor" means nothing',
    ],
    ['{ soak: { in: staging, for: 0 hours } }', 'no time at all is asked'],
    [
      '{ coverage: lines, minimum: 1, maxAge: PT0S }',
      'no report is so new that this could hold',
    ],
    [
      '{ coverage: lines, minimum: 101 }',
      'the number is at most 100, so that this can never hold. Write a number from 0 to 100.',
    ],
    ['{ coverage: lines, moreThan: 100 }', 'can never hold'],
    [
      '{ test: failed, maximum: -1 }',
      'the number is at least 0, so that this can never hold',
    ],
    ['{ test: failed, lessThan: 0 }', 'can never hold'],
    [
      '{ coverage: lines, minimum: 0 }',
      'the number is at least 0 in any case, so that this says nothing',
    ],
    ['{ coverage: lines, moreThan: -1 }', 'says nothing'],
    ['{ test: pass-rate, maximum: 100 }', 'says nothing'],
    ['{ test: pass-rate, lessThan: 101 }', 'says nothing'],
    [
      '{ performance: error.rate, lessThan: 1 }',
      'For 1 percent write 0.01, or add unit: percent.',
    ],
    [
      '{ performance: error.rate, unit: ratio, maximum: 5 }',
      'For 1 percent write 0.01',
    ],
    [
      '{ coverage: lines, minimum: 80, maximum: 70 }',
      'no number is both "minimum" 80 and "maximum" 70. Swap or correct the numbers.',
    ],
    ['{ coverage: lines, moreThan: 70, maximum: 70 }', 'no number is both'],
    ['{ coverage: lines, minimum: 70, lessThan: 70 }', 'no number is both'],
    [
      '{ performance: image.size, lessThan: 500 }',
      'it is not known which unit "image.size" is in. Add unit, such as unit: MB.',
    ],
    [
      '{ performance: latency.avg, unit: MB, lessThan: 5 }',
      '"latency.avg" is measured in ms, which cannot be told in "MB"',
    ],
    [
      '{ performance: memory, noWorseThanBaseline: { by: 10 } }',
      'it is not known which direction of "memory" is worse. Add worse: higher or worse: lower.',
    ],
    [
      '{ performance: throughput, noWorseThanBaseline: { by: 10, worse: higher } }',
      'lower is what is worse for "throughput"',
    ],
    [
      '{ performance: latency.p95, noWorseThanBaseline: { by: 1, over: 2, atLeast: 3 } }',
      '"atLeast" asks for more earlier values than "over" looks at',
    ],
    [
      '{ performance: latency.p95, noWorseThanBaseline: { by: 10 %} }',
      '"by" must be a number',
    ],
    [
      '{ coverage: changed-lines, noWorseThanBaseline: { by: 1 } }',
      'changed lines are others each time',
    ],
    [
      '{ coverage: lines, minimum: 1, environment: stagin }',
      'the environment "stagin" is not declared. Did you mean "staging"?',
    ],
    [
      '{ coverage: lines, minimum: 1, environment: spare }',
      'a service that has this gate does not run in "spare"',
    ],
    [
      '{ succeededIn: spare }',
      'a service that has this gate does not run in "spare"',
    ],
    ['{ succeededIn: here }', 'the environment "here" is not declared'],
    [
      '{ succeededIn: production }',
      '"production" does not come before "production", where this gate applies',
    ],
    [
      '{ soak: { in: production, for: 1 day } }',
      '"production" does not come before "production"',
    ],
    [
      '{ passedIn: staging }',
      '"staging" has no gate "a" that could pass. Add it there.',
    ],
  ])('is not %s', (rule, expected) => {
    const found = findingsOf(withRule(rule));

    expect(found.join('\n')).toContain(expected);
    expect(found[0]).toMatch(/^deploy\.yaml:21:\d+ /);
  });

  it('is found once with an environment that is not declared', () => {
    expect(findingsOf(withRule('{ passedIn: stagin }'))).toEqual([
      'deploy.yaml:21:25 the environment "stagin" is not declared. Did you mean "staging"?',
    ]);
  });

  it('has a name in lower-case letters', () => {
    expect(findingsOf(textOf({ whole: '{ A_b: false }' }))[0]).toContain(
      '5:12 the key "A_b" in "gates" is not a valid name. Expected: Gates for every service',
    );
  });

  it('leaves the names of the portal alone', () => {
    const rule = '{ required-a: { coverage: lines, minimum: 1 } }';

    expect(findingsOf(textOf({ whole: rule }))[0]).toContain(
      'names that begin with "required-" are those of the portal\'s own gates. Choose another name.',
    );
  });
});

describe('a rule for more than one environment', () => {
  it.each([
    [
      { whole: '{ a: { soak: { in: previous, for: 1 hour } } }' },
      '5:25 there is no environment before "staging", where this gate applies, too.',
    ],
    [
      { whole: '{ a: { succeededIn: production } }' },
      '5:17 "production" does not come before "staging", where this gate applies.',
    ],
    [
      { staging: '{ a: { test: failed, maximum: 0, environment: previous } }' },
      'there is no environment before "staging"',
    ],
  ])('looks at what comes before: %j', (places, expected) => {
    const found = findingsOf(textOf(places)).join('\n');

    expect(found).toContain(expected);
  });

  it.each([
    { production: '{ a: { soak: { in: previous, for: 1 hour } } }' },
    {
      whole: '{ a: { soak: { in: previous, for: 1 hour } } }',
      staging: '{ a: false }',
    },
    {
      staging: '{ a: { test: failed, maximum: 0, environment: here } }',
      production: '{ a: { passedIn: previous } }',
    },
  ])('may be %j', places => {
    expect(findingsOf(textOf(places))).toEqual([]);
  });

  it('is found once, however many services it is for', () => {
    const whole = '{ a: { soak: { in: previous, for: 1 hour } } }';

    expect(findingsOf(textOf({ whole }))).toHaveLength(1);
  });
});

describe('false', () => {
  it.each([
    { whole: '{ a: false }' },
    { staging: '{ a: false }' },
    { service: '{ a: false }' },
    { here: '{ a: false }' },
    { staging: '{ a: { coverage: exists } }', here: '{ a: false }' },
  ])('switches off nothing in %j', places => {
    expect(findingsOf(textOf(places)).join('\n')).toContain(
      'no gate "a" is set for more, so that false switches off nothing',
    );
  });

  it('names the gate that was meant', () => {
    const whole = '{ coverage: { coverage: exists } }';

    expect(
      findingsOf(textOf({ whole, here: '{ covrage: false }' }))[0],
    ).toContain('Did you mean "coverage"?');
  });
});

describe('the gates of a service in an environment', () => {
  const minimum = (value: number) => `{ coverage: lines, minimum: ${value} }`;
  const spec = specOf(
    textOf({
      whole: `{ a: ${minimum(1)}, b: ${minimum(1)}, c: ${minimum(1)} }`,
      production: `{ b: ${minimum(2)}, d: ${minimum(2)} }`,
      service: `{ a: ${minimum(3)}, e: { test: exists } }`,
      here: `{ c: false, b: ${minimum(4)}, f: { succeededIn: previous } }`,
    }),
  );
  const shortly = (service: string, environment: string) =>
    gatesOf(spec, service, environment).map(
      ({ name, minimum: least = '' }) => `${name}${least}`,
    );

  it.each([
    ['x', 'production', ['a3', 'b4', 'd2', 'e', 'f']],
    ['x', 'staging', ['a3', 'b1', 'c1', 'e']],
    ['y', 'production', ['a1', 'b2', 'c1', 'd2']],
    ['y', 'staging', ['a1', 'b1', 'c1']],
    ['x', 'pull-7', ['a3', 'b1', 'c1', 'e']],
    ['z', 'production', []],
  ])('of %s in %s are %j', (service, environment, expected) => {
    expect(shortly(service, environment)).toEqual(expected);
  });

  it('name the environment before', () => {
    expect(gatesOf(spec, 'x', 'production').at(-1)).toMatchObject({
      name: 'f',
      succeededIn: 'staging',
    });
  });

  it('are none in a file without gates', () => {
    expect(gatesOf(specOf(textOf({})), 'x', 'production')).toEqual([]);
  });

  it('have every default filled', () => {
    const text = textOf({
      here: '{ no-regression: { performance: latency.p95, suite: load, noWorseThanBaseline: { by: 5 } }, scan: { security: exists, maxAge: 1 day, pendingFor: PT5M } }',
    });

    expect(gatesOf(specOf(text), 'x', 'production')).toEqual([
      {
        name: 'no-regression',
        title: 'No regression',
        evidence: { type: 'performance', suite: 'load' },
        metric: { name: 'latency.p95', unit: 'ms' },
        baseline: {
          by: 5,
          kind: 'percent',
          over: 10,
          atLeast: 3,
          worse: 'higher',
        },
        sameCommit: false,
        completed: false,
        smallChange: 20,
        pendingForSeconds: 7200,
      },
      {
        name: 'scan',
        title: 'Scan',
        evidence: { type: 'security' },
        maxAgeSeconds: 86_400,
        sameCommit: false,
        completed: true,
        smallChange: 20,
        pendingForSeconds: 300,
      },
    ]);
  });

  it('survive being stored', () => {
    const stored = JSON.parse(JSON.stringify(spec));

    expect(gatesOf(stored, 'x', 'production')).toEqual(
      gatesOf(spec, 'x', 'production'),
    );
  });
});

describe('evidence', () => {
  it('may be brought by some runs only', () => {
    const text = textOf({}).replace(
      'spec:\n',
      'spec:\n  evidence: { refs: [main, "release/**"], workflows: [deploy.yml] }\n',
    );

    expect(specOf(text).evidence).toEqual({
      refs: ['main', 'release/**'],
      workflows: ['deploy.yml'],
    });
  });
});

describe('gates from elsewhere', () => {
  it('are read as those of a deploy.yaml', () => {
    const result = readGateSettings({
      coverage: { coverage: 'lines', minimum: 79 },
      old: false,
    });

    expect(result).toMatchObject({
      ok: true,
      gates: { coverage: { name: 'coverage', minimum: 79 }, old: false },
    });
  });

  it.each([
    [{ a: { coverage: 'lines', minimum: '79 %' } }, ['a', 'minimum']],
    [{ a: { coverage: 'lines', minimum: NaN } }, ['a', 'minimum']],
    [{ a: { coverage: 'lines', minimum: 179 } }, ['a', 'minimum']],
    [{ a: { coverage: 'lines' } }, ['a', 'coverage']],
    [{ 'required-a': { coverage: 'exists' } }, ['required-a']],
    [[], []],
    [undefined, []],
  ])('are not %j', (value, path) => {
    expect(readGateSettings(value)).toMatchObject({
      ok: false,
      findings: [{ path }],
    });
  });
});
