import { DeploymentWatch } from '@vvp/backstage-plugin-deploy-common';
import { Tone } from './status';

/**
 * What came of watching a deployment, in the user's words.
 *
 * @internal
 */
export interface WatchText {
  tone: Tone;
  title: string;
  /** What the looks showed, or why it ended so. */
  text?: string;
}

/**
 * Says how a watch stands. Of its end time only the caller knows how to write it.
 *
 * @internal
 */
export function watchText(watch: DeploymentWatch): WatchText {
  const { state, note } = watch;
  switch (state) {
    case 'watching':
      return {
        tone: 'progress',
        title: 'Watched',
        // What a rollback waits for, if one is due.
        text: [looksText(watch), note].filter(Boolean).join(' '),
      };
    case 'healthy':
      return {
        tone: 'success',
        title: 'Watched, and proved good',
        text: note ?? looksText(watch),
      };
    case 'rolled-back':
    case 'kept-out':
      return takenOut(watch);
    case 'not-possible':
      return {
        tone: 'error',
        title: 'Could not be rolled back automatically',
        text: note,
      };
    case 'unjudged':
      return {
        tone: 'attention',
        title: 'Not judged: look at it yourself',
        text: note,
      };
    default:
      return {
        tone: 'neutral',
        title: 'No longer watched',
        text: note,
      };
  }
}

/** An operation that cannot be read any more did its work long ago. */
function takenOut({
  state,
  note,
  operationStatus,
}: DeploymentWatch): WatchText {
  const isOut = state === 'kept-out';
  switch (operationStatus) {
    case 'queued':
    case 'running':
      return {
        tone: 'progress',
        title: isOut
          ? 'Never came to serve, and is being kept out'
          : 'Being rolled back automatically',
        text: note,
      };
    case 'failed':
    case 'cancelled':
      return {
        tone: 'error',
        title: isOut
          ? 'Never came to serve, and could not be kept out'
          : 'The automatic rollback did not succeed',
        text: note,
      };
    default:
      return {
        tone: 'attention',
        title: isOut
          ? 'Never came to serve, and is kept out'
          : 'Rolled back automatically',
        text: note,
      };
  }
}

function looksText({ looks }: DeploymentWatch): string {
  const { done, healthy, planned } = looks;
  const shown = `${healthy} of ${done} ${
    done === 1 ? 'look' : 'looks'
  } healthy`;
  return planned === undefined
    ? shown
    : `${shown}, ${Math.max(0, planned - done)} to go`;
}
