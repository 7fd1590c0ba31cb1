#!/usr/bin/env bash
# Tells a chat that jobs failed, by an incoming webhook. Without its address nobody is told.
#
# TITLE, COMMIT    what failed, and of which commit; that of the run unless said otherwise
# NEEDS            results of jobs, as GitHub writes the context "needs"
# WEBHOOK          address of the webhook; it is a secret
set -euo pipefail

: "${TITLE:?}" "${NEEDS:?}"
if [[ -z ${WEBHOOK:-} ]]; then
  echo "::notice::There is no webhook: nobody was told."
  exit 0
fi
if [[ ! $WEBHOOK =~ ^https?://[A-Za-z0-9._~:/?=%+@-]+$ ]]; then
  echo "::error::The webhook is no address."
  exit 1
fi
message=$(mktemp)
trap 'rm -f -- "$message"' EXIT

node - "$message" <<'JAVASCRIPT'
const [file] = process.argv.slice(2);
const { env } = process;
const plain = text => String(text).replace(/[&<>]/g, sign => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign]);
const failed = Object.entries(JSON.parse(env.NEEDS))
  // What was refused for being older than what runs calls for nobody.
  .filter(([, { result, outputs }]) => (result === 'failure' && outputs?.refused !== 'true') || result === 'cancelled')
  .map(([name]) => name);
const run = `${env.GITHUB_SERVER_URL}/${env.GITHUB_REPOSITORY}/actions/runs/${env.GITHUB_RUN_ID}`;
const text = [
  `*${plain(env.TITLE)}* in ${plain(env.GITHUB_REPOSITORY)}`,
  `Failed: ${plain(failed.join(', '))}. Commit ${plain(env.COMMIT || env.GITHUB_SHA).slice(0, 12)}, <${run}|run ${env.GITHUB_RUN_NUMBER}>.`,
].join('\n');
require('node:fs').writeFileSync(file, JSON.stringify({ text }));
JAVASCRIPT
# The address goes by standard input: arguments can be seen by every process of the machine.
if printf 'url = "%s"\n' "$WEBHOOK" |
  curl --config - --silent --show-error --fail --retry 3 --max-time 30 --output /dev/null \
    --header 'Content-Type: application/json' --data-binary "@$message"; then
  echo "The chat was told."
else
  echo "::warning::The chat did not take the message."
fi
