import { Knex } from 'knex';
import { EvidenceTestRow } from '../../store/rows';
import { JoinedEvidenceRow } from '../store/toEvidence';
import { earlierEvidence } from './evidenceQuery';

/** Reports that are read at a time. */
const BATCH = 50;

/** How many reports back a failure is followed. */
const MAX_REPORTS = 1_000;

/** The first report of a streak of failures. */
export interface FirstFailure {
  measuredAt: string;
  commit: string;
}

/** What an earlier report says of the tests that fail now. */
export interface EarlierReport extends FirstFailure {
  /** Outcomes by test, for those that failed or were skipped. Any other passed, or was not run. */
  outcomes: ReadonlyMap<string, string>;
}

/**
 * Follows failures back through one more report.
 *
 * @param since - by test, the first failure known so far; changed in place
 * @param open - tests whose streak may go further back; changed in place
 */
export function followBack(
  since: Map<string, FirstFailure>,
  open: Set<string>,
  report: EarlierReport,
): void {
  const { measuredAt, commit } = report;
  for (const test of open) {
    const outcome = report.outcomes.get(test);
    if (outcome === 'failed') {
      since.set(test, { measuredAt, commit });
    } else if (outcome !== 'skipped') {
      // A skipped test neither passed nor failed: what was before it decides.
      open.delete(test);
    }
  }
}

/**
 * Since when tests fail, by digest: the first report after the last one that they passed in. Only as far
 * back as details are kept.
 */
export async function findFailingSince(
  knex: Knex,
  row: JoinedEvidenceRow,
  failed: readonly string[],
): Promise<Map<string, FirstFailure>> {
  const now = { measuredAt: row.measured_at, commit: row.commit_sha };
  const since = new Map(failed.map(test => [test, now]));
  const open = new Set(failed);
  let before = { measured_at: row.measured_at, id: row.id };
  for (let read = 0; read < MAX_REPORTS && open.size > 0; read += BATCH) {
    const reports = await earlierEvidence(knex, row, before).limit(BATCH);
    const outcomes = await outcomesIn(
      knex,
      reports.map(report => report.id),
      [...open],
    );
    for (const report of reports) {
      if (report.pruned) {
        return since;
      }
      followBack(since, open, {
        measuredAt: report.measured_at,
        commit: report.commit_sha,
        outcomes: outcomes.get(report.id) ?? new Map(),
      });
    }
    const last = reports.at(-1);
    if (!last || reports.length < BATCH) {
      return since;
    }
    before = last;
  }
  return since;
}

async function outcomesIn(
  knex: Knex,
  reportIds: readonly string[],
  tests: readonly string[],
): Promise<Map<string, Map<string, string>>> {
  const rows = await knex<EvidenceTestRow>('evidence_tests')
    .whereIn('evidence_id', [...reportIds])
    .whereIn('digest', [...tests])
    .select('evidence_id', 'digest', 'outcome');
  const byReport = new Map<string, Map<string, string>>();
  for (const row of rows) {
    const outcomes = byReport.get(row.evidence_id) ?? new Map();
    // Of two tests of one name, the one that failed speaks.
    if (outcomes.get(row.digest) !== 'failed') {
      outcomes.set(row.digest, row.outcome);
    }
    byReport.set(row.evidence_id, outcomes);
  }
  return byReport;
}
