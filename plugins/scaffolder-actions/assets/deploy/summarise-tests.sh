#!/usr/bin/env bash
# Sums up reports of JUnit and the coverage of Cobertura for people.
#
# TITLE             what was tested
# TEST_REPORTS      suite=file of each, with spaces between them
# COVERAGE_REPORT   may be left out
# COMMENT_FILE      where to write it
set -euo pipefail

: "${TITLE:?}" "${TEST_REPORTS:?}" "${COMMENT_FILE:?}"
python3 - "$TITLE" "$TEST_REPORTS" "${COVERAGE_REPORT:-}" >"$COMMENT_FILE" <<'PYTHON'
import os
import sys
import xml.etree.ElementTree as tree

title, reports, coverage = sys.argv[1:]
print(f"### Tests of {title}\n")
print("| suite | passed | failed | skipped |")
print("| --- | ---: | ---: | ---: |")
broken = []
for report in reports.split():
    suite, file = report.split("=", 1)
    if not os.path.exists(file):
        print(f"| {suite} | no report | | |")
        continue
    try:
        cases = list(tree.parse(file).getroot().iter("testcase"))
    except tree.ParseError:
        # Whoever wrote it was ended in the middle.
        print(f"| {suite} | not readable | | |")
        continue
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    skipped = [case for case in cases if case.find("skipped") is not None]
    print(f"| {suite} | {len(cases) - len(failed) - len(skipped)} | {len(failed)} | {len(skipped)} |")
    broken += [f'{case.get("classname")}::{case.get("name")}' for case in failed]
if broken:
    names = "\n".join(name.replace("`", "").replace("\n", " ")[:300] for name in broken[:50])
    print(f"\nFailed:\n\n```\n{names}\n```")
if coverage and os.path.exists(coverage):
    try:
        rate = float(tree.parse(coverage).getroot().get("line-rate", "0"))
        print(f"\nLines covered: {rate:.1%}")
    except (tree.ParseError, ValueError):
        print("\nThe report of the coverage is not readable.")
PYTHON
cat "$COMMENT_FILE"
if [[ -n ${GITHUB_STEP_SUMMARY:-} ]]; then
  cat "$COMMENT_FILE" >>"$GITHUB_STEP_SUMMARY"
fi
