#!/usr/bin/env bash
# Says whether a registry has an image, and what the image is called. Under the tag of its commit stands only what was
# built, scanned and signed to the end.
#
# REPOSITORY, TAG     where images are, with the registry; the tag that is looked for, the commit
# TAGS                what it is called besides, of: version version-commit branch environment tag latest
# BRANCH              whose commit it is, if not that of the run
# ENVIRONMENT         where it goes
# DEFAULT_BRANCH      the branch whose images may be called latest
# VERSION_FILE        where the version stands; VERSION_PATTERN finds it there, the first thing called so without it
#
# Puts out "digest", empty if it has to be built, and "names".
set -euo pipefail

: "${REPOSITORY:?}" "${TAG:?}" "${GITHUB_OUTPUT:?}"
failure=$(mktemp)
trap 'rm -f -- "$failure"' EXIT

fail() {
  echo "::error::$1"
  exit 1
}

is_tag() {
  [[ $1 =~ ^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$ ]]
}

version() {
  node - "$VERSION_FILE" "${VERSION_PATTERN:-}" <<'JAVASCRIPT'
const { readFileSync } = require('node:fs');

const [file, pattern] = process.argv.slice(2);
// As in package.json, Cargo.toml, pyproject.toml and __init__.py.
const usual = '^\\s*["\']?(?:__)?version(?:__)?["\']?\\s*[:=]\\s*["\']([^"\']+)["\']';
const found = new RegExp(pattern || usual, 'm').exec(readFileSync(file, 'utf8'));
process.stdout.write(found?.[1] ?? '');
JAVASCRIPT
}

names=$REPOSITORY:$TAG
add() {
  local tag=$1
  if ! is_tag "$tag"; then
    fail "\"$tag\" is no tag: letters, digits, dots, underscores and hyphens, 128 at most."
  fi
  if [[ $tag =~ ^[0-9a-f]{40}$ && $tag != "$TAG" ]]; then
    fail "\"$tag\" is the tag of another commit, which is not replaced."
  fi
  if [[ ",$names," != *",$REPOSITORY:$tag,"* ]]; then
    names+=,$REPOSITORY:$tag
  fi
}

branch=${BRANCH:-}
git_tag=
if [[ -z $branch && ${GITHUB_REF_TYPE:-} == tag ]]; then
  git_tag=$GITHUB_REF_NAME
elif [[ -z $branch ]]; then
  branch=${GITHUB_REF_NAME:-}
fi

release=
if [[ " ${TAGS:-} " == *" version"* ]]; then
  release=$(version)
  # A tag has no plus.
  release=${release//+/-}
  if ! is_tag "$release"; then
    fail "There is no version in $VERSION_FILE that could be a tag."
  fi
fi

for kind in ${TAGS:-}; do
  case $kind in
    version) add "$release" ;;
    version-commit) add "$release-$TAG" ;;
    environment) add "${ENVIRONMENT:?}" ;;
    tag)
      if [[ -n $git_tag ]]; then
        add "$git_tag"
      fi
      ;;
    latest)
      # Neither a branch that somebody works on nor a release that is being tried.
      if [[ -n $branch && $branch == "${DEFAULT_BRANCH:-}" ]] || [[ -n $git_tag && $git_tag != *-* ]]; then
        add latest
      fi
      ;;
    branch)
      tag=${branch//[^A-Za-z0-9_.-]/-}
      tag=${tag:0:128}
      # Whoever names a branch does not name releases.
      if [[ $tag == latest || $tag =~ ^v?[0-9] ]]; then
        echo "::warning::The branch $branch is called like a release: no image is called after it."
      elif [[ -n $tag ]]; then
        add "$tag"
      fi
      ;;
    *) fail "There is no tag called $kind." ;;
  esac
done

if digest=$(docker buildx imagetools inspect --format '{{json .Manifest.Digest}}' "$REPOSITORY:$TAG" 2>"$failure"); then
  digest=${digest//\"/}
  if [[ ! $digest =~ ^sha256:[0-9a-f]{64}$ ]]; then
    fail "The registry tells no digest of $REPOSITORY:$TAG."
  fi
  echo "$REPOSITORY:$TAG is there already: $digest."
# To those who may not see a repository, and before the first image, registries say that access is denied. Whoever may
# not push either fails where the image is pushed.
elif grep --quiet --ignore-case --extended-regexp 'not found|unknown|denied|forbidden|unauthorized' "$failure"; then
  digest=
  echo "$REPOSITORY:$TAG has to be built."
else
  cat "$failure" >&2
  fail "The registry does not say whether it has $REPOSITORY:$TAG."
fi
{
  echo "digest=$digest"
  echo "names=$names"
} >>"$GITHUB_OUTPUT"
