import { mockServices } from '@backstage/backend-test-utils';
import { LOOK_AGAIN_MS } from './lookingAt';
import { PromotionRounds } from './PromotionRounds';

const now = new Date('2026-01-01T00:00:00Z');

/** Rounds over promotions that are named after their services, and what they did. */
function startRounds(lookAt: (id: string) => Promise<void> = async () => {}) {
  const seen: string[] = [];
  const postponed: [string, Date][] = [];
  const rounds = new PromotionRounds({
    store: {
      dueOf: async ({ serviceIds }) => [...(serviceIds ?? ['due'])],
      undecided: async () => ['undecided'],
      postpone: async (id, until) => {
        postponed.push([id, until]);
      },
    },
    lookAt: async id => {
      seen.push(id);
      await lookAt(id);
    },
    logger: mockServices.logger.mock(),
    now: () => now,
  });
  return { rounds, seen, postponed };
}

const untilSeen = async (seen: readonly string[], count: number) => {
  while (seen.length < count) {
    await new Promise(setImmediate);
  }
};

describe('rounds', () => {
  it('look at those whose time has come', async () => {
    const { rounds, seen } = startRounds();

    await rounds.run(new AbortController().signal);

    expect(seen).toEqual(['due']);
  });

  it('look at what woke them while they ran, each service once', async () => {
    const { rounds, seen } = startRounds(async id => {
      if (id === 'a') {
        rounds.wake(['b', 'c']);
        rounds.wake(['b']);
      }
    });

    rounds.wake([]);
    rounds.wake(['a']);
    await untilSeen(seen, 3);
    await rounds.stop();

    expect(seen).toEqual(['a', 'b', 'c']);
  });

  it('look at all that are undecided, if all may have changed', async () => {
    const { rounds, seen } = startRounds();

    rounds.wakeAll();
    await untilSeen(seen, 1);
    await rounds.stop();

    expect(seen).toEqual(['undecided']);
  });

  it('go on after one that cannot be looked at, and come back to it', async () => {
    const { rounds, seen, postponed } = startRounds(async id => {
      if (id === 'a') {
        throw new Error('Not now');
      }
    });

    rounds.wake(['a', 'b']);
    await untilSeen(seen, 2);
    await rounds.stop();

    expect(seen).toEqual(['a', 'b']);
    expect(postponed).toEqual([['a', new Date(now.getTime() + LOOK_AGAIN_MS)]]);
  });

  it('end with the one that they are at', async () => {
    let stopped: Promise<void> | undefined;
    const { rounds, seen } = startRounds(async () => {
      stopped = rounds.stop();
    });

    rounds.wake(['a', 'b']);
    await untilSeen(seen, 1);
    await stopped;
    rounds.wake(['c']);
    rounds.wakeAll();
    await rounds.stop();

    expect(seen).toEqual(['a']);
  });
});
