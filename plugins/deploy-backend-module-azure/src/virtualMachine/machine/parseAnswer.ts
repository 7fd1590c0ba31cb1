import { JsonObject } from '@backstage/types';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';

const LONGEST_REASON = 300;

/**
 * The answer of a script, out of the statuses of a run-command. The script has run to its end only if its
 * nonce is there: whatever else the message says, such as that the machine went down, is not an answer.
 *
 * @param statuses - `value` of the RunCommandResult
 */
export function parseAnswer(
  statuses: readonly { message?: string }[] | undefined,
  nonce: string,
): JsonObject {
  const message = (statuses ?? [])
    .map(status => status.message ?? '')
    .join('\n');
  const [, output = message] = message.split('[stdout]');
  const [stdout, stderr = ''] = output.split('[stderr]');
  const line = stdout
    .split('\n')
    .reverse()
    .find(text => text.startsWith(`@deploy ${nonce} `));
  if (line === undefined) {
    const reason = printable(stderr || message);
    throw new TargetError(
      'transient',
      `The script on the machine did not run to its end${
        reason && `: ${reason}`
      }`,
      { remedy: 'See in diagnostics whether the machine is up.' },
    );
  }
  const answer = readObject(line.slice(line.indexOf('{')));
  if (answer === undefined) {
    throw new TargetError(
      'invalid',
      'The script on the machine answered something that is not JSON.',
      { remedy: 'See whether the machine has bash 4.4 and GNU coreutils.' },
    );
  }
  return answer;
}

/** Text that a script sent as base64. */
export function decodeText(value: unknown): string {
  return typeof value === 'string'
    ? printable(Buffer.from(value, 'base64').toString('utf8'))
    : '';
}

function readObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The end of it, on one line: that is where the reason is. */
function printable(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex
      .replace(/[\u0000-\u001f\u007f\s]+/g, ' ')
      .trim()
      .slice(-LONGEST_REASON)
  );
}
