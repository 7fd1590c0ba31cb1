import { coverageOfChange } from './coverageOfChange';

const app = { path: 'src/app.py', covered: [1, 2, 4], missed: [5, 6] };

describe('the coverage of a change', () => {
  it('counts changed lines that are code', () => {
    const change = [
      { path: 'src/app.py', addedLines: [2, 3, 5, 6, 6] },
      { path: 'src/other.py', addedLines: [1] },
    ];

    expect(coverageOfChange(change, [app])).toEqual({
      covered: 1,
      total: 3,
      uncovered: [{ path: 'src/app.py', lines: [5, 6] }],
      changedLineCount: 5,
    });
  });

  it('of several reports takes a line as covered that one of them covers', () => {
    const integration = { path: 'src/app.py', covered: [5], missed: [1, 2] };
    const change = [{ path: 'src/app.py', addedLines: [1, 5, 6] }];

    for (const files of [
      [app, integration],
      [integration, app],
    ]) {
      expect(coverageOfChange(change, files)).toMatchObject({
        covered: 2,
        total: 3,
        uncovered: [{ path: 'src/app.py', lines: [6] }],
      });
    }
  });

  it.each([
    ['README.md', 0],
    ['docs/page.mdx', 0],
    ['.github/workflows/deploy.yml', 0],
    ['package-lock.json', 0],
    ['Dockerfile', 0],
    ['src/new.py', 30],
    ['src/noending', 30],
    ['main.go', 30],
  ])('in %s, which no report lists, has %p changed lines', (path, count) => {
    const addedLines = Array.from({ length: 30 }, (_, index) => index + 1);

    expect(coverageOfChange([{ path, addedLines }], [app])).toEqual({
      covered: 0,
      total: 0,
      uncovered: [],
      changedLineCount: count,
    });
  });

  it('counts a document that a report lists', () => {
    const change = [{ path: 'view.html', addedLines: [1, 2] }];
    const files = [{ path: 'view.html', covered: [1], missed: [] }];

    expect(coverageOfChange(change, files)).toMatchObject({
      covered: 1,
      total: 1,
      changedLineCount: 2,
    });
  });

  it('of nothing is nothing', () => {
    expect(coverageOfChange([], [])).toEqual({
      covered: 0,
      total: 0,
      uncovered: [],
      changedLineCount: 0,
    });
  });
});
