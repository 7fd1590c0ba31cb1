import { joinDecisions, OwnDecision } from './joinDecisions';

const own = (
  decision: OwnDecision['decision'],
  lines: string[] = [],
): OwnDecision => ({
  service: `component:default/${decision}`,
  decision,
  lines,
});

describe('joinDecisions', () => {
  it.each([
    ['all may go in', [own('approve'), own('approve')], 'approve'],
    ['one waits', [own('approve'), own('wait')], 'wait'],
    ['one may never', [own('approve'), own('wait'), own('reject')], 'reject'],
    ['nobody is known', [], 'wait'],
  ] as const)('%s', (_, decisions, expected) => {
    const joined = joinDecisions(decisions);

    expect(joined.decision).toBe(expected);
  });

  it('tells what each waits for, the first few of many', () => {
    const lines = Array.from({ length: 10 }, (_, index) => `Line ${index}`);

    const { comment } = joinDecisions([own('wait', lines)]);

    expect(comment).toContain('Line 7');
    expect(comment).not.toContain('Line 8');
    expect(comment).toContain('and 2 more');
  });

  it('mentions nobody, and formats nothing', () => {
    const { comment } = joinDecisions([
      own('wait', ['@everybody [look](https://x.example.test) <b>']),
    ]);

    expect(comment).not.toMatch(/@everybody|\]\(|<b>/);
  });
});
