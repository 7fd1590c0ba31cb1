import {
  CoverageCounts,
  EvidenceFormat,
  Finding,
  Measurement,
  NotableTest,
  TestSuiteCounts,
  TestSummary,
} from '@vvp/backstage-plugin-deploy-common';

/** A source file as a coverage report tells of it. */
export interface FileCoverage extends CoverageCounts {
  /** As the report spells it. */
  path: string;
  package?: string;
  /** Numbers of lines, ascending, each once. Empty where the format has counts only. */
  coveredLines: number[];
  missedLines: number[];
}

/** What stands in every report. */
interface ReportBase {
  format: EvidenceFormat;
  /** ISO 8601, if the report says when it was measured. */
  measuredAt?: string;
  /** Name, and version where known: `Trivy 0.53.0`. */
  tool?: string;
}

export interface CoverageReport extends ReportBase {
  type: 'coverage';
  files: FileCoverage[];
  /** Sum as the report states it where its files cannot give it; else the sum of the files. */
  totals: CoverageCounts;
  /** Directories that paths may be relative to (Cobertura's `sources`). */
  roots: string[];
}

export interface TestReport extends ReportBase {
  type: 'test';
  totals: Omit<TestSummary, 'type'>;
  suites: TestSuiteCounts[];
  /** Failed, flaky and skipped cases; at the most 10,000, failed ones first. */
  notable: NotableTest[];
}

export interface SecurityReport extends ReportBase {
  type: 'security';
  completed: boolean;
  /** Every finding counts; at the most 50,000, more are refused. */
  findings: Finding[];
}

export interface PerformanceReport extends ReportBase {
  type: 'performance';
  /** At the most 1,000. */
  measurements: Measurement[];
}

/** A report, read and normalised. */
export type Report =
  | CoverageReport
  | TestReport
  | SecurityReport
  | PerformanceReport;

/**
 * Reads one format, piece by piece. Both methods throw an InputError that names line or field.
 */
export interface ReportParser {
  /** Takes the next piece of text; pieces end anywhere. */
  write(text: string): void;
  /** No more text will come. */
  end(): Report;
}

/** A format that can be read. */
export interface ReportFormat {
  format: EvidenceFormat;
  /**
   * Whether a file that begins so is of this format. Formats are asked in order, first yes wins.
   *
   * @param head - the first 64 KiB of text, without byte order mark
   */
  detect(head: string): boolean;
  createParser(): ReportParser;
}
