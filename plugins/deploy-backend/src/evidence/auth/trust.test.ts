import { isRefTrusted, isWorkflowTrusted } from './trust';

describe('isRefTrusted', () => {
  it.each([
    ['refs/heads/main', undefined, true],
    ['refs/heads/feature/one/two', undefined, true],
    ['refs/tags/v1', undefined, true],
    ['refs/pull/1/merge', undefined, false],
    ['refs/heads/', undefined, false],
    ['main', undefined, false],
    ['refs/heads/main', ['main'], true],
    ['refs/heads/maintenance', ['main'], false],
    ['refs/heads/x/main', ['main'], false],
    ['refs/tags/main', ['main'], false],
    ['refs/heads/release/1', ['main', 'release/*'], true],
    ['refs/heads/release/1/2', ['release/*'], false],
    ['refs/heads/release/1/2', ['release/**'], true],
    ['refs/tags/v1.2', ['refs/tags/v*'], true],
    ['refs/heads/v1.2', ['refs/tags/v*'], false],
    ['refs/heads/.hidden', ['*'], true],
    ['refs/heads/other', ['!main'], false],
    ['refs/heads/main', ['{main,other}'], false],
    ['refs/heads/main', ['@(main|other)'], false],
    ['refs/pull/1/merge', ['refs/pull/1/merge'], false],
    ['refs/heads/main', [], false],
  ])('%s with %j: %s', (ref, refs, expected) => {
    expect(isRefTrusted(ref, { refs })).toBe(expected);
  });
});

describe('isWorkflowTrusted', () => {
  const own = 'Example-Org/vvp/.github/workflows/deploy.yml@refs/heads/main';
  const shared =
    'example-org/shared/.github/workflows/test.yml@refs/heads/main';

  it.each([
    [own, undefined, true],
    [shared, undefined, false],
    [
      'example-org/vvp2/.github/workflows/deploy.yml@refs/heads/main',
      undefined,
      false,
    ],
    ['example-org/vvp/deploy.yml@refs/heads/main', undefined, false],
    ['example-org/vvp/.github/workflows/deploy.yml', undefined, false],
    [own, ['deploy.yml'], true],
    [own, ['DEPLOY.yml'], false],
    [own, ['.github/workflows/deploy.yml'], true],
    [own, ['example-org/VVP/.github/workflows/deploy.yml'], true],
    [own, ['deploy.yml@refs/heads/main'], true],
    [own, ['deploy.yml@refs/heads/release/*'], false],
    [own, ['test.yml'], false],
    [own, ['deploy*'], true],
    [own, ['services/deploy.yml'], false],
    [own, [''], false],
    [own, [], false],
    [
      shared,
      ['deploy.yml', 'example-org/shared/.github/workflows/test.yml'],
      true,
    ],
    [shared, ['example-org/*/.github/workflows/*'], true],
    [
      shared,
      ['example-org/shared/.github/workflows/test.yml@refs/tags/v1'],
      false,
    ],
    [shared, ['test.yml'], false],
  ])('%s with %j: %s', (workflow, workflows, expected) => {
    expect(isWorkflowTrusted(workflow, 'example-org/vvp', { workflows })).toBe(
      expected,
    );
  });
});
