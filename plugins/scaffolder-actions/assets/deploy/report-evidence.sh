#!/usr/bin/env bash
# Hands reports to the portal with the job's own token: no secret is kept anywhere.
#
# PORTAL, AUDIENCE                whom they go to
# ENTITIES, COMMIT                whom they are about: full references with spaces between them, the full commit
# SUITE, ENVIRONMENT, MODE        what was run, and where; the last two may be left out
# TEST_REPORT, COVERAGE_REPORT    the files, of which any may be left out; also SECURITY_REPORT, PERFORMANCE_REPORT
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
# {"value": "…"}, and a token has no character that JSON would write otherwise.
token=$(sed -n 's/.*"value"[[:space:]]*:[[:space:]]*"\([A-Za-z0-9._-]*\)".*/\1/p' <<<"$answer")
if [[ -z $token ]]; then
  echo "::error::GitHub gave no token."
  exit 1
fi
echo "::add-mask::$token"

# For a query: every byte but those that mean nothing there.
encode() {
  local LC_ALL=C text=$1 index byte
  for ((index = 0; index < ${#text}; index++)); do
    byte=${text:index:1}
    case $byte in
      [A-Za-z0-9._~-]) printf %s "$byte" ;;
      *) printf '%%%02X' "$(($(printf %d "'$byte") & 255))" ;;
    esac
  done
}

# A portal that is down must not fail a release whose tests passed: the gate waits for the report, and says so.
post() {
  local type=$1 report=$2 entity=$3 query said
  query="entityRef=$(encode "$entity")&commit=$(encode "$COMMIT")&type=$type&suite=$(encode "$SUITE")"
  query+=${ENVIRONMENT:+&environment=$(encode "$ENVIRONMENT")}${MODE:+&mode=$(encode "$MODE")}
  if said=$(
    printf 'header = "Authorization: Bearer %s"\n' "$token" |
      curl --config - --silent --show-error --fail-with-body --retry 3 --max-time 60 \
        --header 'Content-Type: application/octet-stream' --data-binary "@$report" "$PORTAL/evidence?$query" 2>&1
  ); then
    echo "The portal has the $type report of $entity."
  else
    echo "::warning::The portal did not take the $type report of $entity. Gates that ask for one stay closed until it has it."
    echo "${said:0:2000}"
  fi
}

for type in test coverage security performance; do
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
