import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { IncomingHttpHeaders } from 'node:http';

export interface Credential {
  accessKeyId: string;
  secretAccessKey: string;
  /** Of temporary credentials. */
  sessionToken?: string;
  /** Account number, 12 digits. */
  account: string;
  /** ARN of who it is. */
  principal: string;
}

export interface SignedRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export type SignatureResult =
  | { credential: Credential; region: string }
  | { error: string; message: string };

const form =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/;
const allowedSkew = 15 * 60_000;

/**
 * Recomputes a version 4 signature.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function checkSignature(
  request: SignedRequest,
  service: string,
  credentials: ReadonlyMap<string, Credential>,
  now: number,
): SignatureResult {
  const header = request.headers.authorization;
  if (!header) {
    return {
      error: 'MissingAuthenticationTokenException',
      message: 'Missing Authentication Token',
    };
  }
  const match = form.exec(header);
  if (!match) {
    return {
      error: 'IncompleteSignatureException',
      message: 'Authorization header is not as it has to be',
    };
  }
  const [, accessKeyId, day, region, scope, signedHeaders, signature] = match;
  const credential = credentials.get(accessKeyId);
  const token = request.headers['x-amz-security-token'];
  if (!credential || credential.sessionToken !== token) {
    return {
      error: 'UnrecognizedClientException',
      message: 'The security token included in the request is invalid.',
    };
  }
  const time = String(request.headers['x-amz-date'] ?? '');
  if (Math.abs(timeOf(time) - now) > allowedSkew || !time.startsWith(day)) {
    return {
      error: 'InvalidSignatureException',
      message: 'Signature expired',
    };
  }
  const canonical = canonicalRequest(request, signedHeaders);
  const toSign = [
    'AWS4-HMAC-SHA256',
    time,
    `${day}/${region}/${service}/aws4_request`,
    sha256(canonical),
  ].join('\n');
  const key = [day, region, service, 'aws4_request'].reduce<Buffer>(
    (secret, part) => hmac(secret, part),
    Buffer.from(`AWS4${credential.secretAccessKey}`),
  );
  const expected = hmac(key, toSign);
  if (
    scope !== service ||
    !timingSafeEqual(expected, Buffer.from(signature, 'hex'))
  ) {
    return {
      error: 'InvalidSignatureException',
      message:
        'The request signature we calculated does not match the signature you provided.',
    };
  }
  return { credential, region };
}

function canonicalRequest(
  request: SignedRequest,
  signedHeaders: string,
): string {
  const headers = signedHeaders
    .split(';')
    .map(
      name =>
        `${name}:${String(request.headers[name] ?? '')
          .trim()
          .replace(/ +/g, ' ')}\n`,
    )
    .join('');
  return [
    request.method,
    request.path,
    '',
    headers,
    signedHeaders,
    sha256(request.body),
  ].join('\n');
}

function timeOf(text: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!match) {
    return Number.NEGATIVE_INFINITY;
  }
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
