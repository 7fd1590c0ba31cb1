import { ConcurrencyGroups } from './server/state/ConcurrencyGroups';
import { Scheduler } from './server/state/Scheduler';
import { matchesPatterns } from './server/workflow/filterPattern';
import { expandMatrix, legName } from './server/workflow/matrix';
import { pathsFilterOutputs } from './server/workflow/pathsFilter';
import { dateFilter } from './server/rest/paging';
import { encodeSegments } from './server/rest/paths';

describe('filter patterns', () => {
  it.each([
    [['main'], 'main', true],
    [['main'], 'main2', false],
    [['feature/*'], 'feature/one', true],
    [['feature/*'], 'feature/one/two', false],
    [['feature/**'], 'feature/one/two', true],
    [['**'], 'any/thing', true],
    [['*'], 'any/thing', false],
    [['v[12].[0-9]+.[0-9]+'], 'v1.10.1', true],
    [['v[12].[0-9]+.[0-9]+'], 'v3.1.0', false],
    [['releases/**', '!releases/**-alpha'], 'releases/beta/3-alpha', false],
    [['releases/**', '!releases/**-alpha'], 'releases/beta/3', true],
    [['!main', 'main'], 'main', true],
    [['**/docs/**'], 'docs/hello.md', true],
    [['**/docs/**'], 'dir/docs/a/b.md', true],
    [['*.jsx?'], 'page.js', true],
    [['services/a.b/**'], 'services/aXb/file', false],
  ])('%j lets %s through: %s', (patterns, name, expected) => {
    expect(matchesPatterns(patterns, name)).toBe(expected);
  });
});

describe('a matrix', () => {
  it('joins and adds what it includes, as GitHub’s own example does', () => {
    const legs = expandMatrix({
      fruit: ['apple', 'pear'],
      animal: ['cat', 'dog'],
      include: [
        { color: 'green' },
        { color: 'pink', animal: 'cat' },
        { fruit: 'apple', shape: 'circle' },
        { fruit: 'banana' },
        { fruit: 'banana', animal: 'cat' },
      ],
    });

    expect(legs).toEqual([
      { fruit: 'apple', animal: 'cat', color: 'pink', shape: 'circle' },
      { fruit: 'apple', animal: 'dog', color: 'green', shape: 'circle' },
      { fruit: 'pear', animal: 'cat', color: 'pink' },
      { fruit: 'pear', animal: 'dog', color: 'green' },
      { fruit: 'banana' },
      { fruit: 'banana', animal: 'cat' },
    ]);
  });

  it('leaves out what it excludes', () => {
    const legs = expandMatrix({
      os: ['linux', 'mac'],
      node: [20, 22],
      exclude: [{ os: 'mac' }],
    });

    expect(legs).toEqual([
      { os: 'linux', node: 20 },
      { os: 'linux', node: 22 },
    ]);
  });

  it.each([
    [{ a: 'x', b: 1 }, 'job (x, 1)'],
    [{ a: { b: 'x', c: true } }, 'job (x, true)'],
    [{ a: '' }, 'job'],
    [{ a: 'x'.repeat(200) }, `job (${'x'.repeat(92)}...`],
  ])('names the leg of %j', (values, name) => {
    expect(legName('job', values)).toBe(name);
  });
});

describe('dorny/paths-filter', () => {
  const step = {
    with: {
      filters: [
        'shared: &shared',
        "  - 'common/**'",
        'verifier:',
        '  - *shared',
        "  - 'services/verifier/**'",
        "docs: '**/*.md'",
      ].join('\n'),
    },
  };

  it.each([
    [['services/verifier/app/main.py'], ['verifier']],
    [['common/a.py'], ['shared', 'verifier']],
    [['services/verifier/README.md'], ['verifier', 'docs']],
    [['other.txt'], []],
    [[], []],
  ])('says for %j that %j changed', (files, changes) => {
    const outputs = pathsFilterOutputs(step, files);

    expect(JSON.parse(outputs.changes)).toEqual(changes);
    expect(outputs.verifier).toBe(String(changes.includes('verifier')));
  });
});

describe('concurrency groups', () => {
  it('let one run, one wait, and push out an older one that waits', () => {
    const groups = new ConcurrencyGroups<{ name: string }>();
    const granted: string[] = [];
    const [first, second, third] = ['first', 'second', 'third'].map(name => ({
      name,
    }));
    const ask = (member: { name: string }) =>
      groups.acquire('group', member, () => granted.push(member.name));

    expect(ask(first)).toEqual({ holder: undefined, displaced: undefined });
    expect(ask(second)).toEqual({ holder: first, displaced: undefined });
    expect(ask(third)).toEqual({ holder: first, displaced: second });
    groups.release('group', second);
    expect(granted).toEqual(['first']);
    groups.release('group', first);
    expect(granted).toEqual(['first', 'third']);
    groups.release('group', third);
    ask(second);
    expect(granted).toEqual(['first', 'third', 'second']);
  });
});

describe('the scheduler', () => {
  it('does what is due in order of time, then of asking', async () => {
    const scheduler = new Scheduler(0);
    const done: string[] = [];
    scheduler.schedule(20, () => void done.push('late'));
    scheduler.schedule(10, () => {
      done.push('first');
      scheduler.schedule(5, () => void done.push('at once'));
    });
    scheduler.schedule(10, () => void done.push('second'));

    await scheduler.runUntil(10);
    expect(done).toEqual(['first', 'second', 'at once']);
    expect(scheduler.now).toBe(10);

    await scheduler.runUntil(Infinity);
    expect(done).toEqual(['first', 'second', 'at once', 'late']);
    expect(scheduler.now).toBe(20);
  });
});

describe('the date filter of a list', () => {
  const noon = Date.parse('2026-01-05T12:00:00Z');

  it.each([
    [null, true],
    ['2026-01-05', true],
    ['2026-01-04', false],
    ['>=2026-01-05', true],
    ['>2026-01-05T12:00:00Z', false],
    ['<=2026-01-05', true],
    ['<2026-01-05', false],
    ['2026-01-01..2026-01-05', true],
    ['*..2026-01-04', false],
    ['2026-01-05T13:00:00Z..*', false],
  ])('%s', (filter, expected) => {
    expect(dateFilter(filter)(noon)).toBe(expected);
  });
});

describe('a path with a long parameter', () => {
  it.each([
    ['/repos/o/r/contents/a/b.txt', '/repos/o/r/contents/a%2Fb.txt'],
    ['/repos/o/r/contents', '/repos/o/r/contents/%2F'],
    ['/repos/o/r/branches/feature/x', '/repos/o/r/branches/feature%2Fx'],
    ['/repos/o/r/commits/a/b/status', '/repos/o/r/commits/a%2Fb/status'],
    ['/repos/o/r/compare/a/b...c', '/repos/o/r/compare/a%2Fb...c'],
    ['/repos/o/r/actions/runs', '/repos/o/r/actions/runs'],
  ])('%s becomes %s', (path, expected) => {
    expect(encodeSegments(path)).toBe(expected);
  });
});
