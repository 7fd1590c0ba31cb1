import { AwsError } from '../ecs/AwsError';

const version = '2011-06-15';

/** Operation and members of a request in the query protocol. */
export function readQuery(body: string): {
  operation: string;
  members: Record<string, string | number>;
} {
  const { Action, Version, ...members } = Object.fromEntries(
    new URLSearchParams(body),
  );
  if (!Action || Version !== version) {
    throw new AwsError('InvalidAction', 'Action and version are needed.');
  }
  return {
    operation: Action,
    members: Object.fromEntries(
      Object.entries(members).map(([name, value]) => [
        name,
        name === 'DurationSeconds' ? Number(value) : value,
      ]),
    ),
  };
}

export function writeAnswer(
  operation: string,
  body: object,
  requestId: string,
): string {
  return `<${operation}Response xmlns="https://sts.amazonaws.com/doc/${version}/"><${operation}Result>${write(
    body,
  )}</${operation}Result><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`;
}

export function writeError(error: AwsError, requestId: string): string {
  return `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/${version}/"><Error><Type>Sender</Type><Code>${escape(
    error.name,
  )}</Code><Message>${escape(
    error.message,
  )}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
}

function write(value: object): string {
  return Object.entries(value)
    .map(([name, item]) => `<${name}>${content(item)}</${name}>`)
    .join('');
}

function content(item: unknown): string {
  if (item instanceof Date) {
    return item.toISOString();
  }
  return typeof item === 'object' && item !== null
    ? write(item)
    : escape(String(item));
}

function escape(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}
