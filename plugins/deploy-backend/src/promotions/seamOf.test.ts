import { KnownEnvironment } from '../targets/TargetEnvironments';
import { seamOf } from './seamOf';

const environment = {
  name: 'production',
  entityRef: 'component:default/issuer',
  enforced: false,
  reviewed: false,
  definition: {
    workflows: {
      deploy: { workflow: 'release.yml', releaseInput: 'commit' },
    },
  } as KnownEnvironment['definition'],
};

describe('seamOf, where the portal starts the pipeline,', () => {
  const of = (more: Partial<typeof environment>) =>
    seamOf({ ...environment, ...more }, { seam: 'dispatch' });

  it('is enforced by itself', () => {
    expect(of({ enforced: true })).toEqual({ seam: 'dispatch' });
  });

  it('says what lacks', () => {
    expect(of({ definition: undefined })).toEqual({
      seam: 'none',
      remedy: expect.stringContaining('releaseInput'),
    });
  });

  it('says that somebody else is asked, too', () => {
    expect(of({ reviewed: true })).toEqual({
      seam: 'dispatch',
      remedy: expect.stringContaining('required reviewers'),
    });
  });
});
