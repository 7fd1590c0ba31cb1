#!/usr/bin/env bash
# Finds the image that somebody names by a tag, and whose commit it is.
#
# REPOSITORY, TAG   where images are, with the registry; the tag
# SIGNED            true if its commit has to be known, which a signature is looked at for
#
# Puts out "image", by its digest, and "commit", empty if the image does not tell.
set -euo pipefail

: "${REPOSITORY:?}" "${TAG:?}" "${GITHUB_OUTPUT:?}"
if [[ ! $TAG =~ ^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$ ]]; then
  echo "::error::That is not a tag: letters, digits, dots, underscores and hyphens, 128 at most."
  exit 1
fi
if ! digest=$(docker buildx imagetools inspect --format '{{json .Manifest.Digest}}' "$REPOSITORY:$TAG"); then
  echo "::error::There is no image $REPOSITORY:$TAG. Nothing was changed."
  exit 1
fi
digest=${digest//\"/}
if [[ ! $digest =~ ^sha256:[0-9a-f]{64}$ ]]; then
  echo "::error::The registry tells no digest of $REPOSITORY:$TAG."
  exit 1
fi
image=$REPOSITORY@$digest

# Of one platform, or of several by their names.
commit=$(
  docker buildx imagetools inspect --format '{{json .Image}}' "$image" | node -e '
    const image = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
    const found = [image, ...Object.values(image)]
      .map(one => one?.config?.Labels?.["org.opencontainers.image.revision"])
      .find(Boolean);
    process.stdout.write(/^[0-9a-f]{40}$/.test(found) ? found : "");'
)
# Who names a commit means that one, whatever somebody called by its name.
if [[ $TAG =~ ^[0-9a-f]{40}$ ]]; then
  if [[ -n $commit && $commit != "$TAG" ]]; then
    echo "::error::$REPOSITORY:$TAG is an image of another commit: $commit. Nothing was changed."
    exit 1
  fi
  commit=$TAG
fi
if [[ ${SIGNED:-} == true && -z $commit ]]; then
  echo "::error::$REPOSITORY:$TAG does not tell its commit, so its signature proves nothing. Name an image by its commit. Nothing was changed."
  exit 1
fi
echo "$REPOSITORY:$TAG is $digest${commit:+, of $commit}."
{
  echo "image=$image"
  echo "commit=$commit"
} >>"$GITHUB_OUTPUT"
