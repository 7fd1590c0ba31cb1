import { Revision } from '@vvp/backstage-plugin-deploy-common';
import { revisionToQuarantine } from './revisionToQuarantine';

const from: Revision = { id: 'r2', current: true, commit: 'b'.repeat(40) };
const to: Revision = { id: 'r1', current: false, commit: 'a'.repeat(40) };
const plan = { from, to, alreadyThere: false };
const nameless = { ...plan, from: { ...from, commit: undefined } };
const known = { from: 'release-2', to: 'release-1' };

describe('revisionToQuarantine', () => {
  it.each([
    ['does not tell its commit', nameless, {}],
    ['does not tell it, although its deployment does', nameless, known],
    ['tells one that cannot be found', plan, { to: 'release-1' }],
    [
      'has the same release as the one that comes back',
      plan,
      { from: 'release-1', to: 'release-1' },
    ],
  ])('quarantines a revision that %s', (_name, given, releases) => {
    expect(revisionToQuarantine(given, releases)).toEqual({ revision: 'r2' });
  });

  it.each([
    ['its release is', plan, known],
    ['nothing ran there', { ...plan, from: undefined }, {}],
    ['it is there already', { ...nameless, alreadyThere: true }, {}],
    ['the same comes back', { ...nameless, to: { ...to, id: 'r2' } }, {}],
    [
      'the same comes back by another name',
      { ...nameless, to: { ...to, current: true } },
      {},
    ],
  ])('quarantines no revision where %s', (_name, given, releases) => {
    expect(revisionToQuarantine(given, releases)).toBeUndefined();
  });
});
