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
