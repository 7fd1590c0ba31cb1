import { InputError } from '@backstage/errors';

/** What a gate's result is about. */
export interface GateKey {
  serviceId: string;
  environment: string;
  gate: string;
  /** Full SHA of the release. */
  commit: string;
}

const SHA = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

/** The id of a gate's result: the same for the same key, so that results need no table. */
export function encodeGateId(key: GateKey): string {
  const parts = [key.serviceId, key.environment, key.gate, key.commit];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** Throws an InputError if the id is not one of ours. */
export function decodeGateId(id: string): GateKey {
  try {
    const parts: unknown = JSON.parse(
      Buffer.from(id, 'base64url').toString('utf8'),
    );
    if (
      Array.isArray(parts) &&
      parts.length === 4 &&
      parts.every(part => typeof part === 'string' && !part.includes('\0'))
    ) {
      const [serviceId, environment, gate, commit] = parts as string[];
      if (SHA.test(commit) && parts.every(part => part.length <= 255)) {
        return { serviceId, environment, gate, commit };
      }
    }
  } catch {
    // Falls through to the error below.
  }
  throw new InputError(
    'id: is not that of a gate; take it from the gates of an environment',
  );
}
