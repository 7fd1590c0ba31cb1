#!/usr/bin/env bash
# Deletes images at ghcr.io that are old or have no name. What a rollback may need is spared: the images of the releases
# that ran in an environment lately, with their platforms and signatures. Where that cannot be found out, nothing is
# deleted.
#
# IMAGES          repositories, such as ghcr.io/example-org/shop, with spaces between them
# ENVIRONMENTS    a JSON list of environments at GitHub
# KEEP, DAYS      how many releases of each environment are spared; what is older than this may be deleted
# LATE_COMMITS    true if deployments of GitHub may name a later commit than the one that was deployed
# REGISTRY_URL    the registry, https://ghcr.io unless said otherwise
# GITHUB_TOKEN    may read deployments, and write packages
set -euo pipefail

: "${IMAGES:?}" "${ENVIRONMENTS:?}" "${KEEP:?}" "${DAYS:?}" "${GITHUB_TOKEN:?}"
: "${GITHUB_API_URL:?}" "${GITHUB_REPOSITORY:?}" "${GITHUB_ACTOR:?}"
node - <<'JAVASCRIPT'
const { env } = process;
const DAY = 24 * 60 * 60 * 1000;
const limit = Date.now() - Number(env.DAYS) * DAY;
const registry = env.REGISTRY_URL ?? 'https://ghcr.io';
const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

async function ask(url, { headers, method = 'GET', missing = false }) {
  const answer = await fetch(url, { method, headers, signal: AbortSignal.timeout(30_000) });
  if (answer.status === 404 && missing) return undefined;
  if (!answer.ok) {
    throw new Error(`${method} ${new URL(url).pathname}: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
  }
  return method === 'GET' ? answer.json() : true;
}

function github(path, options = {}) {
  return ask(`${env.GITHUB_API_URL}/${path}`, {
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${env.GITHUB_TOKEN}`,
      'x-github-api-version': '2022-11-28',
    },
    ...options,
  });
}

async function* pages(path, options) {
  const separator = path.includes('?') ? '&' : '?';
  for (let page = 1; page <= 100; page += 1) {
    const found = await github(`${path}${separator}per_page=100&page=${page}`, options);
    if (found === undefined) return;
    yield* found;
    if (found.length < 100) return;
  }
  throw new Error(`${path} has more than 10000 entries`);
}

// Newest first; one that never succeeded is nothing to go back to.
async function releasesOf(environment) {
  const found = [];
  const path = `repos/${env.GITHUB_REPOSITORY}/deployments`;
  for await (const one of pages(`${path}?environment=${encodeURIComponent(environment)}`)) {
    const statuses = await github(`${path}/${one.id}/statuses?per_page=100`);
    if (!statuses.some(({ state }) => state === 'success')) continue;
    if (!found.some(({ sha }) => sha === one.sha)) found.push(one);
    if (found.length >= Number(env.KEEP)) break;
  }
  return found;
}

async function spared() {
  const environments = JSON.parse(env.ENVIRONMENTS);
  const releases = [];
  for (const environment of environments) releases.push(...(await releasesOf(environment)));
  if (releases.length === 0) throw new Error('GitHub knows of no deployment: what may be deleted cannot be told');
  const oldest = Math.min(...releases.map(({ created_at }) => Date.parse(created_at)));
  return {
    commits: releases.map(({ sha }) => sha),
    names: ['latest', ...environments],
    since: env.LATE_COMMITS === 'true' ? Math.min(limit, oldest - 7 * DAY) : limit,
  };
}

function isSpared({ commits, names, since }, { created_at, tags }) {
  return (
    (tags.length > 0 && Date.parse(created_at) >= since) ||
    // What has no name yet may get one in a moment.
    Date.parse(created_at) >= Date.now() - DAY ||
    tags.some(tag => names.includes(tag) || commits.some(sha => namesCommit(tag, sha)))
  );
}

function namesCommit(tag, sha) {
  return tag.split(/[-._]/).some(word => /^[0-9a-f]{7,40}$/.test(word) && sha.startsWith(word));
}

async function manifestsOf(name) {
  const basic = Buffer.from(`${env.GITHUB_ACTOR}:${env.GITHUB_TOKEN}`).toString('base64');
  const scope = encodeURIComponent(`repository:${name}:pull`);
  const { token } = await ask(`${registry}/token?service=ghcr.io&scope=${scope}`, {
    headers: { authorization: `Basic ${basic}` },
  });
  return digest =>
    ask(`${registry}/v2/${name}/manifests/${digest}`, {
      headers: { accept: MANIFESTS, authorization: `Bearer ${token}` },
    });
}

// An image holds those of its platforms; signatures hold on to an image by their name.
async function withParts(versions, roots, read) {
  const byDigest = new Map(versions.map(one => [one.name, one]));
  const kept = new Set();
  const queue = [...roots];
  for (const one of queue) {
    if (kept.has(one.name)) continue;
    kept.add(one.name);
    const { manifests = [] } = await read(one.name);
    const mark = one.name.replace(':', '-');
    queue.push(
      ...manifests.flatMap(({ digest }) => byDigest.get(digest) ?? []),
      ...versions.filter(({ tags }) => tags.some(tag => tag === mark || tag.startsWith(`${mark}.`))),
    );
  }
  return kept;
}

async function ownerOf(owner, name) {
  const organisation = `orgs/${owner}/packages/container/${encodeURIComponent(name)}`;
  return (await github(organisation, { missing: true }))
    ? organisation
    : `users/${owner}/packages/container/${encodeURIComponent(name)}`;
}

async function clean(image, sparing) {
  const [, owner, ...rest] = image.split('/');
  const name = rest.join('/');
  const base = await ownerOf(owner, name);
  const versions = [];
  for await (const one of pages(`${base}/versions`, { missing: true })) {
    versions.push({ ...one, tags: one.metadata?.container?.tags ?? [] });
  }
  const roots = versions.filter(one => isSpared(sparing, one));
  const kept = await withParts(versions, roots, await manifestsOf(`${owner}/${name}`));
  const old = versions.filter(one => !kept.has(one.name));
  if (old.length === versions.length) {
    console.log(`::warning::${image} has nothing that would be spared: nothing is deleted.`);
    return;
  }
  for (const { id } of old) await github(`${base}/versions/${id}`, { method: 'DELETE', missing: true });
  console.log(`${image}: ${old.length} of ${versions.length} deleted.`);
}

(async () => {
  const sparing = await spared();
  for (const image of env.IMAGES.split(' ')) await clean(image, sparing);
})().catch(error => {
  console.log(`::error::${error.message.replace(/[\r\n]+/g, ' ')}`);
  process.exit(1);
});
JAVASCRIPT
