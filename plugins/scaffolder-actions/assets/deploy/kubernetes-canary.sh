#!/usr/bin/env bash
# Watches the pods of a canary: ends well once they did for CANARY_MINUTES, and badly as soon as they do not.
#
# NAMESPACE, CANARY_SELECTOR, CANARY_REPLICAS   which pods, and how many there have to be
# CONTAINER                                     whose log is read, the first one unless said otherwise
# CANARY_MINUTES                                how long, 5 unless said otherwise
# CANARY_MAX_ERRORS, CANARY_LOG_ENTRIES         more than so many errors (5) in so many of the newest entries (100) end it
# CANARY_LOOK_SECONDS                           time between two looks, 10 unless said otherwise
# METRIC_URL, METRIC_QUERY, METRIC_MAXIMUM      a query of Prometheus whose value may not be larger, and which has to have
#                                               one at least once; METRIC_TOKEN if Prometheus asks for it
set -euo pipefail
shopt -s inherit_errexit

: "${NAMESPACE:?}" "${CANARY_SELECTOR:?}" "${CANARY_REPLICAS:?}"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
entries=${CANARY_LOG_ENTRIES:-100}
every=${CANARY_LOOK_SECONDS:-10}
container=()
if [[ -n ${CONTAINER:-} ]]; then
  container=(--container "$CONTAINER")
fi
private=$(mktemp -d)
trap 'rm -rf -- "$private"' EXIT
umask 077

pods() {
  kubectl --namespace "$NAMESPACE" "$@" --selector "$CANARY_SELECTOR"
}

# The newest entries of all pods together, by their times. What they say is kept from the log of the run.
count_errors() {
  pods logs ${container[@]+"${container[@]}"} --tail "$entries" --timestamps --max-log-requests 50 >"$private/log" || return 1
  LC_ALL=C sort --stable --key 1,1 "$private/log" | cut --delimiter ' ' --fields 2- >"$private/entries" &&
    "$here/kubernetes-errors.sh" "$private/entries" "$entries"
}

# The largest value of the metric; nothing where Prometheus knows of none, or of none but idle ones (0/0).
metric_value() {
  if [[ -z ${METRIC_URL:-} ]]; then
    return 0
  fi
  {
    echo 'Accept: application/json'
    if [[ -n ${METRIC_TOKEN:-} ]]; then
      printf 'Authorization: Bearer %s\n' "$METRIC_TOKEN"
    fi
  } >"$private/headers"
  curl --silent --show-error --fail --globoff --max-time 10 --proto '=http,https' --header "@$private/headers" --get \
    --data-urlencode "query=$METRIC_QUERY" --url "${METRIC_URL%/}/api/v1/query" >"$private/metric" &&
    node - "$private/metric" "$METRIC_MAXIMUM" <<'JAVASCRIPT'
const { data } = JSON.parse(require('node:fs').readFileSync(process.argv[2], 'utf8'));
const values = data.resultType === 'scalar' ? [data.result] : data.result.map(({ value }) => value);
const numbers = values.map(([, value]) => Number(value.replace('Inf', 'Infinity'))).filter(value => !Number.isNaN(value));
if (numbers.length > 0) {
  const largest = Math.max(...numbers);
  console.log(`${largest > Number(process.argv[3]) ? 'exceeded' : 'fine'} ${largest}`);
}
JAVASCRIPT
}

# Says in "wrong" what is not as it should be; fails for what cannot be told.
look() {
  local counted value
  pods get pods --output json >"$private/pods.json" &&
    wrong=$("$here/kubernetes-objects.sh" unhealthy "$private/pods.json" "$CANARY_REPLICAS") || return 1
  if [[ -n $wrong ]]; then
    return 0
  fi
  counted=$(count_errors) || return 1
  if ((${counted% *} > ${CANARY_MAX_ERRORS:-5})); then
    wrong="too many errors: ${counted% *} in ${counted#* } entries of the log, ${CANARY_MAX_ERRORS:-5} are let pass"
    return 0
  fi
  value=$(metric_value) || return 1
  if [[ $value == exceeded* ]]; then
    wrong="The metric is ${value#* }, and may be $METRIC_MAXIMUM at most."
  fi
  if [[ -n $value ]]; then
    measured=yes
  fi
}

looks=$((${CANARY_MINUTES:-5} * 60 / every))
doubts=0
measured=''
for ((number = 1; number <= looks; number++)); do
  sleep "$every"
  wrong=''
  if ! look; then
    wrong='It cannot be told how the canary is.'
  fi
  case $wrong in
    '') doubts=0 ;;
    crashed:* | 'too many errors:'*) doubts=3 ;;
    # Once may be a hiccup.
    *) doubts=$((doubts + 1)) ;;
  esac
  if ((doubts > 0)); then
    echo "Look $number of $looks: $wrong"
  fi
  if ((doubts >= 3)); then
    echo "::error::The canary is taken back: $wrong"
    exit 1
  fi
done
if ((doubts > 0)); then
  echo "::error::The canary is taken back: at the end it was not well."
  exit 1
fi
# A query that counts what does not happen has a value by "or vector(0)".
if [[ -n ${METRIC_URL:-} && -z $measured ]]; then
  echo "::error::The canary is taken back: the metric never had a value."
  exit 1
fi
echo "The canary was well for ${CANARY_MINUTES:-5} minutes."
