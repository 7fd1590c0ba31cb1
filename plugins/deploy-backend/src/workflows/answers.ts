import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { z } from 'zod';

/** What is read of GitHub's answers; the rest may be there or not. */

const id = z.number().int().positive().max(Number.MAX_SAFE_INTEGER);
const text = z.string().transform(value => value.slice(0, 1_000));
const optionalText = text.nullish().transform(value => value ?? undefined);
const page = z
  .string()
  .max(2_000)
  .regex(/^https?:\/\//)
  .nullish()
  .transform(value => value ?? undefined);
const time = z
  .string()
  .refine(value => Number.isFinite(Date.parse(value)))
  .transform(value => new Date(value).toISOString());

const account = z
  .object({ login: text, type: text.optional() })
  .nullish()
  .transform(value => value ?? undefined);

const run = z.object({
  id,
  name: optionalText,
  path: text.optional(),
  event: text,
  status: optionalText,
  conclusion: optionalText,
  head_sha: text,
  head_branch: optionalText,
  display_title: text.optional(),
  html_url: page,
  run_attempt: z.number().int().positive().optional(),
  created_at: time,
  updated_at: time,
  run_started_at: time.optional(),
  actor: account,
});

const job = z.object({
  id,
  name: text,
  status: text,
  conclusion: optionalText,
  html_url: page,
  completed_at: time.nullish().transform(value => value ?? undefined),
  runner_id: z.number().nullish(),
  steps: z.array(z.unknown()).max(10_000).nullish(),
});

const schemas = {
  workflow: z.object({ id, state: text, path: text }),
  repository: z.object({ default_branch: text }),
  commit: z.object({ sha: z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/) }),
  content: z.object({
    type: z.literal('file'),
    encoding: z.literal('base64'),
    content: z.string().max(1_500_000),
  }),
  account: z.object({ login: text }),
  dispatched: z.object({ workflow_run_id: id }),
  run,
  runs: z.object({ workflow_runs: z.array(run).max(100) }),
  jobs: z.object({ jobs: z.array(job).max(100) }),
  waiting: z
    .array(z.object({ environment: z.object({ name: optionalText }) }))
    .max(1_000),
};

type Schemas = typeof schemas;

/** A run of a workflow, its latest attempt. */
export type RunAnswer = z.infer<typeof run>;

/** A job of an attempt. */
export type JobAnswer = z.infer<typeof job>;

/** Reads an answer; throws a TargetError that names the first field that is wrong. */
export function readAnswer<TName extends keyof Schemas>(
  name: TName,
  data: unknown,
): z.infer<Schemas[TName]> {
  const result = schemas[name].safeParse(data);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new TargetError(
      'invalid',
      `GitHub's answer cannot be used: ${[name, ...issue.path].join('.')}: ${
        issue.message
      }.`,
      { remedy: 'Check what integrations.github of app-config leads to.' },
    );
  }
  return result.data as z.infer<Schemas[TName]>;
}
