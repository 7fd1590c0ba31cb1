import { matchesWildcard } from './wildcard';

describe('matchesWildcard', () => {
  it.each([
    ['deploy', 'deploy', true],
    ['deploy', 'deploy-a', false],
    ['deploy', 'a-deploy', false],
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['*', 'a/b (c)\nd', true],
    ['**', 'a', true],
    ['deploy-*', 'deploy-', true],
    ['deploy-*', 'Deploy-a', false],
    ['*-a', 'deploy-a', true],
    ['*-a', 'deploy-ab', false],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['a*bc*c', 'abc', false],
    ['*ab*ab*', 'abab', true],
    ['*ab*ab*', 'abba', false],
    ['deploy (*, [x])', 'deploy (wan, [x])', true],
    ['deploy.yml', 'deploy-yml', false],
    [`${'*a'.repeat(100)}*b`, 'a'.repeat(255), false],
    [`${'*a'.repeat(100)}*b`, `${'a'.repeat(254)}b`, true],
  ])('%s against %j: %s', (pattern, text, expected) => {
    expect(matchesWildcard(pattern, text)).toBe(expected);
  });
});
