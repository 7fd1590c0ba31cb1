import { createHash } from 'node:crypto';
import {
  EvidenceFormat,
  EvidenceType,
} from '@vvp/backstage-plugin-deploy-common';

/** Digest of what makes two reports the same. Who brought it and when does not. */
export function evidenceIdentity(report: {
  serviceId: string;
  commit: string;
  type: EvidenceType;
  format: EvidenceFormat;
  environment?: string;
  suite?: string;
  mode?: string;
  pullRequest?: number;
  /** Of the content. */
  digest: string;
}): string {
  return sha256([
    report.serviceId,
    report.commit,
    report.type,
    report.format,
    report.environment ?? '',
    report.suite ?? '',
    report.mode ?? '',
    report.pullRequest ?? 0,
    report.digest,
  ]);
}

/** Digest of what makes two test cases of different reports the same. */
export function testIdentity(test: {
  suite: string;
  className?: string;
  name: string;
}): string {
  return sha256([test.suite, test.className ?? '', test.name]);
}

function sha256(parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
