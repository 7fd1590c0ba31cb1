import type { Outcomes } from '../../client/types';

interface Entry {
  at: number;
  outcomes?: Outcomes;
}

/** Somebody pushes a change of some folders, alone or by a pull request. */
export interface PushEntry extends Entry {
  kind: 'push';
  author: string;
  message: string;
  /** Folders or files that change. */
  areas: string[];
  /** What it sets in `deploy.yaml` besides: values by the paths of their keys. */
  settings?: { path: string[]; value: string | number }[];
  branch?: string;
  /** The change comes by a pull request that is opened before and merged then. */
  byPullRequest?: boolean;
  cancelAfterSeconds?: number;
  /** Somebody sits by and approves what waits as soon as it does. */
  approvedAtOnce?: boolean;
  /** Its failed jobs are run again, and succeed. */
  rerunAfterMinutes?: number;
}

/** A branch is moved forward to where another one is. */
export interface ForwardEntry extends Entry {
  kind: 'forward';
  author: string;
  from: string;
  to: string;
}

export interface TagEntry extends Entry {
  kind: 'tag';
  author: string;
  tag: string;
}

export interface StartEntry extends Entry {
  kind: 'start';
  author: string;
  workflow: string;
  event: 'schedule' | 'workflow_dispatch';
  inputs?: Record<string, string>;
}

export type StoryEntry = PushEntry | ForwardEntry | TagEntry | StartEntry;

/** What happens in one repository. */
export interface Story {
  repository: string;
  /** Branches that exist beside the default one. */
  branches?: string[];
  environments?: Record<string, { customRule?: boolean; reviewers?: string[] }>;
  entries: StoryEntry[];
}
