import { Voice } from '../types';
import { limitLapsed } from './limitLapsed';

const voiceOf = (index: number, hasLapsed: boolean): Voice => ({
  by: `user:default/${index}`,
  at: '2026-01-05T12:00:00.000Z',
  seen: 'seen',
  ...(hasLapsed && {
    lapsed: { at: '2026-01-05T13:00:00.000Z', why: 'Another report.' },
  }),
});

describe('limitLapsed', () => {
  it('drops the oldest that lapsed, and none that is in force', () => {
    const voices = Array.from({ length: 150 }, (_, index) =>
      voiceOf(index, index % 50 !== 0),
    );

    const kept = limitLapsed(voices);

    // 147 lapsed, of which 100 stay: 1 to 47 go.
    expect(kept).toEqual([voices[0], ...voices.slice(48)]);
  });

  it('leaves a few as they are', () => {
    const voices = [voiceOf(1, true), voiceOf(2, false)];

    expect(limitLapsed(voices)).toBe(voices);
  });
});
