import { Failure, VersionSpec } from '@vvp/backstage-plugin-deploy-common';
import { checkedAddresses, Lookup } from './checkedAddresses';
import { asCommit, valueAt } from './commit';
import { fetchVersion, shown, VersionAnswer } from './fetchVersion';
import { VersionHosts, whyNotAllowed, whyNotFollowed } from './judgeUrl';
import { VersionProblem, VersionProblemKind } from './VersionProblem';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 64 * 1024;
const MAX_REDIRECTS = 3;

/** How an environment may be asked for its version. */
export interface ReadVersionOptions extends VersionHosts {
  /** Whether this machine's own services may be asked. */
  allowLoopback: boolean;
  /** Default: the system's name service. */
  lookup?: Lookup;
  /** Over all, in milliseconds. Default: 5,000. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** The commit that an environment says it runs, in lower case and perhaps shortened; or why it is not known. */
export type VersionReading =
  | { commit: string }
  | { problem: Failure; kind: VersionProblemKind };

/**
 * Asks an environment which commit it runs. Only hosts that the environment or app-config names are asked,
 * never a link-local or metadata address, whatever a name resolves to or a redirect says. Nothing that was
 * answered, but the commit, gets out of here. Rejects only when `signal` is aborted.
 */
export async function readVersion(
  spec: VersionSpec,
  options: ReadVersionOptions,
): Promise<VersionReading> {
  const { timeoutMs = TIMEOUT_MS } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = options.signal
    ? AbortSignal.any([timeout, options.signal])
    : timeout;
  try {
    const answer = await ask(spec.url, { ...options, signal });
    return { commit: commitIn(answer, spec) };
  } catch (error) {
    options.signal?.throwIfAborted();
    return problemOf(error, spec, timeout.aborted, timeoutMs);
  }
}

type Asking = ReadVersionOptions & { signal: AbortSignal };
type Text = Extract<VersionAnswer, { text: string }>;

async function ask(address: string, options: Asking): Promise<Text> {
  let url = allowed(address, undefined, options);
  for (let redirects = 0; ; redirects++) {
    const addresses = await checkedAddresses(url, options);
    const answer = await fetchVersion(url, addresses, {
      maxBytes: MAX_BYTES,
      signal: options.signal,
    });
    if ('text' in answer) {
      return answer;
    }
    if (redirects === MAX_REDIRECTS) {
      throw new VersionProblem(
        'forbidden',
        `${shown(url)} redirects more than ${MAX_REDIRECTS} times.`,
        'Write the address that it ends at into version.url of deploy.yaml.',
      );
    }
    url = allowed(answer.location, url, options);
  }
}

/** The address if it may be asked. */
function allowed(address: string, from: URL | undefined, hosts: VersionHosts) {
  const remedy = from
    ? 'Write the address that answers into version.url of deploy.yaml.'
    : 'Correct version.url in deploy.yaml.';
  const start = from
    ? `${shown(from)} redirects to an address that`
    : undefined;
  if (!URL.canParse(address, from)) {
    throw new VersionProblem(
      'forbidden',
      `${start ?? 'version.url'} is no URL.`,
      remedy,
    );
  }
  const url = new URL(address, from);
  const problem = from
    ? whyNotFollowed(url, from, hosts)
    : whyNotAllowed(url, hosts);
  if (problem) {
    throw new VersionProblem(
      'forbidden',
      `${start ?? shown(url)} ${problem}.`,
      remedy,
    );
  }
  return url;
}

function commitIn({ text, contentType }: Text, spec: VersionSpec): string {
  const from = shown(new URL(spec.url));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const what =
      /html/i.test(contentType) || /^\s*</.test(text)
        ? 'an HTML page'
        : 'something';
    throw new VersionProblem(
      'unusable',
      `${from} answered with ${what} that is not JSON.`,
      'Point version.url in deploy.yaml at an address that answers with JSON, without signing in.',
    );
  }
  const found = valueAt(value, spec.commit);
  if (found === undefined) {
    throw new VersionProblem(
      'unusable',
      `The answer of ${from} has nothing at ${spec.commit}.`,
      'Correct version.commit in deploy.yaml: the path to the commit in the answer.',
    );
  }
  const commit = asCommit(found);
  if (!commit) {
    throw new VersionProblem(
      'unusable',
      `At ${spec.commit} of the answer of ${from} is no commit.`,
      'A full SHA has to stand there, or at least its first 7 digits. Correct version.commit in deploy.yaml, or see that the build tells the service its commit.',
    );
  }
  return commit;
}

function problemOf(
  error: unknown,
  spec: VersionSpec,
  isLate: boolean,
  timeoutMs: number,
): VersionReading {
  if (error instanceof VersionProblem) {
    return { problem: error.failure, kind: error.kind };
  }
  const from = shown(new URL(spec.url));
  const { code } = (error ?? {}) as { code?: unknown };
  const detail = /^[A-Z][A-Z0-9_]{2,60}$/.test(String(code))
    ? ` (${code})`
    : '';
  return {
    kind: 'unreachable',
    problem: {
      message: isLate
        ? `${from} did not answer within ${timeoutMs / 1_000} seconds.`
        : `${from} cannot be reached${detail}.`,
      remedy:
        'See that the service is up, that the portal can reach it, and that its certificate is valid.',
    },
  };
}
