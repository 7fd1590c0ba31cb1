#!/usr/bin/env bash
# Works out objects of Kubernetes from other ones, all of them in files, for kubernetes.sh; talks to nobody. Needs Node.js,
# as GitHub's machines have it. DEPLOYMENT is the name of the one that is deployed, CONTAINER of the one that runs IMAGE, which
# is of COMMIT.
set -euo pipefail

exec node - "$@" <<'JAVASCRIPT'
const { readFileSync, writeFileSync } = require('node:fs');

const { DEPLOYMENT, CONTAINER, IMAGE, COMMIT, CANARY_PERCENT } = process.env;
const REVISION = 'deployment.kubernetes.io/revision';
const SERVED = 'deploy.vvp.io/served';
const COMMIT_OF = 'deploy.vvp.io/commit';
const TRACK = 'deploy.vvp.io/track';

/** kubectl writes one object, a list of them, or one behind the other. */
function read(file) {
  const texts = readFileSync(file, 'utf8').split(/\n(?=\{)/).filter(text => text.trim() !== '');
  return texts.flatMap(text => {
    const object = JSON.parse(text);
    return object.items ?? [object];
  });
}

function write(file, content) {
  writeFileSync(file, JSON.stringify(content, null, 2), { mode: 0o600 });
}

const listOf = items => ({ apiVersion: 'v1', kind: 'List', items });

function refuse(message) {
  console.error(`::error::${message}`);
  process.exit(1);
}

/** Without what the cluster adds by itself, so that it can be put back. */
function plain({ status: _status, ...object }) {
  const { uid: _uid, resourceVersion: _version, generation: _generation, creationTimestamp: _created,
    managedFields: _fields, selfLink: _link, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function containerOf({ spec }) {
  const { containers } = spec.template.spec;
  return CONTAINER ? containers.find(({ name }) => name === CONTAINER) : containers[0];
}

const selectorOf = ({ spec }) =>
  Object.entries(spec.selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`).join(',');
const annotation = ({ metadata }, name) => metadata.annotations?.[name] ?? '';
const revisionOf = object => Number(annotation(object, REVISION));
const hasServed = set => annotation(set, SERVED) === set.metadata.name;

function setsOf(deployment, file) {
  return read(file).filter(({ metadata }) =>
    metadata.ownerReferences?.some(({ uid }) => uid === deployment.metadata.uid));
}

function isComplete({ metadata, spec, status = {} }) {
  const { replicas = 1 } = spec;
  return (
    status.observedGeneration >= metadata.generation &&
    [status.replicas, status.updatedReplicas, status.availableReplicas].every(count => (count ?? 0) === replicas)
  );
}

/** What belongs to the service: what is called as it is, or says so in its labels. */
function ownerOf({ kind, metadata }) {
  const { labels = {}, name } = metadata;
  const named = labels['app.kubernetes.io/name'] ?? labels.app;
  if (name === DEPLOYMENT || named === DEPLOYMENT) {
    return 'own';
  }
  return kind === 'Deployment' || named !== undefined ? 'other' : 'shared';
}

/** The image and the commit, in a Deployment that is written down. */
function withImage(deployment) {
  const container = containerOf(deployment);
  if (!container) {
    refuse(`The Deployment ${DEPLOYMENT} has no container ${CONTAINER}.`);
  }
  container.image = IMAGE;
  const { template } = deployment.spec;
  template.metadata = {
    ...template.metadata,
    annotations: { ...template.metadata?.annotations, ...(COMMIT && { [COMMIT_OF]: COMMIT }) },
  };
  return deployment;
}

/** Says why a container does not run; `lasting` is what does not go away by waiting. */
function troubleOf({ metadata, status = {} }) {
  const states = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  for (const { name, state = {}, lastState = {}, restartCount } of states) {
    const { reason = '', message = '' } = state.waiting ?? state.terminated ?? {};
    if (/^(ErrImagePull|ImagePullBackOff|InvalidImageName|CrashLoopBackOff|Create\w+Error|Error|OOMKilled)$/.test(reason)) {
      const exit = (state.terminated ?? lastState.terminated)?.exitCode;
      return `${metadata.name} (${name}): ${reason}${exit === undefined ? '' : `, exit code ${exit}`}, ${
        restartCount} restarts${message && `: ${message.slice(0, 300)}`}`;
    }
  }
  const unscheduled = (status.conditions ?? []).find(({ type, status: is }) => type === 'PodScheduled' && is === 'False');
  return unscheduled && `${metadata.name}: ${unscheduled.reason}: ${unscheduled.message}`;
}

const isReady = ({ metadata, status = {} }) =>
  !metadata.deletionTimestamp &&
  (status.conditions ?? []).some(({ type, status: is }) => type === 'Ready' && is === 'True');

const commands = {
  /** Takes what is written down apart: of this service, of nobody in particular, and its Deployment. */
  sort(manifests, folder) {
    const sorted = { own: [], shared: [], other: [] };
    let deployment;
    for (const object of read(manifests).map(plain)) {
      const { kind, metadata } = object;
      if (kind === 'Secret') {
        refuse(`The Secret ${metadata.name} is in the repository, where everybody can read it.`);
      }
      const owner = ownerOf(object);
      if (kind === 'Deployment' && metadata.name === DEPLOYMENT) {
        deployment = withImage(object);
      } else {
        sorted[kind === 'Namespace' ? 'shared' : owner].push(object);
        if (owner === 'other') {
          console.log(`${kind} ${metadata.name} is of another service, and is left alone.`);
        }
      }
    }
    // There has to be a namespace before anything can be in it.
    sorted.shared.sort((left, right) => (right.kind === 'Namespace') - (left.kind === 'Namespace'));
    for (const owner of ['own', 'shared']) {
      if (sorted[owner].length > 0) {
        write(`${folder}/${owner}.json`, listOf(sorted[owner]));
      }
    }
    if (deployment) {
      write(`${folder}/next.json`, deployment);
    }
  },
  /** What there is to know of a Deployment, a line each. */
  facts(file, sets) {
    const [deployment] = read(file);
    const container = containerOf(deployment);
    if (!container) {
      refuse(`The Deployment ${DEPLOYMENT} has no container ${CONTAINER}.`);
    }
    const current = setsOf(deployment, sets).find(set => revisionOf(set) === revisionOf(deployment));
    const { paused } = deployment.spec;
    console.log([
      container.image,
      current?.metadata.name ?? '',
      current ? annotation(current, SERVED) : '',
      isComplete(deployment) ? 'yes' : 'no',
      paused ? 'yes' : 'no',
      selectorOf(deployment),
    ].join('\n'));
  },
  /** The number of a ReplicaSet, which changes when it is put back. */
  revision(file, sets, name) {
    const [deployment] = read(file);
    const set = setsOf(deployment, sets).find(({ metadata }) => metadata.name === name);
    if (set) {
      console.log(revisionOf(set));
    }
  },
  /** The newest one that served, other than that of now. */
  served(file, sets) {
    const [deployment] = read(file);
    const [newest] = setsOf(deployment, sets)
      .filter(set => hasServed(set) && revisionOf(set) !== revisionOf(deployment))
      .sort((left, right) => revisionOf(right) - revisionOf(left));
    if (newest) {
      console.log(newest.metadata.name);
    }
  },
  /** The image and the commit, as a patch of the Deployment that is there. */
  patch(file, to) {
    const [deployment] = read(file);
    write(to, {
      spec: {
        template: {
          metadata: { annotations: { ...(COMMIT && { [COMMIT_OF]: COMMIT }) } },
          spec: { containers: [{ name: containerOf(deployment).name, image: IMAGE }] },
        },
      },
    });
  },
  /** A Deployment of its own beside the one that serves, which the same Services ask. */
  canary(from, live, to) {
    const deployment = withImage(plain(read(from)[0]));
    const { replicas = 1, selector } = read(live)[0].spec;
    const { labels, namespace } = deployment.metadata;
    const { template } = deployment.spec;
    const track = { [TRACK]: 'canary' };
    write(to, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: `${DEPLOYMENT}-canary`, ...(namespace && { namespace }), labels: { ...labels, ...track } },
      spec: {
        ...deployment.spec,
        replicas: Math.ceil((replicas * CANARY_PERCENT) / (100 - CANARY_PERCENT)) || 1,
        selector: { ...selector, matchLabels: { ...selector.matchLabels, ...track } },
        template: {
          ...template,
          metadata: { ...template.metadata, labels: { ...template.metadata.labels, ...track } },
        },
      },
    });
  },
  /** Labels by which kubectl finds the pods of a Deployment. */
  selector(file) {
    console.log(selectorOf(read(file)[0]));
  },
  /** What is under way, and what was there before, for whoever comes after a run that was killed. */
  record(own, existing, to, set, images, wanted = '') {
    const found = read(existing).map(plain);
    const isFound = ({ kind, metadata }) =>
      found.some(other => other.kind === kind && other.metadata.name === metadata.name);
    write(to, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `${DEPLOYMENT}-deploying` },
      data: {
        replicaSet: set,
        images,
        wanted,
        objects: JSON.stringify(listOf(found)),
        created: JSON.stringify(listOf(own ? read(own).filter(object => !isFound(object)) : [])),
      },
    });
  },
  /** What that record says, a line each. */
  recorded(file) {
    const [{ data }] = read(file);
    console.log([data.replicaSet, data.wanted, data.images].join('\n'));
  },
  /** What has to be put back, and what has to go; a file of neither that has nothing in it. */
  before(file, live, before, created) {
    const [{ data }] = read(file);
    const [{ spec }] = read(live);
    const objects = JSON.parse(data.objects).items.map(object =>
      object.kind === 'Deployment'
        ? // It may have been scaled up meanwhile.
          { ...object, spec: { ...object.spec, replicas: Math.max(object.spec.replicas ?? 1, spec.replicas ?? 1) } }
        : object);
    write(before, listOf(objects));
    const gone = JSON.parse(data.created).items;
    if (gone.length > 0) {
      write(created, listOf(gone));
    }
  },
  /** The record, with one more image under way. */
  amend(file, image) {
    const [record] = read(file);
    const images = new Set([...record.data.images.split(' '), image]);
    write(file, { ...plain(record), data: { ...record.data, images: [...images].join(' ') } });
  },
  /** A Secret of what AWS Secrets Manager keeps: an object of texts. */
  secret(name, value, to) {
    let content;
    try {
      content = JSON.parse(readFileSync(value, 'utf8'));
    } catch {
      // Its text must not be seen.
    }
    const isGood = content && typeof content === 'object' && !Array.isArray(content) &&
      Object.entries(content).every(([key, text]) => /^[-._A-Za-z0-9]+$/.test(key) && typeof text === 'string');
    if (!isGood) {
      refuse(`What is kept for the Secret ${name} is not a JSON object of texts.`);
    }
    write(to, { apiVersion: 'v1', kind: 'Secret', metadata: { name }, type: 'Opaque', stringData: content });
  },
  /** How a rollout is: complete, in trouble or on its way; and why. */
  rollout(file, pods) {
    const [deployment] = read(file);
    const { conditions = [] } = deployment.status ?? {};
    const condition = wanted => conditions.find(({ type }) => type === wanted);
    const image = containerOf(deployment)?.image;
    const own = read(pods).filter(({ spec }) => spec.containers.some(one => one.image === image));
    const reasons = [
      condition('ReplicaFailure')?.message,
      ...own.filter(pod => !isReady(pod)).map(troubleOf),
    ].filter(Boolean);
    const progress = condition('Progressing');
    const isSeen = (deployment.status?.observedGeneration ?? 0) >= deployment.metadata.generation;
    const isLate = isSeen && progress?.reason === 'ProgressDeadlineExceeded';
    if (isComplete(deployment)) {
      console.log('complete');
    } else {
      console.log(reasons.length > 0 || isLate ? 'trouble' : 'going');
    }
    console.log((reasons.slice(0, 3).join('; ') || progress?.message || 'the controller has said nothing yet').replace(/\s+/g, ' '));
  },
  /** What is wrong with the pods of a canary; nothing if all of them are ready. */
  unhealthy(file, wanted) {
    const pods = read(file).filter(({ metadata }) => !metadata.deletionTimestamp);
    const crashed = pods.find(({ status = {} }) => (status.containerStatuses ?? []).some(({ restartCount }) => restartCount > 0));
    const ready = pods.filter(isReady).length;
    if (crashed) {
      console.log(`crashed: ${troubleOf(crashed) || `${crashed.metadata.name} was restarted`}`);
    } else if (ready < Number(wanted)) {
      console.log(`${ready} of ${wanted} pods are ready. ${pods.map(troubleOf).filter(Boolean)[0] ?? ''}`.trim());
    }
  },
  /** How many pods a Deployment asks for. */
  replicas(file) {
    console.log(read(file)[0].spec.replicas);
  },
};

const [command, ...args] = process.argv.slice(2);
commands[command](...args);
JAVASCRIPT
