#!/usr/bin/env bash
# Hands reports to the portal with the job's own token: no secret is kept anywhere.
#
# PORTAL, AUDIENCE                whom they go to
# ENTITIES, COMMIT                whom they are about: full references with spaces between them, the full commit
# SUITE, ENVIRONMENT, MODE        what was run, and where; the last two may be left out
# TEST_REPORT, COVERAGE_REPORT    the files, of which one may be left out
set -euo pipefail

: "${PORTAL:?}" "${AUDIENCE:?}" "${ENTITIES:?}" "${COMMIT:?}" "${SUITE:?}"

if [[ -z ${ACTIONS_ID_TOKEN_REQUEST_URL:-} ]]; then
  echo "::error::This job may not ask for tokens. Give it permissions.id-token: write."
  exit 1
fi
# By standard input: arguments can be seen by every process of the machine.
answer=$(
  printf 'header = "Authorization: bearer %s"\n' "$ACTIONS_ID_TOKEN_REQUEST_TOKEN" |
    curl --config - --silent --show-error --fail --retry 3 --max-time 30 --get \
      --data-urlencode "audience=$AUDIENCE" "$ACTIONS_ID_TOKEN_REQUEST_URL"
)
token=$(jq --raw-output .value <<<"$answer")
echo "::add-mask::$token"

encode() {
  jq --null-input --raw-output --arg value "$1" '$value | @uri'
}

# A portal that is down must not fail a release whose tests passed: the gate waits for the report, and says so.
post() {
  local type=$1 report=$2 entity=$3 query
  query="entityRef=$(encode "$entity")&commit=$(encode "$COMMIT")&type=$type&suite=$(encode "$SUITE")"
  query+=${ENVIRONMENT:+&environment=$(encode "$ENVIRONMENT")}${MODE:+&mode=$(encode "$MODE")}
  if printf 'header = "Authorization: Bearer %s"\n' "$token" |
    curl --config - --silent --show-error --fail-with-body --retry 3 --max-time 60 --output /dev/stderr \
      --header 'Content-Type: application/octet-stream' --data-binary "@$report" "$PORTAL/evidence?$query"; then
    echo "The portal has the $type report of $entity."
  else
    echo "::warning::The portal did not take the $type report of $entity. Gates that ask for one stay closed until it has it."
  fi
}

for type in test coverage; do
  name=${type^^}_REPORT
  report=${!name:-}
  if [[ -n $report && ! -s $report ]]; then
    # The tests did not get so far; their own step says why.
    echo "There is no $type report at $report."
  elif [[ -n $report ]]; then
    for entity in $ENTITIES; do
      post "$type" "$report" "$entity"
    done
  fi
done
