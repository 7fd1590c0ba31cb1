import { findingsOf } from './testing';

interface Globs {
  paths?: string[];
  sharedPaths?: string[];
  refs?: string[];
  workflows?: string[];
  branches?: string[];
}

function withGlobs(globs: Globs): string {
  const list = (values: string[]) => JSON.stringify(values);
  const { paths = [], sharedPaths = [], branches = ['main'] } = globs;
  return `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: x }
spec:
  evidence:
    refs: ${list(globs.refs ?? ['main'])}
    workflows: ${list(globs.workflows ?? ['a.yml'])}
  environments: [{ name: production, tier: production }]
  services:
    x:
      paths: ${list(paths)}
      sharedPaths: ${list(sharedPaths)}
      environments:
        production:
          jobs:
            - workflow: a.yml
              job: a
              branches: ${list(branches)}
`;
}

const hostile = '**/*a*a*a*a*a*a*a*b';

describe('globs', () => {
  it.each([
    'services/verifier/**',
    '**/*.test.*',
    '**/src/**/test/**',
    'app/[id]/(group)/page.tsx',
    'templates/{name}/a.txt',
    'a?b/[ab]*.py',
    '*/*/*/*/*.py',
  ])('of paths may be %s', glob => {
    const text = withGlobs({ paths: [glob], sharedPaths: [glob] });

    expect(findingsOf(text)).toEqual([]);
  });

  it.each(['main', 'feature/**', 'release-*.*', 'refs/tags/v**'])(
    'of refs may be %s',
    glob => {
      const text = withGlobs({ refs: [glob], branches: [glob] });

      expect(findingsOf(text)).toEqual([]);
    },
  );

  it.each([
    [{ refs: ['main', hostile] }, '6:19'],
    [{ workflows: ['*a*a*b.yml'] }, '7:17'],
    [{ paths: [hostile] }, '11:15'],
    [{ sharedPaths: ['src/**', hostile] }, '12:30'],
    [{ branches: [hostile] }, '18:26'],
  ])('of many stars are refused wherever they stand: %j', (globs, position) => {
    expect(findingsOf(withGlobs(globs))).toEqual([
      expect.stringMatching(
        new RegExp(
          `^deploy\\.yaml:${position} the glob .* has more than 2 \\* in a name between slashes\\. Write a name with fewer`,
        ),
      ),
    ]);
  });

  it.each([
    ['src/***', 'has more than 2 * in a name between slashes'],
    ['**/a/**/a/**/a/**', 'has more than 3 **. Name the folders'],
    ['src/{a,b}/**', 'has braces with alternatives. Write a glob for each'],
    ['src/{1..99999}', 'has braces with alternatives'],
    ['src/{{a,b},c}', 'has braces with alternatives'],
    ['src/+(a|b)', 'has a pattern in parentheses. Write a glob for each'],
    ['src/!(a)', 'has a pattern in parentheses'],
    ['src/*(*a)', 'has a pattern in parentheses'],
  ])('of paths are refused: %s', (glob, expected) => {
    const text = withGlobs({ paths: [glob] });

    expect(findingsOf(text)).toEqual([expect.stringContaining(expected)]);
  });
});
