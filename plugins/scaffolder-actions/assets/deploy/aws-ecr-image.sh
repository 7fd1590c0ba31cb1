#!/usr/bin/env bash
# Says what the image of a commit is called, and whether the registry has it already: an image that was pushed is not
# replaced, so that what was tested under a name is what runs under it.
#
# REGISTRY, REPOSITORY   where images are
# COMMIT                 whose image it is
# VERSION                a tag besides the commit's, may be empty
#
# Puts out "image", by the tag that is deployed, "repository" with the registry, "digest", empty if it has to be built, and
# "names".
set -euo pipefail

: "${REGISTRY:?}" "${REPOSITORY:?}" "${COMMIT:?}" "${GITHUB_OUTPUT:?}"
tag=${VERSION:-$COMMIT}
image=$REGISTRY/$REPOSITORY
failure=$(mktemp)
trap 'rm -f -- "$failure"' EXIT

fail() {
  echo "::error::$1"
  exit 1
}

# Empty if nothing is called so.
digest_of() {
  aws ecr describe-images --repository-name "$REPOSITORY" --image-ids "imageTag=$1" \
    --query 'imageDetails[0].imageDigest' --output text 2>"$failure" && return
  if ! grep --quiet ImageNotFoundException "$failure"; then
    cat "$failure" >&2
    return 1
  fi
}

if [[ ! $tag =~ ^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$ ]]; then
  fail "The version is not a tag: letters, digits, dots, underscores and hyphens, 128 at most."
fi
if [[ $tag =~ ^[0-9a-f]{40}$ && $tag != "$COMMIT" ]]; then
  fail "$tag is the name of another commit than $COMMIT. Choose another version."
fi
digest=$(digest_of "$COMMIT")
names=$image:$COMMIT
if [[ $tag != "$COMMIT" ]]; then
  found=$(digest_of "$tag")
  if [[ -n $found && $found != "$digest" ]]; then
    fail "$image:$tag is there already, and of another commit than $COMMIT. Choose another version."
  fi
  names+=,$image:$tag
fi
if [[ -n $digest ]]; then
  echo "$image:$COMMIT is there already: $digest."
else
  echo "$image:$COMMIT has to be built."
fi
{
  echo "image=$image:$tag"
  echo "repository=$image"
  echo "digest=$digest"
  echo "names=$names"
} >>"$GITHUB_OUTPUT"
