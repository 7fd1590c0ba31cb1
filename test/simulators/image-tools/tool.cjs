#!/usr/bin/env node
// Stands in for docker, cosign and trivy, by the name that it is called by: see README.md.
const {
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} = require('node:fs');
const { basename, dirname, join } = require('node:path');

const file = process.env.IMAGE_TOOLS_STATE;
const state = JSON.parse(readFileSync(file, 'utf8'));
const tool = basename(process.argv[1]);
const words = process.argv.slice(2);
state.calls.push([tool, ...words]);
save();

/** At once: others may read meanwhile. */
function save() {
  const next = `${file}.${process.pid}`;
  writeFileSync(next, JSON.stringify(state));
  renameSync(next, file);
}

/** Goes on once so many of its kind are there; nobody knows in which order they do. */
function meet(kind, count) {
  const folder = dirname(file);
  writeFileSync(join(folder, `${kind}.${process.pid}`), '');
  const clock = new Int32Array(new SharedArrayBuffer(4));
  const here = () =>
    readdirSync(folder).filter(name => name.startsWith(`${kind}.`)).length;
  while (here() < count) {
    Atomics.wait(clock, 0, 0, 20);
  }
}

function refuse(message, code = 64) {
  process.stderr.write(`${tool}: ${message}\n`);
  process.exit(code);
}

/** Options with their values, and what is left; any other option is refused. */
function take(given, known) {
  const options = {};
  const rest = [];
  const queue = [...given];
  while (queue.length > 0) {
    const word = queue.shift();
    const [name, value] = word.split(/=(.*)/s);
    if (!name.startsWith('-')) {
      rest.push(word);
    } else if (!known.includes(name) || name in options) {
      refuse(`${name}: not simulated`);
    } else {
      options[name] = value ?? queue.shift();
    }
  }
  return { options, rest };
}

function digestOf(reference) {
  const [name, digest] = reference.split('@');
  return digest === undefined
    ? state.tags[name]
    : state.images[digest] && digest;
}

function docker() {
  const [first, second, verb, ...given] = words;
  if (`${first} ${second}` !== 'buildx imagetools') {
    refuse(`${first} ${second}: not simulated`);
  }
  if (state.registryError) {
    refuse(`ERROR: ${state.registryError}`, 1);
  }
  if (verb === 'inspect') {
    const { options, rest } = take(given, ['--format']);
    const digest = digestOf(rest[0]);
    if (!digest) {
      refuse(`ERROR: ${rest[0]}: not found`, 1);
    }
    const shown = {
      '{{json .Manifest.Digest}}': digest,
      '{{json .Image}}': state.images[digest]?.config,
    };
    if (!(options['--format'] in shown)) {
      refuse(`--format ${options['--format']}: not simulated`);
    }
    process.stdout.write(`${JSON.stringify(shown[options['--format']])}\n`);
  } else if (verb === 'create') {
    const { options, rest } = take(given, ['--prefer-index', '--tag']);
    const digest = digestOf(rest[0]);
    if (!digest) {
      refuse(`ERROR: ${rest[0]}: not found`, 1);
    }
    if (options['--prefer-index'] !== 'false') {
      refuse('a list of one image, with a digest of its own: not simulated');
    }
    if (state.immutable && state.tags[options['--tag']]) {
      refuse(`ERROR: ${options['--tag']}: tag is immutable`, 1);
    }
    if (state.together) {
      meet('create', state.together);
    }
    state.tags[options['--tag']] = digest;
    save();
  } else {
    refuse(`${verb}: not simulated`);
  }
}

function cosign() {
  const [verb, ...given] = words;
  const { options, rest } = take(given, [
    '--certificate-oidc-issuer',
    '--certificate-identity-regexp',
    '--certificate-github-workflow-sha',
    '--output',
  ]);
  const { '--certificate-github-workflow-sha': sha, ...always } = options;
  if (verb !== 'verify' || Object.keys(always).length !== 3) {
    refuse('not simulated');
  }
  if (state.networkFailures > 0) {
    state.networkFailures -= 1;
    save();
    refuse('Error: getting Rekor public keys: i/o timeout', 1);
  }
  const signers = state.images[digestOf(rest[0])]?.signers ?? [];
  if (signers.length === 0) {
    refuse('Error: no signatures found', 10);
  }
  const identity = new RegExp(options['--certificate-identity-regexp']);
  const issuer = options['--certificate-oidc-issuer'];
  const fits = signers.some(
    one =>
      one.issuer === issuer &&
      identity.test(one.identity) &&
      (sha === undefined || one.sha === sha),
  );
  if (!fits) {
    refuse('Error: none of the expected identities matched', 12);
  }
}

function trivy() {
  const [verb, ...given] = words;
  const { options, rest } = take(given, [
    '--format',
    '--output',
    '--severity',
    '--exit-code',
  ]);
  if (verb !== 'convert') {
    refuse(`${verb}: not simulated`);
  }
  const report = JSON.parse(readFileSync(rest[0], 'utf8'));
  const severities = options['--severity']?.split(',');
  const found = (report.Results ?? [])
    .flatMap(({ Vulnerabilities = [] }) => Vulnerabilities)
    .filter(({ Severity }) => severities?.includes(Severity) ?? true);
  const text = JSON.stringify({
    format: options['--format'],
    found: found.map(({ VulnerabilityID }) => VulnerabilityID),
  });
  if (options['--output']) {
    writeFileSync(options['--output'], text);
  } else {
    process.stdout.write(`${text}\n`);
  }
  process.exitCode = found.length > 0 ? Number(options['--exit-code'] ?? 0) : 0;
}

({ docker, cosign, trivy })[tool]();
