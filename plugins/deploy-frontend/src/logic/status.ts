import {
  Deployment,
  DeploymentStatus,
} from '@vvp/backstage-plugin-deploy-common';

/**
 * How a state is coloured. Only a broken change or pipeline is an error.
 *
 * @internal
 */
export type Tone = 'success' | 'error' | 'attention' | 'progress' | 'neutral';

/**
 * What a state is called and what it means, in the user's words.
 *
 * @internal
 */
export interface StatusText {
  label: string;
  meaning: string;
  tone: Tone;
}

/**
 * Texts and tones of every state.
 *
 * @internal
 */
export const statusTexts: Record<DeploymentStatus, StatusText> = {
  queued: {
    label: 'Queued',
    meaning: 'Asked for, not started yet',
    tone: 'neutral',
  },
  waiting: {
    label: 'Waiting',
    meaning: 'Held for an approval or another protection of the environment',
    tone: 'attention',
  },
  in_progress: {
    label: 'In progress',
    meaning: 'Being deployed now',
    tone: 'progress',
  },
  succeeded: {
    label: 'Succeeded',
    meaning: 'In place',
    tone: 'success',
  },
  failed: {
    label: 'Failed',
    meaning: 'The change broke',
    tone: 'error',
  },
  errored: {
    label: 'Pipeline error',
    meaning: 'The pipeline broke; the change itself was not judged',
    tone: 'error',
  },
  cancelled: {
    label: 'Cancelled',
    meaning: 'Stopped by a person or by a newer run',
    tone: 'neutral',
  },
  superseded: {
    label: 'Replaced',
    meaning: 'It worked, and a newer one replaced it',
    tone: 'neutral',
  },
  rolled_back: {
    label: 'Rolled back',
    meaning: 'It worked, and was taken out again on purpose',
    tone: 'attention',
  },
};

/**
 * The moment that the state is about: the end when there is one, else the start.
 *
 * @internal
 */
export function statusMoment(deployment: Deployment): string {
  return deployment.finishedAt ?? deployment.startedAt ?? deployment.createdAt;
}

/**
 * What a newer attempt means for somebody who looks at what runs now.
 *
 * @internal
 */
export const attemptTexts: Record<DeploymentStatus, string> = {
  queued: 'Next release queued',
  waiting: 'Next release waits for approval, asked',
  in_progress: 'Next release being deployed, started',
  succeeded: 'Newer attempt succeeded',
  failed: 'Newer attempt failed',
  errored: 'Newer attempt stopped on a pipeline error',
  cancelled: 'Newer attempt was cancelled',
  superseded: 'Newer attempt was replaced',
  rolled_back: 'Newer release was rolled back',
};
