#!/usr/bin/env bash
# Deletes old artifacts, and caches that nobody used for long.
#
# DAYS            what is older is deleted
# GITHUB_TOKEN    may write to actions
set -euo pipefail

: "${DAYS:?}" "${GITHUB_TOKEN:?}" "${GITHUB_API_URL:?}" "${GITHUB_REPOSITORY:?}"
node - <<'JAVASCRIPT'
const { DAYS, GITHUB_TOKEN, GITHUB_API_URL, GITHUB_REPOSITORY } = process.env;
const limit = Date.now() - Number(DAYS) * 24 * 60 * 60 * 1000;

async function github(path, method = 'GET') {
  const answer = await fetch(`${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}/actions/${path}`, {
    method,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${GITHUB_TOKEN}`,
      'x-github-api-version': '2022-11-28',
    },
    signal: AbortSignal.timeout(30_000),
  });
  // What is gone by itself meanwhile need not be deleted.
  if (!answer.ok && !(method === 'DELETE' && answer.status === 404)) {
    throw new Error(`${method} ${path}: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
  }
  return method === 'GET' ? answer.json() : undefined;
}

// All pages first: deleting while one reads would move what comes behind.
async function all(path, key) {
  const found = [];
  for (let page = 1; page <= 100; page += 1) {
    const { [key]: some } = await github(`${path}?per_page=100&page=${page}`);
    found.push(...some);
    if (some.length < 100) break;
  }
  return found;
}

async function clean(path, key, timeOf) {
  const found = await all(path, key);
  const old = found.filter(one => Date.parse(timeOf(one)) < limit);
  for (const { id } of old) await github(`${path}/${id}`, 'DELETE');
  console.log(`${key}: ${old.length} of ${found.length} deleted.`);
}

(async () => {
  await clean('artifacts', 'artifacts', one => one.created_at);
  await clean('caches', 'actions_caches', one => one.last_accessed_at ?? one.created_at);
})().catch(error => {
  console.log(`::error::${error.message.replace(/[\r\n]+/g, ' ')}`);
  process.exit(1);
});
JAVASCRIPT
