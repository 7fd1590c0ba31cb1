#!/usr/bin/env bash
# Asks an address until it answers with a status that is good. Anything else in the end is a failure.
set -euo pipefail

: "${VERIFY_URL:?}" "${VERIFY_STATUSES:?}" "${VERIFY_ATTEMPTS:?}" "${VERIFY_SECONDS:?}"

for ((attempt = 1; attempt <= VERIFY_ATTEMPTS; attempt++)); do
  status=$(
    curl --silent --globoff --output /dev/null --write-out '%{http_code}' --max-time 10 --proto '=http,https' \
      --url "$VERIFY_URL" || true
  )
  if [[ " $VERIFY_STATUSES " == *" $status "* ]]; then
    echo "$VERIFY_URL answers with $status."
    exit 0
  fi
  echo "$VERIFY_URL: ${status:-no answer}, attempt $attempt of $VERIFY_ATTEMPTS"
  if ((attempt < VERIFY_ATTEMPTS)); then
    sleep "$VERIFY_SECONDS"
  fi
done
echo "::error::$VERIFY_URL did not answer with one of: $VERIFY_STATUSES."
exit 1
