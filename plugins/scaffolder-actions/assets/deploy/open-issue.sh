#!/usr/bin/env bash
# Opens an issue about jobs that failed. If one with the same title is open already, that one gets a comment instead.
#
# TITLE, LABELS    what it is called, and its labels, one in each line
# NEEDS            results of jobs, as GitHub writes the context "needs"
# COMMIT           what was tested or released, the commit of the run unless said otherwise
# GITHUB_TOKEN     may write issues
set -euo pipefail

: "${TITLE:?}" "${NEEDS:?}" "${GITHUB_TOKEN:?}" "${GITHUB_API_URL:?}" "${GITHUB_REPOSITORY:?}"
issues=$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/issues
private=$(mktemp -d)
trap 'rm -rf -- "$private"' EXIT

# The token goes by standard input: arguments can be seen by every process of the machine.
github() {
  printf 'header = "Authorization: Bearer %s"\n' "$GITHUB_TOKEN" |
    curl --config - --silent --show-error --fail-with-body --retry 3 --max-time 30 \
      --header 'Accept: application/vnd.github+json' --header 'X-GitHub-Api-Version: 2022-11-28' "$@"
}

node - "$private" <<'JAVASCRIPT'
const { writeFileSync } = require('node:fs');
const [folder] = process.argv.slice(2);
const { env } = process;
// Within backquotes nothing is a mention, a link or a heading.
const code = text => `\`${String(text).replace(/[`\r\n]/g, ' ').slice(0, 300)}\``;
const run = `${env.GITHUB_SERVER_URL}/${env.GITHUB_REPOSITORY}/actions/runs/${env.GITHUB_RUN_ID}`;
const jobs = Object.entries(JSON.parse(env.NEEDS));
// What was refused for being older than what runs calls for nobody.
const failed = jobs.filter(
  ([, { result, outputs }]) => (result === 'failure' && outputs?.refused !== 'true') || result === 'cancelled',
);
const body = [
  `Run [#${env.GITHUB_RUN_NUMBER}](${run}) of ${code(env.GITHUB_WORKFLOW)} failed.`,
  `- Failed: ${failed.map(([name]) => code(name)).join(', ')}`,
  `- Branch or tag: ${code(env.GITHUB_REF_NAME)}`,
  `- Commit: ${code(env.COMMIT || env.GITHUB_SHA)}`,
  '',
  '| job | result |',
  '| --- | --- |',
  ...jobs.map(([name, { result }]) => `| ${code(name)} | ${result} |`),
].join('\n');
const labels = (env.LABELS ?? '').split('\n').filter(Boolean);
writeFileSync(`${folder}/issue.json`, JSON.stringify({ title: env.TITLE, body, labels }));
writeFileSync(`${folder}/comment.json`, JSON.stringify({ body }));
JAVASCRIPT

# The number of the open issue with this title, and how many there are to go on behind.
read_issues() {
  node - "$private/issues.json" "$TITLE" <<'JAVASCRIPT'
const [file, title] = process.argv.slice(2);
const all = JSON.parse(require('node:fs').readFileSync(file, 'utf8'));
const found = all.find(one => one.title === title && !one.pull_request);
console.log(`${found?.number ?? ''}/${all.length}`);
JAVASCRIPT
}

find_issue() {
  local page found
  for ((page = 1; page <= 20; page++)); do
    github --output "$private/issues.json" "$issues?state=open&per_page=100&page=$page" || return 1
    found=$(read_issues) || return 1
    if [[ -n ${found%/*} || ${found#*/} -lt 100 ]]; then
      echo "${found%/*}"
      return
    fi
  done
}

number=$(find_issue)
if [[ -n $number ]]; then
  github --data-binary "@$private/comment.json" --output /dev/null "$issues/$number/comments"
  echo "Issue #$number has a comment about this run."
else
  github --data-binary "@$private/issue.json" --output /dev/null "$issues"
  echo "There is an issue about this run."
fi
