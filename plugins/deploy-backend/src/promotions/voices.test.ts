import { Judged } from './ReadinessDesk';
import { assertSeen, conflictOf, isAllMet, standingWith } from './voices';

describe('what somebody says of a promotion', () => {
  it('has to be about what there is now', () => {
    const judged = { standing: { seen: 'new' } } as Judged;

    expect(() => assertSeen(judged, 'new')).not.toThrow();
    expect(() => assertSeen(judged, 'old')).toThrow(
      'seen: the artifact or the gate results changed',
    );
  });

  it('changes nothing where no approval is asked for', () => {
    const judged = {
      standing: { seen: 'new', fit: true },
      facts: { policy: { approvals: [] }, voices: [] },
    } as unknown as Judged;

    expect(standingWith(judged, 'user:default/dana')).toBe(judged.standing);
  });

  it.each([
    [{ fit: true, approved: true, clear: true }, true],
    [{ fit: false, approved: true, clear: true }, false],
    [{ fit: true, approved: false, clear: true }, false],
    [{ fit: true, approved: true, clear: false }, false],
  ])('is the last thing that lacks: %j', (standing, expected) => {
    expect(isAllMet(standing)).toBe(expected);
  });

  it('is refused with what to do', () => {
    expect(conflictOf({ message: 'No.', remedy: 'Wait.' }).message).toBe(
      'No. Wait.',
    );
    expect(conflictOf({ message: 'No.' }).message).toBe('No.');
  });
});
