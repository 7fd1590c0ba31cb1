import { InputError } from '@backstage/errors';
import { encodeLines, severities } from '@vvp/backstage-plugin-deploy-common';
import {
  EvidenceFileRow,
  EvidenceFindingRow,
  EvidenceSuiteRow,
  EvidenceTestRow,
} from '../../store/rows';
import { Report } from '../formats/types';
import { testIdentity } from './evidenceIdentity';

/** What an integer column holds. */
const MAX_INTEGER = 2_147_483_647;

/** Rows of the tables beside `evidence`. */
export interface DetailRows {
  evidence_files: EvidenceFileRow[];
  evidence_suites: EvidenceSuiteRow[];
  evidence_tests: EvidenceTestRow[];
  evidence_findings: EvidenceFindingRow[];
}

/** Tables that a report has a detail in; all other parts of it are in its summary. */
export const detailTables = [
  'evidence_files',
  'evidence_suites',
  'evidence_tests',
  'evidence_findings',
] as const satisfies readonly (keyof DetailRows)[];

/**
 * The rows of a report's details.
 *
 * @throws InputError for a count that no report of this world has
 */
export function detailRows(evidenceId: string, report: Report): DetailRows {
  return {
    evidence_files: fileRows(evidenceId, report),
    evidence_suites: suiteRows(evidenceId, report),
    evidence_tests: testRows(evidenceId, report),
    evidence_findings: findingRows(evidenceId, report),
  };
}

function fileRows(evidenceId: string, report: Report): EvidenceFileRow[] {
  if (report.type !== 'coverage') {
    return [];
  }
  return report.files.map(file => {
    const count = (value: number) => storableCount(value, file.path);
    return {
      evidence_id: evidenceId,
      path: storableText(file.path),
      package: file.package === undefined ? null : storableText(file.package),
      lines_covered: count(file.lines.covered),
      lines_total: count(file.lines.total),
      branches_covered: file.branches ? count(file.branches.covered) : null,
      branches_total: file.branches ? count(file.branches.total) : null,
      functions_covered: file.functions ? count(file.functions.covered) : null,
      functions_total: file.functions ? count(file.functions.total) : null,
      covered: encodeLines(file.coveredLines),
      missed: encodeLines(file.missedLines),
    };
  });
}

function suiteRows(evidenceId: string, report: Report): EvidenceSuiteRow[] {
  if (report.type !== 'test') {
    return [];
  }
  return report.suites.map(suite => ({
    evidence_id: evidenceId,
    name: storableText(suite.name),
    passed: storableCount(suite.passed, suite.name),
    failed: storableCount(suite.failed, suite.name),
    skipped: storableCount(suite.skipped, suite.name),
    flaky: storableCount(suite.flaky, suite.name),
    duration: suite.durationSeconds ?? null,
  }));
}

function testRows(evidenceId: string, report: Report): EvidenceTestRow[] {
  if (report.type !== 'test') {
    return [];
  }
  return report.notable.map(test => ({
    evidence_id: evidenceId,
    digest: testIdentity(test),
    outcome: test.outcome,
    flaky: test.flaky,
    detail: JSON.stringify(test),
  }));
}

function findingRows(evidenceId: string, report: Report): EvidenceFindingRow[] {
  if (report.type !== 'security') {
    return [];
  }
  return report.findings.map(finding => ({
    evidence_id: evidenceId,
    rank: severities.indexOf(finding.severity),
    detail: JSON.stringify(finding),
  }));
}

function storableCount(value: number, where: string): number {
  if (value > MAX_INTEGER) {
    throw new InputError(
      `${where}: the count ${value} is larger than ${MAX_INTEGER}; the report is broken`,
    );
  }
  return value;
}

/** PostgreSQL has no NUL in a text. */
export function storableText(value: string): string {
  return value.replaceAll('\0', '');
}
