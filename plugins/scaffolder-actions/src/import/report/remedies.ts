import { Leaf } from '../types';

interface Answer {
  message: string;
  remedy: string;
}

const BY_HAND = 'Keep it in a workflow of its own, or leave it out.';

/** What to say of a part of a workflow that nobody understood, by where it stands. */
const ANSWERS: readonly (readonly [RegExp, Answer])[] = [
  [
    /^on\/(push|pull_request)\/(paths|branches|tags)-ignore/,
    {
      message: 'deploy.yaml names what counts, and not what does not',
      remedy:
        'Name the paths under spec.services.<key>.paths, the branches under spec.pipeline.branches.',
    },
  ],
  [
    /^on\/workflow_dispatch\/inputs/,
    {
      message:
        'an input that generated workflows do not have; they ask which service is meant, and no more',
      remedy: 'Say as a key of deploy.yaml what it was there to choose.',
    },
  ],
  [
    /^on(\/|$)/,
    {
      message: 'a trigger that generated workflows do not have',
      remedy: BY_HAND,
    },
  ],
  [
    /^permissions|^jobs\/[^/]+\/permissions/,
    {
      message: 'a permission that no generated job has',
      remedy: 'Keep what needs it in a workflow of its own.',
    },
  ],
  [
    /^env\/|^jobs\/[^/]+\/env\//,
    {
      message: 'a variable that nothing that was understood refers to',
      remedy:
        'Say it under deploy.environment of the service, or test.environment of its tests, if they need it.',
    },
  ],
  [
    /^jobs\/[^/]+\/if$/,
    {
      message: 'a condition that generated jobs do not have',
      remedy:
        'Check that the job may run whenever its service changed on one of spec.pipeline.branches.',
    },
  ],
  [
    /^jobs\/[^/]+\/needs/,
    {
      message: 'it waits for a job that is not generated',
      remedy: 'Look at what becomes of that job.',
    },
  ],
  [
    /^jobs\/[^/]+\/strategy/,
    {
      message: 'a matrix that was not understood',
      remedy:
        'List what differs as services, with their jobs and the values of the matrix.',
    },
  ],
  [
    /^jobs\/[^/]+\/(uses|secrets|with)/,
    {
      message: 'a reusable workflow; what it does stands elsewhere',
      remedy: 'Import the workflow that it calls as well, or keep it.',
    },
  ],
  [
    /^jobs\/[^/]+\/container/,
    {
      message:
        'a container that the job runs in; generated jobs run on the machine itself',
      remedy: 'Name what it brings as test.systemPackages or test.packages.',
    },
  ],
  [
    /^jobs\/[^/]+\/concurrency|^concurrency/,
    {
      message:
        'generated jobs that test do not wait for each other, and those that deploy always do',
      remedy: 'Leave it.',
    },
  ],
  [
    /^jobs\/[^/]+\/timeout-minutes$/,
    {
      message: 'the time limit of a job that was not understood',
      remedy: 'Look at what becomes of its steps.',
    },
  ],
  [
    /^jobs\/[^/]+\/environment/,
    {
      message: 'the environment of a job that was not understood to deploy',
      remedy:
        'Say what it deploys as a service with a target, or keep it in a workflow of its own.',
    },
  ],
  [
    /^jobs\/[^/]+\/outputs/,
    {
      message:
        'what other jobs are told; generated jobs tell what they need to',
      remedy: 'Look at what becomes of the jobs that use it.',
    },
  ],
  [
    /^jobs\/[^/]+\/runs-on/,
    {
      message: 'a machine that generated jobs do not run on',
      remedy: 'All of them run on one label: name it as spec.pipeline.runner.',
    },
  ],
  [
    /^jobs\/[^/]+\/steps\/\d+\/working-directory$/,
    {
      message: 'where a command that was not understood runs',
      remedy: 'Look at what becomes of the step.',
    },
  ],
  [
    /^jobs\/[^/]+\/steps\/\d+\/if$/,
    {
      message: 'a condition of a step',
      remedy: 'Check that the step may always run.',
    },
  ],
  [
    /^jobs\/[^/]+\/steps\/\d+\/run$/,
    {
      message: 'a command that was not understood',
      remedy:
        'Keep it in a workflow or script of its own, if it is still needed.',
    },
  ],
  [
    /^jobs\/[^/]+\/steps\/\d+\/uses$/,
    {
      message: 'an action that generated jobs do not use',
      remedy: 'Keep it in a workflow of its own, if it is still needed.',
    },
  ],
  [
    /^jobs\/[^/]+\/steps\/\d+\/(with|env)/,
    {
      message: 'a setting of a step that was not understood',
      remedy: 'Look at what becomes of the step.',
    },
  ],
];

/** Why a leaf that nobody took is not supported, and what to do about it. */
export function answerFor(leaf: Leaf): Answer {
  if (leaf.surprise) {
    return {
      message: leaf.surprise,
      remedy: 'Put it in quotes, and import the workflow again.',
    };
  }
  const path = leaf.path.join('/');
  return (
    ANSWERS.find(([pattern]) => pattern.test(path))?.[1] ?? {
      message: 'deploy.yaml has no word for it',
      remedy: BY_HAND,
    }
  );
}
