import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import { holdsEntry } from '../gates/holdsEntry';
import { GateResult } from '../model';

/**
 * What an approval is bound to.
 *
 * @public
 */
export interface SeenSubject {
  commit: string;
  /** Digest of what was built; that it becomes known is a change, too. */
  artifact?: string;
  gates?: {
    results: readonly Pick<
      GateResult,
      'name' | 'state' | 'measuredCommit' | 'evidenceIds' | 'afterDeployment'
    >[];
  };
}

/**
 * Digest of a release and of how its gates stand. It does not depend on the order of gates and reports,
 * nor on how old a report is, nor on gates that have no say before the release is there.
 *
 * @returns SHA-256, 64 lower-case hex digits
 * @public
 */
export function seenBy(subject: SeenSubject): string {
  const gates = (subject.gates?.results ?? [])
    .filter(holdsEntry)
    .map(gate =>
      JSON.stringify([
        gate.name,
        gate.state,
        gate.measuredCommit ?? '',
        [...gate.evidenceIds].sort(),
      ]),
    )
    .sort();
  const text = JSON.stringify([subject.commit, subject.artifact ?? '', gates]);
  return bytesToHex(sha256(text));
}
