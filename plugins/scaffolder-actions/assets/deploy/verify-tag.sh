#!/usr/bin/env bash
# Looks whether the tag that the run is of is signed, and whether GitHub finds the signature good.
#
# GITHUB_TOKEN    may read the repository
set -euo pipefail

: "${GITHUB_TOKEN:?}" "${GITHUB_API_URL:?}" "${GITHUB_REPOSITORY:?}" "${GITHUB_REF:?}" "${GITHUB_SHA:?}"
if [[ $GITHUB_REF != refs/tags/* ]]; then
  echo "::error::$GITHUB_REF is no tag."
  exit 1
fi
tag=${GITHUB_REF#refs/tags/}
if [[ ! $tag =~ ^[A-Za-z0-9][A-Za-z0-9._/+-]*$ ]]; then
  echo "::error::The name of the tag has characters that cannot be asked for."
  exit 1
fi
private=$(mktemp -d)
trap 'rm -rf -- "$private"' EXIT

# The token goes by standard input: arguments can be seen by every process of the machine.
github() {
  printf 'header = "Authorization: Bearer %s"\n' "$GITHUB_TOKEN" |
    curl --config - --silent --show-error --fail-with-body --retry 3 --max-time 30 \
      --header 'Accept: application/vnd.github+json' --header 'X-GitHub-Api-Version: 2022-11-28' \
      "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/git/$1"
}

github "ref/tags/$tag" >"$private/ref.json"
read_object() {
  node - "$private/ref.json" <<'JAVASCRIPT'
const { object } = JSON.parse(require('node:fs').readFileSync(process.argv[2], 'utf8'));
console.log(`${object.type} ${object.sha}`);
JAVASCRIPT
}
found=$(read_object)
read -r type object <<<"$found"
if [[ $type != tag || ! $object =~ ^[0-9a-f]{40}$ ]]; then
  echo "::error::$tag has no signature: it is the bare name of a commit. Write it with git tag --sign."
  exit 1
fi
github "tags/$object" >"$private/tag.json"
node - "$private/tag.json" <<'JAVASCRIPT'
const { verification = {}, object = {}, tagger = {} } = JSON.parse(
  require('node:fs').readFileSync(process.argv[2], 'utf8'),
);
const { GITHUB_REF, GITHUB_SHA } = process.env;
if (object.sha !== GITHUB_SHA) {
  // It was moved after the run began.
  console.log(`::error::${GITHUB_REF} no longer is ${GITHUB_SHA}.`);
  process.exit(1);
}
if (verification.verified !== true) {
  console.log(`::error::The signature of ${GITHUB_REF} is not good: ${verification.reason}.`);
  process.exit(1);
}
console.log(`${GITHUB_REF} was signed by ${tagger.name}, and GitHub knows the key.`);
JAVASCRIPT
