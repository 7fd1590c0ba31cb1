#!/usr/bin/env bash
# Gives an image its names. The first one, that of its commit, is never given to another image; the others move.
#
# IMAGE   by its digest
# NAMES   with commas between them
set -euo pipefail

: "${IMAGE:?}" "${NAMES:?}"
digest=${IMAGE##*@}
if [[ ! $digest =~ ^sha256:[0-9a-f]{64}$ ]]; then
  echo "::error::$IMAGE has no digest."
  exit 1
fi
IFS=, read -ra names <<<"$NAMES"

# Empty if nothing is called so, or if the registry does not say: then it does not take the name either.
digest_of() {
  docker buildx imagetools inspect --format '{{json .Manifest.Digest}}' "$1" 2>/dev/null || true
}

for name in "${names[@]}"; do
  found=$(digest_of "$name")
  found=${found//\"/}
  if [[ $found == "$digest" ]]; then
    echo "$name is this image already."
    continue
  fi
  if [[ $name == "${names[0]}" && -n $found ]]; then
    echo "::error::$name is another image already: $found. Run this again, which takes that one."
    exit 1
  fi
  # As it is, and not in a list of one, which had another digest and no signature.
  docker buildx imagetools create --prefer-index=false --tag "$name" "$IMAGE"
  echo "$name is $digest."
done
