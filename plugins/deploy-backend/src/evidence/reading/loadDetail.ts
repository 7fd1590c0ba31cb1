import {
  EvidenceDetail,
  Finding,
  NotableTest,
  PerformanceSummary,
  TestSuiteCounts,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import {
  EvidenceFindingRow,
  EvidenceSuiteRow,
  EvidenceTestRow,
} from '../../store/rows';
import { JoinedEvidenceRow } from '../store/toEvidence';
import { compareMeasurements } from './baselines';
import { loadFiles } from './coverageFiles';
import { findFailingSince } from './failingSince';

const MAX_SUITES = 1_000;
const MAX_TESTS = 500;
const MAX_FINDINGS = 500;

/** The part of a report's details that belongs to its type; without what is forgotten. */
export async function loadDetail(
  knex: Knex,
  row: JoinedEvidenceRow,
): Promise<Partial<EvidenceDetail>> {
  if (row.type === 'performance') {
    const summary: PerformanceSummary = JSON.parse(row.summary);
    return { measurements: await compareMeasurements(knex, row, summary) };
  }
  if (row.pruned) {
    return {};
  }
  switch (row.type) {
    case 'coverage':
      return loadFiles(knex, row.id);
    case 'test':
      return {
        suites: await loadSuites(knex, row.id),
        tests: await loadTests(knex, row),
      };
    default:
      return { findings: await loadFindings(knex, row.id) };
  }
}

async function loadSuites(
  knex: Knex,
  evidenceId: string,
): Promise<TestSuiteCounts[]> {
  const rows = await knex<EvidenceSuiteRow>('evidence_suites')
    .where('evidence_id', evidenceId)
    .orderBy('id')
    .limit(MAX_SUITES);
  return rows.map(({ name, passed, failed, skipped, flaky, duration }) => ({
    name,
    total: passed + failed + skipped,
    passed,
    failed,
    skipped,
    flaky,
    ...(typeof duration === 'number' && { durationSeconds: duration }),
  }));
}

async function loadTests(
  knex: Knex,
  row: JoinedEvidenceRow,
): Promise<NotableTest[]> {
  const rows = await knex<EvidenceTestRow & { id: number }>('evidence_tests')
    .where('evidence_id', row.id)
    .orderByRaw(
      "case when outcome = 'failed' then 0 when outcome = 'passed' then 1 else 2 end, id",
    )
    .limit(MAX_TESTS);
  const failed = rows.filter(one => one.outcome === 'failed');
  const since = await findFailingSince(
    knex,
    row,
    failed.map(one => one.digest),
  );
  return rows.map(one => {
    const test: NotableTest = JSON.parse(one.detail);
    const first = one.outcome === 'failed' ? since.get(one.digest) : undefined;
    return {
      ...test,
      ...(first && {
        failingSince: first.measuredAt,
        failingSinceCommit: first.commit,
      }),
    };
  });
}

async function loadFindings(
  knex: Knex,
  evidenceId: string,
): Promise<Finding[]> {
  const rows = await knex<EvidenceFindingRow & { id: number }>(
    'evidence_findings',
  )
    .where('evidence_id', evidenceId)
    .orderBy(['rank', 'id'])
    .limit(MAX_FINDINGS);
  return rows.map(row => JSON.parse(row.detail));
}
