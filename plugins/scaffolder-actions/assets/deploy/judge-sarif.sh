#!/usr/bin/env bash
# Fails if a scan found something severe, or left no report.
#
# SARIF_REPORTS    files, with spaces between them
# SEVERITIES       those that fail, of: critical high medium low
set -euo pipefail

: "${SARIF_REPORTS:?}" "${SEVERITIES:?}"
node - <<'JAVASCRIPT'
const { readFileSync } = require('node:fs');
const { SARIF_REPORTS, SEVERITIES } = process.env;
const fatal = SEVERITIES.split(' ');

// As GitHub reads it: the score of the rule, else the level.
// https://docs.github.com/code-security/reference/code-scanning/sarif-support-for-code-scanning
function severityOf(result, rule) {
  const score = Number(rule?.properties?.['security-severity']);
  if (score > 0) {
    return score >= 9 ? 'critical' : score >= 7 ? 'high' : score >= 4 ? 'medium' : 'low';
  }
  const level = result.level ?? rule?.defaultConfiguration?.level ?? 'warning';
  return { error: 'high', warning: 'medium', note: 'low' }[level] ?? 'none';
}

function rulesOf({ tool }) {
  const parts = [tool.driver, ...(tool.extensions ?? [])];
  return new Map(parts.flatMap(({ rules = [] }) => rules.map(rule => [rule.id, rule])));
}

let failed = false;
for (const file of SARIF_REPORTS.split(' ')) {
  let runs;
  try {
    ({ runs } = JSON.parse(readFileSync(file, 'utf8')));
    if (!Array.isArray(runs) || runs.length === 0) throw new Error('it has no run');
  } catch (error) {
    console.log(`::error::The scan was not completed: there is no report at ${file} (${error.message.replace(/[\r\n]+/g, ' ')}).`);
    failed = true;
    continue;
  }
  for (const run of runs) {
    const rules = rulesOf(run);
    const severe = (run.results ?? [])
      .filter(({ suppressions = [] }) => suppressions.length === 0)
      .map(result => ({ id: result.ruleId, severity: severityOf(result, rules.get(result.ruleId)) }))
      .filter(({ severity }) => fatal.includes(severity));
    for (const { id, severity } of severe.slice(0, 20)) {
      console.log(`::error::${severity}: ${String(id).replace(/[\r\n]/g, ' ')}`);
    }
    if (severe.length > 0) {
      console.log(`${severe.length} of them in ${file}.`);
      failed = true;
    }
  }
}
process.exit(failed ? 1 : 0);
JAVASCRIPT
