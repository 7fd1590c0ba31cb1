#!/usr/bin/env bash
# Hands reports to the portal with the job's own token: no secret is kept anywhere.
#
# PORTAL, AUDIENCE                whom they go to
# ENTITIES, COMMIT                whom they are about: full references with spaces between them, the full commit
# SUITE, ENVIRONMENT, MODE        what was run, and where; the last two may be left out
# TEST_REPORT, COVERAGE_REPORT    the files, of which any may be left out; also SECURITY_REPORT, PERFORMANCE_REPORT
# REPORTS                         the folder of reports that another job left behind: the files are in there, or nowhere
# REPORT_SECONDS                  how long all of it may take, 120 unless said otherwise
#
# Whoever takes no report must not fail a release whose tests passed: gates wait for the report, and say so. A job that
# GitHub refuses a token is configured wrongly, and fails.
set -euo pipefail

: "${PORTAL:?}" "${AUDIENCE:?}" "${ENTITIES:?}" "${COMMIT:?}" "${SUITE:?}"
closed='Gates that ask for one stay closed until the portal has it: run this job again.'

if [[ -z ${ACTIONS_ID_TOKEN_REQUEST_URL:-} ]]; then
  echo "::error::This job may not ask for tokens. Give it permissions.id-token: write."
  exit 1
fi
private=$(mktemp -d)
trap 'rm -rf -- "$private"' EXIT
umask 077

# Sends what curl is told, with a credential that comes by standard input: arguments can be seen by every process of the
# machine. "status" is then the answer's, 000 where there was none in time; the answer itself lies in a file.
send() {
  local left=$((${REPORT_SECONDS:-120} - SECONDS))
  : >"$private/answer"
  status=000
  if ((left > 0)); then
    status=$(
      timeout --kill-after 5 "$left" curl --config - --silent --show-error --retry 3 --max-time 30 \
        --output "$private/answer" --write-out '%{http_code}' "$@"
    ) || true
    status=${status:-000}
  fi
}

send --get --data-urlencode "audience=$AUDIENCE" "$ACTIONS_ID_TOKEN_REQUEST_URL" < <(
  printf 'header = "Authorization: bearer %s"\n' "$ACTIONS_ID_TOKEN_REQUEST_TOKEN"
)
if [[ $status == 4?? && $status != 408 && $status != 429 ]]; then
  echo "::error::GitHub refused a token: it answers with $status."
  exit 1
fi
# {"value": "…"}, and a token has no character that JSON would write otherwise.
token=$(sed -n 's/.*"value"[[:space:]]*:[[:space:]]*"\([A-Za-z0-9._-]*\)".*/\1/p' "$private/answer")
if [[ $status != 200 || -z $token ]]; then
  echo "::warning::GitHub gave no token ($status), so no report was sent. $closed"
  exit 0
fi
rm -f -- "$private/answer"
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

post() {
  local type=$1 report=$2 entity=$3 query
  query="entityRef=$(encode "$entity")&commit=$(encode "$COMMIT")&type=$type&suite=$(encode "$SUITE")"
  query+=${ENVIRONMENT:+&environment=$(encode "$ENVIRONMENT")}${MODE:+&mode=$(encode "$MODE")}
  send --header 'Content-Type: application/octet-stream' --data-binary "@$report" "$PORTAL/evidence?$query" < <(
    printf 'header = "Authorization: Bearer %s"\n' "$token"
  )
  case $status in
    2??) echo "The portal has the $type report of $entity." ;;
    000) echo "::warning::The portal did not answer, and has no $type report of $entity. $closed" ;;
    *)
      echo "::warning::The portal did not take the $type report of $entity: it answers with $status. $closed"
      head --bytes 2000 "$private/answer"
      ;;
  esac
}

# Whoever left reports behind may have left a link to something that is no report.
lies_inside() {
  [[ $(realpath -- "$1") == "$(realpath -- "$REPORTS")"/* ]]
}

found=
for type in test coverage security performance; do
  name=${type^^}_REPORT
  report=${!name:-}
  if [[ -n $report && -n ${REPORTS:-} ]]; then
    report=$REPORTS/$report
  fi
  if [[ -n $report && ! -s $report ]]; then
    # The tests did not get so far; their own step says why.
    echo "There is no $type report at $report."
  elif [[ -n $report && -n ${REPORTS:-} ]] && ! lies_inside "$report"; then
    echo "::error::The $type report at $report leads out of $REPORTS, and is not sent."
    exit 1
  elif [[ -n $report ]]; then
    found=true
    for entity in $ENTITIES; do
      post "$type" "$report" "$entity"
    done
  fi
done
if [[ -n ${REPORTS:-} && -z $found ]]; then
  echo "::warning::Nothing of $SUITE was left to report: the job that ran it says why, unless the step before could not fetch it. $closed"
fi
