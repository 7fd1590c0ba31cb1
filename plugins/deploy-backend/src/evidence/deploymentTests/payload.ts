import { InputError } from '@backstage/errors';
import { z } from 'zod';

const count = z.number().int().min(0).max(10_000_000);

const url = z
  .string()
  .max(1_000)
  .refine(isPlainUrl, 'has to be an http or https address without password');

const schema = z.object({
  git_sha: z
    .string()
    .regex(/^[0-9a-f]{7,64}$/i, 'has to be a commit SHA, in full')
    .transform(sha => sha.toLowerCase()),
  passed: z.boolean(),
  total_tests: count,
  passed_tests: count,
  failed_tests: count,
  duration_seconds: z.number().min(0).max(10_000_000),
  issuer_url: url,
  verifier_url: url,
  errors: z
    .array(z.string().max(20_000))
    .max(10_000)
    .nullish()
    .transform(errors => errors ?? []),
});

/** What VVP's pipeline posts after its tests against what it has deployed. */
export type DeploymentTestsPayload = z.infer<typeof schema>;

/** The fields with the addresses of the services that were tested. */
export const urlFields = ['issuer_url', 'verifier_url'] as const;

/** Throws an InputError that names the field, and changes nothing. Unknown fields are left out. */
export function parsePayload(text: string): DeploymentTestsPayload {
  const result = schema.safeParse(parseJson(text));
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new InputError(
      `${issue.path.join('.') || 'The body'}: ${
        issue.message
      }. Post the fields as VVP's pipeline does.`,
    );
  }
  assertConsistent(result.data);
  return result.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError(
      'The body is no JSON. A value that a step of the workflow left empty is the usual cause: check the outputs that the fields are made of.',
    );
  }
}

/** Numbers that contradict each other prove nothing. */
function assertConsistent(payload: DeploymentTestsPayload): void {
  const { passed, total_tests, passed_tests, failed_tests } = payload;
  if (passed_tests + failed_tests > total_tests) {
    throw new InputError(
      `total_tests: ${total_tests} is less than passed_tests ${passed_tests} and failed_tests ${failed_tests} together. Count every test.`,
    );
  }
  if (passed && failed_tests > 0) {
    throw new InputError(
      `passed: is true although failed_tests is ${failed_tests}. Set it by the exit code of the test run.`,
    );
  }
  if (passed && passed_tests === 0) {
    throw new InputError(
      'passed: is true although passed_tests is 0. A run without a test proves nothing; check how the tests were selected.',
    );
  }
}

function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) {
    return false;
  }
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && !username && !password;
}
