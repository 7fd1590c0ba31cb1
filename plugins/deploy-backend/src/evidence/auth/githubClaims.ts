import { NotAllowedError } from '@backstage/errors';
import { JWTPayload } from 'jose';
import { z } from 'zod';
import { plainText } from './plainText';

const text = z.string().min(1).max(1_000);
const commit = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/);

const claimsSchema = z.object({
  repository: z.string().regex(/^[^/\s]{1,100}\/[^/\s]{1,100}$/),
  ref: text,
  sha: commit,
  event_name: text,
  job_workflow_ref: text,
  run_id: z.string().regex(/^\d{1,20}$/),
  run_attempt: z.string().regex(/^\d{1,9}$/),
  actor: text.optional(),
  head_ref: z.string().max(1_000).optional(),
});

/** What GitHub says of the job that a token was given to. */
export type GithubClaims = z.infer<typeof claimsSchema>;

/** Throws a NotAllowedError that names a claim that is missing or malformed. */
export function toGithubClaims(claims: JWTPayload): GithubClaims {
  const result = claimsSchema.safeParse(claims);
  if (result.success) {
    return result.data;
  }
  const claim = String(result.error.issues[0].path[0]);
  const state =
    claims[claim] === undefined
      ? 'lacks the claim'
      : 'has a malformed value in the claim';
  throw new NotAllowedError(
    `The OIDC token ${state} ${claim}. Use a token that GitHub gave to a job of a workflow.`,
  );
}

const safeClaims = [
  'iss',
  'repository',
  'sha',
  'ref',
  'event_name',
  'job_workflow_ref',
  'run_id',
  'run_attempt',
];

/** The claims that may stand in an audit event, cut short; of a stranger's token they may be lies. */
export function claimsForAudit(claims: JWTPayload): Record<string, string> {
  return Object.fromEntries(
    safeClaims.flatMap(claim =>
      claims[claim] === undefined ? [] : [[claim, plainText(claims[claim])]],
    ),
  );
}
