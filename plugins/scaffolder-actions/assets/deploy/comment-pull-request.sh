#!/usr/bin/env bash
# Puts a text beneath a pull request, in the place of the one that it put there before.
#
# PULL_REQUEST, COMMENT   which one, and a name for the comment
# COMMENT_FILE            the text
# GITHUB_TOKEN            may write to pull requests
set -euo pipefail

: "${PULL_REQUEST:?}" "${COMMENT:?}" "${COMMENT_FILE:?}" "${GITHUB_TOKEN:?}" "${GITHUB_API_URL:?}" "${GITHUB_REPOSITORY:?}"
if [[ ! -s $COMMENT_FILE ]]; then
  # What should have written it says why.
  echo "There is nothing to say at $COMMENT_FILE."
  exit 0
fi
mark="<!-- deploy-pipeline: $COMMENT -->"
issues=$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/issues

# The token goes by standard input: arguments can be seen by every process of the machine.
github() {
  printf 'header = "Authorization: Bearer %s"\n' "$GITHUB_TOKEN" |
    curl --config - --silent --show-error --fail-with-body --retry 3 --max-time 30 \
      --header 'Accept: application/vnd.github+json' --header 'X-GitHub-Api-Version: 2022-11-28' "$@"
}

private=$(mktemp -d)
trap 'rm -rf -- "$private"' EXIT

# The number of the comment, or how many there are to go on behind.
read_comments() {
  node - "$private/comments.json" "$mark" <<'JAVASCRIPT'
const [file, mark] = process.argv.slice(2);
const comments = JSON.parse(require('node:fs').readFileSync(file, 'utf8'));
const found = comments.find(({ body }) => body?.startsWith(mark));
console.log(`${found?.id ?? ''}/${comments.length}`);
JAVASCRIPT
}

find_comment() {
  local page found
  for ((page = 1; page <= 10; page++)); do
    github --output "$private/comments.json" "$issues/$PULL_REQUEST/comments?per_page=100&page=$page" || return 1
    found=$(read_comments) || return 1
    if [[ -n ${found%/*} || ${found#*/} -lt 100 ]]; then
      echo "${found%/*}"
      return
    fi
  done
}

node - "$COMMENT_FILE" "$private/body.json" "$mark" <<'JAVASCRIPT'
const { readFileSync, writeFileSync } = require('node:fs');
const [from, to, mark] = process.argv.slice(2);
writeFileSync(to, JSON.stringify({ body: `${mark}\n${readFileSync(from, 'utf8')}` }));
JAVASCRIPT
if comment=$(find_comment) &&
  if [[ -n $comment ]]; then
    github --request PATCH --data-binary "@$private/body.json" --output /dev/null "$issues/comments/$comment"
  else
    github --data-binary "@$private/body.json" --output /dev/null "$issues/$PULL_REQUEST/comments"
  fi; then
  echo "The pull request has the comment."
else
  echo "::warning::GitHub did not take the comment. What it would have said is in the output of this job."
fi
