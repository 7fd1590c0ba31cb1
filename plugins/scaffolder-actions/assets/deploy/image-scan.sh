#!/usr/bin/env bash
# Judges what Trivy found in an image, and writes all of it down as SARIF.
#
# SCAN_REPORT    its report in JSON
# SARIF_REPORT   where to write
# SEVERITIES     those that fail, with commas between them
set -euo pipefail

: "${SCAN_REPORT:?}" "${SARIF_REPORT:?}" "${SEVERITIES:?}"
if [[ ! -s $SCAN_REPORT ]]; then
  echo "::error::The scan was not completed: there is no $SCAN_REPORT."
  exit 1
fi
trivy convert --format sarif --output "$SARIF_REPORT" "$SCAN_REPORT"
status=0
trivy convert --format table --severity "$SEVERITIES" --exit-code 3 "$SCAN_REPORT" || status=$?
if [[ $status == 3 ]]; then
  echo "::error::The image has vulnerabilities of a severity that is not let through: $SEVERITIES."
  exit 1
fi
if [[ $status != 0 ]]; then
  echo "::error::The report of the scan cannot be read."
  exit 1
fi
