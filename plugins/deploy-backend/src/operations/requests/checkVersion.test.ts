import { VersionCheck, versionFor } from './checkVersion';

const problem = { message: 'It answers with an HTML page.' };
const unusable: VersionCheck = { problem, unusable: true };
const forbidden: VersionCheck = { problem };

describe('versionFor', () => {
  it('warns an automatic rollback of an answer that is no version', () => {
    expect(versionFor({ automatic: true }, unusable)).toEqual({
      warning: expect.stringMatching(/HTML page.*proven there/),
    });
  });

  const silent: VersionCheck = {
    warning: 'It does not answer.',
    silent: { message: 'It does not answer.' },
  };

  it('refuses a person where nothing answers although the platform says that all is well', () => {
    expect(
      versionFor({ automatic: false }, silent, { health: 'healthy' }),
    ).toEqual({
      problem: {
        message: expect.stringMatching(/does not answer.*what runs is well/),
        remedy: expect.stringContaining('version.url'),
      },
      unusable: true,
    });
  });

  it.each([
    ['what runs is down', false, { health: 'unhealthy' as const }],
    ['what runs is not well', false, { health: 'degraded' as const }],
    ['nobody knows how what runs is', false, { health: 'unknown' as const }],
    ['nothing is told of how it is', false, {}],
    ['nothing is known of what runs', false, undefined],
    ['nobody is there to look', true, { health: 'healthy' as const }],
  ])('warns where nothing answers and %s', (_, automatic, from) => {
    expect(versionFor({ automatic }, silent, from)).toMatchObject({
      warning: 'It does not answer.',
    });
  });

  it.each<[string, boolean, VersionCheck]>([
    ['an answer that is no version for a person', false, unusable],
    ['an address that may not be asked for a person', false, forbidden],
    ['an address that may not be asked for nobody', true, forbidden],
    ['no answer', true, { warning: 'It does not answer.' }],
    ['a version', true, {}],
  ])('leaves %s as it is', (_, automatic, check) => {
    expect(versionFor({ automatic }, check)).toBe(check);
  });
});
