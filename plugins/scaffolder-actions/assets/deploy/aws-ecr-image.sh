#!/usr/bin/env bash
# Says what the image of the commit is called, and whether the registry has it already: an image that was pushed is not
# replaced, so that what was tested under a name is what runs under it.
#
# REGISTRY, REPOSITORY   where images are
# VERSION                a tag besides the commit's, may be empty
set -euo pipefail

: "${REGISTRY:?}" "${REPOSITORY:?}" "${GITHUB_SHA:?}" "${GITHUB_OUTPUT:?}"
tag=${VERSION:-$GITHUB_SHA}
if [[ ! $tag =~ ^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$ ]]; then
  echo "::error::The version is not a tag: letters, digits, dots, underscores and hyphens, 128 at most."
  exit 1
fi
# Under it another commit would find this one's image, and take it for its own.
if [[ $tag =~ ^[0-9a-f]{40}$ && $tag != "$GITHUB_SHA" ]]; then
  echo "::error::The version is another commit than $GITHUB_SHA. Choose another version, or start the run on that commit."
  exit 1
fi
image=$REGISTRY/$REPOSITORY
found=false
failure=$(mktemp)
trap 'rm -f -- "$failure"' EXIT

if tags=$(
  aws ecr describe-images --repository-name "$REPOSITORY" --image-ids "imageTag=$tag" \
    --query 'imageDetails[0].imageTags[]' --output text 2>"$failure"
); then
  if [[ " ${tags//$'\t'/ } " != *" $GITHUB_SHA "* ]]; then
    echo "::error::$image:$tag is there already, and of another commit than $GITHUB_SHA. Choose another version."
    exit 1
  fi
  found=true
elif ! grep --quiet ImageNotFoundException "$failure"; then
  cat "$failure" >&2
  exit 1
fi
if [[ $found == true ]]; then
  echo "$image:$tag is there already."
else
  echo "$image:$tag has to be built."
fi

tags=$image:$GITHUB_SHA
if [[ $tag != "$GITHUB_SHA" ]]; then
  tags+=,$image:$tag
fi
{
  echo "image=$image:$tag"
  echo "tags=$tags"
  echo "found=$found"
} >>"$GITHUB_OUTPUT"
