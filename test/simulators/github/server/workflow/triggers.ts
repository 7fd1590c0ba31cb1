import type { EventsConfig } from '@actions/workflow-parser/model/workflow-template';
import { matchesPatterns } from './filterPattern';

interface RefFilters {
  branches?: string[];
  'branches-ignore'?: string[];
  tags?: string[];
  'tags-ignore'?: string[];
}

interface PathFilters {
  paths?: string[];
  'paths-ignore'?: string[];
}

function passes(
  name: string,
  wanted: string[] | undefined,
  ignored: string[] | undefined,
): boolean {
  if (wanted) return matchesPatterns(wanted, name);
  if (ignored) return !matchesPatterns(ignored, name);
  return true;
}

function passesPaths(filters: PathFilters, files: string[]): boolean {
  if (filters.paths) {
    const { paths } = filters;
    return files.some(file => matchesPatterns(paths, file));
  }
  const ignored = filters['paths-ignore'];
  if (!ignored) return true;
  return files.some(file => !matchesPatterns(ignored, file));
}

/** Whether `on.push` starts the workflow for this ref and these files. */
export function triggersOnPush(
  events: EventsConfig,
  ref: string,
  changedFiles: string[],
): boolean {
  const filters: (RefFilters & PathFilters) | undefined = events.push;
  if (!filters) return false;
  if (ref.startsWith('refs/tags/')) {
    const tag = ref.slice('refs/tags/'.length);
    const hasTagFilter = filters.tags || filters['tags-ignore'];
    const hasBranchFilter = filters.branches || filters['branches-ignore'];
    if (!hasTagFilter && hasBranchFilter) return false;
    // GitHub does not look at paths for a tag.
    return passes(tag, filters.tags, filters['tags-ignore']);
  }
  const branch = ref.slice('refs/heads/'.length);
  const hasBranchFilter = filters.branches || filters['branches-ignore'];
  if (!hasBranchFilter && (filters.tags || filters['tags-ignore']))
    return false;
  return (
    passes(branch, filters.branches, filters['branches-ignore']) &&
    passesPaths(filters, changedFiles)
  );
}

/** Whether `on.pull_request` starts the workflow. */
export function triggersOnPullRequest(
  events: EventsConfig,
  action: string,
  baseBranch: string,
  changedFiles: string[],
): boolean {
  const filters = events.pull_request;
  if (!filters) return false;
  const types = filters.types ?? ['opened', 'synchronize', 'reopened'];
  return (
    types.includes(action) &&
    passes(baseBranch, filters.branches, filters['branches-ignore']) &&
    passesPaths(filters, changedFiles)
  );
}

/** Whether `on.workflow_run` starts the workflow after another one's run. */
export function triggersOnWorkflowRun(
  events: EventsConfig,
  action: string,
  workflowName: string,
  headBranch: string,
): boolean {
  const filters = events.workflow_run;
  if (!filters) return false;
  const types = filters.types ?? ['requested', 'in_progress', 'completed'];
  return (
    types.includes(action) &&
    (filters.workflows ?? []).includes(workflowName) &&
    passes(headBranch, filters.branches, filters['branches-ignore'])
  );
}
