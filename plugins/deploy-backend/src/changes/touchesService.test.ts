import { touchesService } from './touchesService';

const verifier = {
  paths: ['services/verifier/**'],
  sharedPaths: ['common/**', 'Dockerfile', '*.toml'],
};

describe('touchesService', () => {
  it.each([
    ['services/verifier/app/main.py', true],
    ['services/verifier/.env', true],
    ['common/vvp/.hidden/x.py', true],
    ['Dockerfile', true],
    ['poetry.toml', true],
    ['docs/poetry.toml', false],
    ['services/verifier-2/app/main.py', false],
    ['services/issuer/Dockerfile', false],
    ['README.md', false],
  ])('of a change of %s: %s', (path, touched) => {
    expect(touchesService([{ path }], verifier)).toBe(touched);
  });

  it('looks at every file, and at where a file was before', () => {
    const moved = {
      path: 'attic/main.py',
      previousPath: 'services/verifier/app/main.py',
    };

    expect(touchesService([{ path: 'README.md' }, moved], verifier)).toBe(true);
  });

  it('takes a service without paths for the whole repository', () => {
    const whole = { paths: [], sharedPaths: ['common/**'] };

    expect(touchesService([{ path: 'README.md' }], whole)).toBe(true);
    expect(touchesService([], whole)).toBe(false);
  });
});
