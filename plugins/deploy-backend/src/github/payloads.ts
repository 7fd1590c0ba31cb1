import { InputError } from '@backstage/errors';
import { z } from 'zod';

/**
 * The fields read from GitHub's webhook payloads. Everything that older or smaller payloads leave
 * out is optional.
 *
 * Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads
 */

const id = z
  .union([z.number().int().nonnegative(), z.string().regex(/^\d{1,20}$/)])
  .transform(String);
const sha = z
  .string()
  .regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/i, 'is not a full commit SHA')
  .transform(value => value.toLowerCase());
/** GitHub's forms of a time: ISO 8601 with a zone, or whole seconds since 1970. */
const time = z
  .union([
    z
      .string()
      .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/),
    z.number().int().nonnegative(),
  ])
  .refine(value => isPlausible(toDate(value)), {
    error: 'is not a time between 1970 and 2100',
  })
  .transform(value => toDate(value).toISOString());
// PostgreSQL's text cannot hold NUL.
const text = z.string().transform(value => value.replaceAll('\0', ''));
const name = text.pipe(z.string().min(1).max(200));
const optionalText = text.pipe(z.string().max(2_000)).nullish();
// GitHub sends empty strings where it has no page.
const url = z
  .string()
  .max(2_000)
  .refine(value => value === '' || /^https?:\/\//.test(value), {
    error: 'is not an http(s) URL',
  })
  .nullish();
const user = z.object({ login: name }).nullish();
const attempt = z.number().int().positive().max(1_000_000).nullish();

const repository = z.object({
  full_name: z
    .string()
    .max(200)
    .regex(/^[^/\s]+\/[^/\s]+$/, 'is not owner/name')
    .transform(value => value.toLowerCase()),
});

const conclusion = z
  .enum([
    'success',
    'failure',
    'cancelled',
    'skipped',
    'timed_out',
    'neutral',
    'action_required',
    'stale',
    'startup_failure',
  ])
  .nullish();

const workflowRun = z.object({
  id,
  name: optionalText,
  path: optionalText,
  event: name,
  head_sha: sha,
  head_branch: optionalText,
  display_title: optionalText,
  head_commit: z.object({ message: text }).nullish(),
  actor: user,
  triggering_actor: user,
  html_url: url,
  run_attempt: attempt,
  status: name,
  conclusion,
  created_at: time,
  updated_at: time,
});

const workflowJob = z.object({
  id,
  run_id: id,
  run_attempt: attempt,
  name,
  workflow_name: optionalText,
  head_sha: sha,
  head_branch: optionalText,
  html_url: url,
  status: name,
  conclusion,
  created_at: time.nullish(),
  started_at: time.nullish(),
  completed_at: time.nullish(),
});

const deployment = z.object({
  id,
  sha,
  ref: optionalText,
  environment: name,
  payload: z.unknown().optional(),
  creator: user,
  created_at: time,
  updated_at: time,
});

const runReference = z.object({ id, run_attempt: attempt }).nullish();

const deploymentStatus = z.object({
  id,
  state: z.enum([
    'queued',
    'pending',
    'waiting',
    'in_progress',
    'success',
    'failure',
    'error',
    'inactive',
  ]),
  environment: z.union([name, z.literal('')]).nullish(),
  creator: user,
  performed_via_github_app: z.object({ slug: optionalText }).nullish(),
  log_url: url,
  target_url: url,
  created_at: time,
});

const schemas = {
  workflow_run: z.object({
    repository,
    workflow_run: workflowRun,
    workflow: z.object({ name, path: optionalText }).nullish(),
  }),
  workflow_job: z.object({
    repository,
    workflow_job: workflowJob,
    sender: user,
  }),
  deployment: z.object({
    repository,
    deployment,
    workflow_run: runReference,
  }),
  deployment_status: z.object({
    repository,
    deployment,
    deployment_status: deploymentStatus,
    check_run: z.object({ id }).nullish(),
    workflow_run: runReference,
  }),
  deployment_protection_rule: z.object({
    repository,
    environment: name,
    event: optionalText,
    deployment_callback_url: z.string().min(1).max(2_000),
    deployment: deployment.nullish(),
    sender: user,
  }),
  deployment_review: z.object({
    repository,
    workflow_run: runReference,
    environment: name.nullish(),
    workflow_job_run: z.object({ environment: name.nullish() }).nullish(),
    since: time.nullish(),
  }),
  push: z.object({ repository, ref: name, after: z.string() }),
  // Not webhooks: what was read from the REST API, in the same words.
  'rest.run': z.object({
    repository,
    workflow_run: workflowRun,
    jobs: z.array(workflowJob),
  }),
  'rest.deployment': z.object({
    repository,
    deployment,
    statuses: z.array(deploymentStatus),
  }),
  'rest.review': z.object({
    repository,
    workflow_run: z.object({ id }),
    environment: name,
  }),
};

export type GithubEventName = keyof typeof schemas;
export type GithubPayload<TName extends GithubEventName> = z.infer<
  (typeof schemas)[TName]
>;

/**
 * Reads a payload. Throws an InputError that names the first fields that are wrong.
 */
export function parsePayload<TName extends GithubEventName>(
  event: TName,
  payload: unknown,
): GithubPayload<TName> {
  const result = schemas[event].safeParse(payload);
  if (!result.success) {
    const fields = result.error.issues
      .slice(0, 3)
      .map(issue => `${issue.path.join('.') || 'payload'}: ${issue.message}`);
    throw new InputError(
      `GitHub's ${event} payload cannot be read: ${fields.join('; ')}`,
    );
  }
  return result.data as GithubPayload<TName>;
}

function isPlausible(date: Date): boolean {
  return date.getTime() >= 0 && date.getTime() < Date.UTC(2100, 0);
}

/** GitHub gives some times as seconds since 1970. */
function toDate(value: string | number): Date {
  return new Date(typeof value === 'number' ? value * 1000 : value);
}
