import { belongsTo, freeSuffix } from './revisionName';

describe('belongsTo', () => {
  it.each([
    [true, 'vvp-issuer', 'vvp-issuer--0000007'],
    [true, 'VVP-Issuer', 'vvp-issuer--abc-1'],
    [false, 'vvp-issuer', 'vvp-issuer-two--0000007'],
    [false, 'vvp-issuer', 'vvp-verifier--0000007'],
    [false, 'vvp-issuer', 'vvp-issuer--'],
    [false, 'vvp-issuer', 'vvp-issuer--../../x'],
    [false, 'vvp-issuer', 'vvp-issuer--a--b'],
    [false, 'vvp-issuer', 'vvp-issuer--a/restart'],
  ])('is %s for %s and %s', (expected, app, revision) => {
    expect(belongsTo(app, revision)).toBe(expected);
  });
});

describe('freeSuffix', () => {
  it('is the same for the same seed, and another one where that is taken', () => {
    const suffix = freeSuffix('vvp-issuer', 'seed', []);

    expect(freeSuffix('vvp-issuer', 'seed', [])).toBe(suffix);
    expect(
      freeSuffix('vvp-issuer', 'seed', [`vvp-issuer--${suffix}`]),
    ).not.toBe(suffix);
  });

  it.each(['a', 'a'.repeat(32)])('is one that Azure takes for %s', app => {
    const suffix = freeSuffix(app, 'seed', []);

    expect(suffix).toMatch(/^[a-z][a-z0-9]+$/);
    expect(`${app}--${suffix}`.length).toBeLessThanOrEqual(54);
  });
});
