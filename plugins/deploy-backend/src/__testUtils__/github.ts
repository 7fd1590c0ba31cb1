/** GitHub's webhook payloads, with the fields that matter here. */

export const SHA = 'b'.repeat(40);

/** A time so many minutes after noon. */
export function minute(minutes: number): string {
  return new Date(Date.UTC(2026, 0, 5, 12, minutes)).toISOString();
}

interface RunOptions {
  repository?: string;
  id: number;
  attempt?: number;
  workflow?: string;
  path?: string;
  event?: string;
  sha?: string;
  branch?: string;
  conclusion?: string;
  start?: number;
  end?: number;
}

export function workflowRun(options: RunOptions): object {
  const { start = 0, end = start + 10 } = options;
  return {
    action: 'completed',
    repository: { full_name: options.repository ?? 'example-org/vvp' },
    workflow_run: {
      id: options.id,
      name: options.workflow ?? 'Build and Deploy',
      path: options.path ?? '.github/workflows/deploy.yml',
      event: options.event ?? 'push',
      head_sha: options.sha ?? SHA,
      head_branch: options.branch ?? 'main',
      display_title: 'fix: verify faster',
      actor: { login: 'dana' },
      triggering_actor: { login: 'dana' },
      html_url: `https://github.example.test/runs/${options.id}`,
      run_attempt: options.attempt ?? 1,
      status: 'completed',
      conclusion: options.conclusion ?? 'success',
      created_at: minute(start),
      updated_at: minute(end),
    },
  };
}

export function workflowJob(options: {
  repository?: string;
  id: number;
  runId: number;
  attempt?: number;
  name: string;
  sha?: string;
  branch?: string;
  status?: string;
  conclusion?: string;
  start?: number;
  end?: number;
}): object {
  const { start = 1, end = start + 2, status = 'completed' } = options;
  return {
    action: status,
    repository: { full_name: options.repository ?? 'example-org/vvp' },
    sender: { login: 'dana' },
    workflow_job: {
      id: options.id,
      run_id: options.runId,
      run_attempt: options.attempt ?? 1,
      name: options.name,
      workflow_name: 'Build and Deploy',
      head_sha: options.sha ?? SHA,
      head_branch: options.branch ?? 'main',
      html_url: `https://github.example.test/jobs/${options.id}`,
      status,
      conclusion:
        status === 'completed' ? options.conclusion ?? 'success' : null,
      created_at: minute(start),
      started_at: minute(start),
      completed_at: status === 'completed' ? minute(end) : null,
    },
  };
}
