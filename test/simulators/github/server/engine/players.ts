import type { RunAttempt } from '../state/model';
import type { RunPlayer } from './RunPlayer';

const players = new WeakMap<RunAttempt, RunPlayer>();

/** Who plays an attempt. */
export function playerOf(attempt: RunAttempt): RunPlayer | undefined {
  return players.get(attempt);
}

export function registerPlayer(player: RunPlayer): void {
  players.set(player.attempt, player);
}
