import { minimatch } from 'minimatch';

/**
 * Whose word about a service counts: `spec.evidence` of its deploy.yaml.
 *
 * Globs as in GitHub's branch filters: `*` stops at slashes, `**` does not. An empty list allows
 * nothing.
 */
export interface EvidenceTrust {
  /**
   * Branches (`main`, `release/**`); tags are written in full (`refs/tags/v*`), so that nobody can
   * pass for a branch by pushing a tag of its name. Default: every branch and tag.
   */
  refs?: string[];
  /**
   * File names of the repository's own workflows (`deploy.yml`), or reusable ones of other
   * repositories (`example-org/shared/.github/workflows/test.yml@refs/heads/main`; without `@` at
   * any ref). Default: every workflow of the repository itself, and no other.
   */
  workflows?: string[];
  /**
   * Events that count besides {@link safeEvents}, such as `workflow_run`. Their runs have the default branch's
   * `sha` whatever they check out, so the repository has to know that it is no pull request's code. Default: none.
   */
  events?: string[];
}

/**
 * Events that run the repository's own code on the commit of the token, and that only those can cause who may
 * write to it.
 */
export const safeEvents: readonly string[] = [
  'create',
  'deployment',
  'deployment_status',
  'merge_group',
  'push',
  'release',
  'repository_dispatch',
  'schedule',
  'workflow_dispatch',
];

/** @param event - claim `event_name`, of a run that is not for a pull request */
export function isEventTrusted(event: string, trust: EvidenceTrust): boolean {
  return safeEvents.includes(event) || Boolean(trust.events?.includes(event));
}

const options = {
  dot: true,
  nobrace: true,
  nocomment: true,
  noext: true,
  nonegate: true,
};

/** @param ref - in full, such as `refs/heads/main` */
export function isRefTrusted(ref: string, trust: EvidenceTrust): boolean {
  if (!/^refs\/(heads|tags)\/./.test(ref)) {
    return false;
  }
  return (trust.refs ?? ['refs/heads/**', 'refs/tags/**']).some(pattern =>
    minimatch(
      ref,
      pattern.startsWith('refs/') ? pattern : `refs/heads/${pattern}`,
      options,
    ),
  );
}

/**
 * @param workflow - claim `job_workflow_ref`: `owner/name/.github/workflows/file.yml@ref`
 * @param repository - `owner/name` of the service
 */
export function isWorkflowTrusted(
  workflow: string,
  repository: string,
  trust: EvidenceTrust,
): boolean {
  const claimed = splitWorkflow(workflow);
  if (!claimed) {
    return false;
  }
  return (trust.workflows ?? ['*']).some(written => {
    const pattern = splitPattern(written, repository);
    return (
      pattern !== undefined &&
      minimatch(claimed.repository, pattern.repository, options) &&
      minimatch(claimed.file, pattern.file, options) &&
      (!pattern.ref || minimatch(claimed.ref, pattern.ref, options))
    );
  });
}

const FOLDER = '.github/workflows/';

interface WorkflowPlace {
  /** Lower case: GitHub does not tell `Example-Org` from `example-org`. */
  repository: string;
  file: string;
  ref: string;
}

function splitWorkflow(workflow: string): WorkflowPlace | undefined {
  const match = /^([^/@]+\/[^/@]+)\/\.github\/workflows\/([^/@]+)@(.+)$/.exec(
    workflow,
  );
  return match
    ? {
        repository: match[1].toLocaleLowerCase('en-US'),
        file: match[2],
        ref: match[3],
      }
    : undefined;
}

function splitPattern(
  pattern: string,
  repository: string,
): WorkflowPlace | undefined {
  const [place, ...rest] = pattern.split('@');
  const ref = rest.join('@');
  const folder = place.indexOf(FOLDER);
  const at = folder > 0 ? place.slice(0, folder - 1) : repository;
  const file = folder < 0 ? place : place.slice(folder + FOLDER.length);
  return file && !file.includes('/')
    ? { repository: at.toLocaleLowerCase('en-US'), file, ref }
    : undefined;
}
