import { importing, itemAt } from './__testUtils__/importing';
import { parseCondition } from './conditions/parseCondition';
import { keyOf, textOf } from './conditions/Condition';

interface Case {
  /** What the job of production asks for. */
  condition: string;
  needs?: string;
  branches?: string[];
  /** What nothing generated asks for; nothing if all of it is asked for. */
  lost?: string;
  message?: string;
}

const STAGING = `  staging:
    runs-on: ubuntu-24.04
    timeout-minutes: 20
    environment: staging
    steps:
      - run: az containerapp update --name shop --resource-group shop-staging --image shop.azurecr.io/shop:latest`;

const PRODUCTION = STAGING.replace(/staging/g, 'production');

/** A job that waits for what comes before it, under a condition. */
function job(text: string, condition: string, needs: string): string {
  return text.replace(
    '    environment',
    `    needs: [${needs}]\n    if: ${JSON.stringify(
      condition,
    )}\n    environment`,
  );
}

function workflow(...jobs: string[]): string {
  return [
    'name: Deploy',
    'on:',
    '  push:',
    '    branches: [main, develop]',
    '  workflow_dispatch:',
    'jobs:',
    '  freeze:',
    '    runs-on: ubuntu-24.04',
    '    steps:',
    '      - run: ./ask-someone.sh | tee answer',
    ...jobs,
  ].join('\n');
}

const MAIN = "github.ref == 'refs/heads/main'";

const CASES: readonly (readonly [string, Case])[] = [
  ['a branch', { condition: MAIN, branches: ['main'] }],
  [
    'who pushes',
    {
      condition: `${MAIN} && github.actor != 'bot'`,
      branches: ['main'],
      lost: "github.actor != 'bot'",
    },
  ],
  [
    'a variable',
    {
      condition: `\${{ vars.DEPLOYS == 'on' && ${MAIN} }}`,
      branches: ['main'],
      lost: "vars.DEPLOYS == 'on'",
    },
  ],
  [
    'a message',
    {
      condition: `${MAIN} && contains(github.event.head_commit.message, '[deploy]')`,
      branches: ['main'],
      lost: "contains(github.event.head_commit.message, '[deploy]')",
    },
  ],
  ['all but a branch', { condition: `!(${MAIN})`, branches: ['develop'] }],
  [
    'all but a branch, said otherwise',
    {
      condition: "github.ref_name != 'main' && !failure()",
      branches: ['develop'],
    },
  ],
  [
    'no branch that is pushed',
    {
      condition: "github.ref == 'refs/heads/nowhere'",
      lost: "github.ref == 'refs/heads/nowhere'",
    },
  ],
  [
    'pushes alone',
    {
      condition: "github.event_name == 'push'",
      lost: "github.event_name == 'push'",
    },
  ],
  ['whatever becomes of others', { condition: 'always()', lost: 'always()' }],
  ['a failure', { condition: 'failure()', lost: 'failure()' }],
  [
    'a failure, negated twice',
    { condition: '!(!failure())', lost: 'failure()' },
  ],
  [
    'one of two',
    {
      condition: "always() || needs.staging.result == 'success'",
      lost: "always() || needs.staging.result == 'success'",
    },
  ],
  ['that nothing failed', { condition: '!failure() && !cancelled()' }],
  [
    'that staging was deployed',
    { condition: `!cancelled() && needs.staging.result == 'success'` },
  ],
  [
    'that staging was skipped',
    {
      condition: "!failure() && needs.staging.result == 'skipped'",
      lost: "needs.staging.result == 'skipped'",
    },
  ],
  [
    'what generated conditions end with, of another job',
    {
      condition: `!failure() && (needs.freeze.result == 'success' || !(github.event_name == 'push'))`,
      needs: 'staging, freeze',
      lost: "needs.freeze.result == 'success' || github.event_name != 'push'",
    },
  ],
  [
    'the same of no event at all',
    {
      condition: `!failure() && (needs.freeze.result == 'success' || !(false))`,
      needs: 'staging, freeze',
      lost: "needs.freeze.result == 'success' || !false",
    },
  ],
  [
    'no expression',
    { condition: '${{ true }} && x', message: 'cannot be read' },
  ],
];

describe('an import of a job that asks for', () => {
  it.each(CASES)('%s', (_, { condition, needs = 'staging', ...wanted }) => {
    const text = workflow(STAGING, job(PRODUCTION, condition, needs));
    const { spec, report } = importing([{ file: 'deploy.yml', text }]);
    const [item] = report.items.filter(one => one.item === 'if');
    const { message: expected = wanted.lost && 'does not ask for' } = wanted;

    expect(spec.environments[1].stage?.branches).toEqual(wanted.branches);
    expect([item.line, item.disposition === 'unsupported']).toEqual([
      text.split('\n').findIndex(line => line.startsWith('    if:')) + 1,
      expected !== undefined,
    ]);
    expect(item.message).toContain(expected ?? '');
    expect(item.message).toContain(wanted.lost ?? '');
    expect(item.remedy !== undefined).toBe(expected !== undefined);
  });
});

describe('an import of jobs', () => {
  it('looks at each one of an environment', () => {
    const web = PRODUCTION.replace('  production:', '  web:').replace(
      '--name shop',
      '--name web',
    );
    const text = workflow(
      STAGING,
      job(PRODUCTION, MAIN, 'staging'),
      job(web, "github.ref == 'refs/heads/develop'", 'staging'),
    );
    const { items } = importing([{ file: 'deploy.yml', text }]).report;

    expect(itemAt(items, '/jobs/production/if')).toMatchObject({
      disposition: 'imported',
      keys: ['spec.environments[production].deploy.branches'],
    });
    expect(itemAt(items, '/jobs/web/if')).toMatchObject({
      disposition: 'unsupported',
      message: expect.stringContaining("github.ref == 'refs/heads/develop'"),
    });
    expect(itemAt(items, '/jobs/web/needs/0')).toMatchObject({
      disposition: 'unsupported',
      message: expect.stringContaining('does not wait for staging'),
    });
  });

  it('names a branch for which nothing starts any more', () => {
    const text = workflow(job(PRODUCTION, MAIN, 'freeze'));
    const { items } = importing([{ file: 'deploy.yml', text }]).report;

    expect(itemAt(items, '/on/push/branches/1')).toMatchObject({
      disposition: 'unsupported',
      message: expect.stringContaining('nothing that is generated'),
    });
  });
});

describe('a condition', () => {
  it.each([
    ["'a' == github.ref && !( b || !c.d )", "github.ref == 'a' && !b && c.d"],
    ["A['b'].c[0] != 'it''s'", "A.b.c[0] != 'it''s'"],
    ["!(a == 'x' && b != 'y')", "a != 'x' || b == 'y'"],
    [
      "Contains(needs.*.result, 'x') || (1 < 2 && y)",
      "contains(needs.*.result, 'x') || (1 < 2 && y)",
    ],
    ['${{ !x }}', '!x'],
    ['a >= 3', 'a >= 3'],
  ])('%s is read as %s', (text, wanted) => {
    const parsed = parseCondition(text);

    expect(parsed && textOf(parsed)).toBe(wanted);
  });

  it.each([
    '',
    'a &&',
    '(a',
    "a == 'b",
    'a b',
    '== a',
    '!',
    'a == (b || c)',
    'a ? b',
    '('.repeat(99),
  ])('%s is none', text => {
    expect(parseCondition(text)).toBeUndefined();
  });

  it('is the same in another order', () => {
    const [left, right] = ['a && (b || !c)', '(!c || b) && a'].map(
      text => parseCondition(text)!,
    );

    expect(keyOf(left)).toBe(keyOf(right));
  });
});
