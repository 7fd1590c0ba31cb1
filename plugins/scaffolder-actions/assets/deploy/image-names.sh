#!/usr/bin/env bash
# Gives an image its names. The first one, that of its commit, is never given to another image; the others move.
#
# IMAGE      by its digest
# NAMES      with commas between them
# IF_TAKEN   "take": what has the first name already is taken in the place of this image, which somebody else built from
#            the same meanwhile; without it, that fails
#
# Puts out "digest", of what has the names.
set -euo pipefail

: "${IMAGE:?}" "${NAMES:?}" "${GITHUB_OUTPUT:?}"
digest=${IMAGE##*@}
is_digest='^sha256:[0-9a-f]{64}$'
if [[ ! $digest =~ $is_digest ]]; then
  echo "::error::$IMAGE has no digest."
  exit 1
fi
IFS=, read -ra names <<<"$NAMES"

# Empty if nothing is called so, or if the registry does not say: then it does not take the name either.
digest_of() {
  local found
  found=$(docker buildx imagetools inspect --format '{{json .Manifest.Digest}}' "$1" 2>/dev/null || true)
  echo "${found//\"/}"
}

# As it is, and not in a list of one, which had another digest and no signature.
call_it() {
  docker buildx imagetools create --prefer-index=false --tag "$1" "${IMAGE%@*}@$digest"
  echo "$1 is $digest."
}

if [[ ${IF_TAKEN:-} == take ]]; then
  found=$(digest_of "${names[0]}")
  if [[ -z $found ]]; then
    # Where names are given once, somebody else may be faster.
    call_it "${names[0]}" || true
    found=$(digest_of "${names[0]}")
  fi
  if [[ ! $found =~ $is_digest ]]; then
    echo "::error::The registry does not say what ${names[0]} is."
    exit 1
  fi
  digest=$found
fi

for name in "${names[@]}"; do
  found=$(digest_of "$name")
  if [[ $found == "$digest" ]]; then
    echo "$name is this image already."
    continue
  fi
  if [[ $name == "${names[0]}" && -n $found ]]; then
    echo "::error::$name is another image already: $found. Run this again, which takes that one."
    exit 1
  fi
  call_it "$name"
done
echo "digest=$digest" >>"$GITHUB_OUTPUT"
