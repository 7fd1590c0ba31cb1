#!/usr/bin/env bash
# Asks an address for some minutes. Ends badly once it gives no good answer several times in a row.
#
# VERIFY_URL, VERIFY_STATUSES   what is asked, and which answers are good
# WATCH_MINUTES                 for how long
# WATCH_SECONDS                 time from one to the next, 30 unless said otherwise
# WATCH_FAILURES                how many in a row are too many, 3 unless said otherwise
set -euo pipefail

: "${VERIFY_URL:?}" "${VERIFY_STATUSES:?}" "${WATCH_MINUTES:?}"
pause=${WATCH_SECONDS:-30}
failures=0
end=$((SECONDS + WATCH_MINUTES * 60))
echo "Watching $VERIFY_URL for $WATCH_MINUTES minutes."
# Slow answers make it no longer.
for ((look = 1; look <= WATCH_MINUTES * 60 / pause && SECONDS < end; look++)); do
  sleep "$pause"
  status=$(
    curl --silent --globoff --output /dev/null --write-out '%{http_code}' --max-time 10 --proto '=http,https' \
      --url "$VERIFY_URL" || true
  )
  if [[ " $VERIFY_STATUSES " == *" $status "* ]]; then
    failures=0
    continue
  fi
  failures=$((failures + 1))
  echo "$VERIFY_URL: ${status:-no answer}, $failures of ${WATCH_FAILURES:-3} in a row"
  if ((failures >= ${WATCH_FAILURES:-3})); then
    echo "::error::$VERIFY_URL stopped working while it was watched."
    exit 1
  fi
done
echo "$VERIFY_URL worked for $WATCH_MINUTES minutes."
