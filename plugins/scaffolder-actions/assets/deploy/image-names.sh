#!/usr/bin/env bash
# Gives an image its names. The first one, that of its commit, is never given to another image; the others move.
#
# IMAGE            by its digest
# NAMES            with commas between them
# IF_TAKEN         "take": what has the first name already is taken in the place of this image, which somebody else built
#                  from the same meanwhile; without it, that fails. None of the other names moves then, either
# SETTLE_SECONDS   where several jobs may give one name at once, and none waits for the other: in a registry the last one
#                  has it. To look and to give takes 40 seconds at most; whoever waits for longer than that, and looks again,
#                  sees what all others see
#
# Puts out "digest", of what has the names.
set -euo pipefail
shopt -s inherit_errexit

: "${IMAGE:?}" "${NAMES:?}" "${GITHUB_OUTPUT:?}"
digest=${IMAGE##*@}
is_digest='^sha256:[0-9a-f]{64}$'
failure=$(mktemp)
trap 'rm -f -- "$failure"' EXIT

fail() {
  echo "::error::$1" >&2
  exit 1
}

if [[ ! $digest =~ $is_digest ]]; then
  fail "$IMAGE has no digest."
fi
IFS=, read -ra names <<<"$NAMES"

# Empty if nothing is called so. A registry that does not say may have the name.
digest_of() {
  local found
  if found=$(timeout 20 docker buildx imagetools inspect --format '{{json .Manifest.Digest}}' "$1" 2>"$failure"); then
    found=${found//\"/}
    if [[ ! $found =~ $is_digest ]]; then
      fail "The registry tells no digest of $1."
    fi
    echo "$found"
  elif ! grep --quiet --ignore-case --extended-regexp 'not found|(manifest|name).unknown' "$failure"; then
    cat "$failure" >&2
    fail "The registry does not say what $1 is."
  fi
}

# As it is, and not in a list of one, which had another digest and no signature.
call_it() {
  timeout 20 docker buildx imagetools create --prefer-index=false --tag "$1" "${IMAGE%@*}@$digest" &&
    echo "$1 is $digest."
}

# Says in "found" what has a name in the end: this image, if nothing had it. Somebody else may be faster, or later.
claim() {
  found=$(digest_of "$1")
  if [[ -z $found ]]; then
    call_it "$1" || echo "$1 could not be given."
  fi
  if ((${SETTLE_SECONDS:-0} > 0)); then
    sleep "$SETTLE_SECONDS"
  fi
  found=$(digest_of "$1")
  if [[ -z $found ]]; then
    fail "The registry does not say what $1 is."
  fi
}

# What has the first name is taken; all others have to be the same.
claim_all() {
  local name found
  claim "${names[0]}"
  digest=$found
  for name in "${names[@]:1}"; do
    claim "$name"
    if [[ $found != "$digest" ]]; then
      fail "$name is another image: $found. Choose another name."
    fi
  done
}

give_all() {
  local name found
  for name in "${names[@]}"; do
    found=$(digest_of "$name")
    if [[ $found == "$digest" ]]; then
      echo "$name is this image already."
    elif [[ $name == "${names[0]}" && -n $found ]]; then
      fail "$name is another image already: $found. Run this again, which takes that one."
    else
      call_it "$name"
    fi
  done
}

if [[ ${IF_TAKEN:-} == take ]]; then
  claim_all
else
  give_all
fi
echo "digest=$digest" >>"$GITHUB_OUTPUT"
