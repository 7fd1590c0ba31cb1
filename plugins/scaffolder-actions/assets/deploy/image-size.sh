#!/usr/bin/env bash
# Measures an image, writes the size down for the portal, and fails if it is larger than it may be.
#
# IMAGE           which one, of this machine
# SIZE_REPORT     where to write it
# MAXIMUM_BYTES   any size unless said otherwise
set -euo pipefail

: "${IMAGE:?}" "${SIZE_REPORT:?}"
size=$(docker image inspect --format '{{.Size}}' "$IMAGE")
printf '{"metric": "image.size", "value": %d, "unit": "bytes"}\n' "$size" >"$SIZE_REPORT"
echo "$IMAGE has $((size / 1000000)) MB."
if [[ -n ${MAXIMUM_BYTES:-} ]] && ((size > MAXIMUM_BYTES)); then
  echo "::error::$IMAGE has $size bytes, $MAXIMUM_BYTES at most are asked."
  exit 1
fi
