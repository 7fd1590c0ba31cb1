import { isEqual, KubeObject } from '../kubernetes/api/objects';
import { Api, kindOf } from './Api';
import { CallError } from './CallError';
import { readManifests } from './manifests';
import { threeWayMerge } from './merge';
import { Call } from './parseArguments';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const REVISION = 'deployment.kubernetes.io/revision';
/** Annotations that "rollout undo" leaves as they are. */
const SKIPPED = [
  LAST_APPLIED,
  REVISION,
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
];

/** What a call works with. */
export interface Context {
  api: Api;
  /** Where the script runs. */
  directory: string;
  namespace: string;
}

type Verb = (call: Call, context: Context) => Promise<string>;

/** What each verb does and prints; it is told the call in parts. */
export const verbs: Readonly<Record<string, Verb>> = {
  get,
  create: createLocally,
  apply,
  replace,
  delete: remove,
  patch,
  annotate,
  'rollout undo': undo,
  'rollout resume': resume,
  logs,
};

async function get(call: Call, { api, directory }: Context): Promise<string> {
  const { words, values } = call;
  const isTolerant = values['--ignore-not-found'] !== undefined;
  const format = oneOf(call, '--output', ['json', 'name']);
  const found: KubeObject[] = [];
  const isList = words.length < 2;
  const asked = values['--filename']
    ? readManifests(values['--filename'], directory).map(
        ({ kind, metadata }) => [kind, metadata.name],
      )
    : words.slice(1).map(name => [words[0], name]);
  for (const [kind, name] of asked) {
    const of = kindOf(kind);
    const object = isTolerant
      ? await api.find(of, name)
      : await api.get(of, name);
    found.push(...(object ? [{ ...object, kind: of.kind }] : []));
  }
  if (asked.length === 0) {
    const [selector] = values['--selector'] ?? [];
    found.push(...(await api.list(kindOf(words[0]), selector)));
  } else if (found.length === 0) {
    return '';
  }
  if (format === 'name') {
    return lines(found.map(nameOf));
  }
  return json(
    isList && !(values['--filename'] && found.length === 1)
      ? {
          apiVersion: 'v1',
          items: found,
          kind: 'List',
          metadata: { resourceVersion: '' },
        }
      : found[0],
  );
}

/** Reads files and prints their objects, one behind the other; nothing is created. */
async function createLocally(
  call: Call,
  { directory, namespace }: Context,
): Promise<string> {
  oneOf(call, '--output', ['json']);
  oneOf(call, '--dry-run', ['client']);
  return readManifests(
    call.values['--filename'] ?? [],
    directory,
    call.values['--recursive'] !== undefined,
  )
    .map(object => json(inNamespace(object, namespace)))
    .join('');
}

async function apply(call: Call, context: Context): Promise<string> {
  const { api, directory, namespace } = context;
  const onServer = call.values['--server-side'] !== undefined;
  if (!onServer && call.values['--force-conflicts']) {
    throw new CallError(
      'error: --force-conflicts only works with --server-side',
    );
  }
  const printed: string[] = [];
  for (const read of readManifests(
    call.values['--filename'] ?? [],
    directory,
  )) {
    const next = inNamespace(read, namespace);
    const { annotations, ...metadata } = next.metadata;
    const { [LAST_APPLIED]: _last, ...own } = annotations ?? {};
    const written = {
      ...next,
      metadata: { ...metadata, annotations: own },
    };
    const noted = onServer
      ? next
      : {
          ...written,
          metadata: {
            ...written.metadata,
            annotations: {
              ...own,
              [LAST_APPLIED]: `${JSON.stringify(written)}\n`,
            },
          },
        };
    const live = await api.find(kindOf(next.kind), next.metadata.name);
    const done = live ? await merged(api, live, noted) : 'created';
    if (!live) {
      await api.create(noted);
    }
    printed.push(`${nameOf(next)} ${onServer ? 'serverside-applied' : done}`);
  }
  return lines(printed);
}

async function merged(
  api: Api,
  live: KubeObject,
  next: KubeObject,
): Promise<string> {
  const last = live.metadata.annotations?.[LAST_APPLIED];
  const wanted = threeWayMerge(
    last === undefined ? undefined : JSON.parse(last),
    live,
    next,
  );
  const after = await api.put(wanted);
  return isEqual(after.metadata.resourceVersion, live.metadata.resourceVersion)
    ? 'unchanged'
    : 'configured';
}

async function replace(
  call: Call,
  { api, directory, namespace }: Context,
): Promise<string> {
  const printed: string[] = [];
  for (const object of readManifests(
    call.values['--filename'] ?? [],
    directory,
  )) {
    await api.put(inNamespace(object, namespace));
    printed.push(`${nameOf(object)} replaced`);
  }
  return lines(printed);
}

async function remove(
  { words, values }: Call,
  { api, directory }: Context,
): Promise<string> {
  const asked = values['--filename']
    ? readManifests(values['--filename'], directory).map(
        ({ kind, metadata }) => [kind, metadata.name],
      )
    : words.slice(1).map(name => [words[0], name]);
  const printed: string[] = [];
  for (const [kind, name] of asked) {
    const of = kindOf(kind);
    if (await api.remove(of, name)) {
      printed.push(`${of.printed} "${name}" deleted`);
    } else if (!values['--ignore-not-found']) {
      throw new CallError(
        `Error from server (NotFound): ${of.plural} "${name}" not found`,
      );
    }
  }
  return lines(printed);
}

async function patch(call: Call, { api, directory }: Context): Promise<string> {
  oneOf(call, '--type', ['strategic']);
  const [kind, name] = call.words;
  const [file] = call.values['--patch-file'];
  const of = kindOf(kind);
  await api.patch(
    of,
    name,
    JSON.parse(readFileSync(resolve(directory, file), 'utf8')),
  );
  return lines([`${of.printed}/${name} patched`]);
}

async function annotate(
  { words: [kind, name, ...pairs], values }: Call,
  { api }: Context,
): Promise<string> {
  const of = kindOf(kind);
  const annotations = Object.fromEntries(pairs.map(pair => pair.split('=')));
  const { metadata } = await api.get(of, name);
  const taken = Object.keys(annotations).find(
    key => metadata.annotations?.[key] !== undefined,
  );
  if (taken && !values['--overwrite']) {
    throw new CallError(
      `error: --overwrite is false but found the following declared annotation(s): '${taken}' already has a value`,
    );
  }
  await api.patch(of, name, { metadata: { annotations } }, 'merge-patch');
  return lines([`${of.printed}/${name} annotated`]);
}

async function undo(
  { words: [word], values }: Call,
  { api }: Context,
): Promise<string> {
  const [kind, name] = word.split('/');
  const of = kindOf(kind);
  const deployment = await api.get(of, name);
  if (deployment.spec.paused) {
    throw new CallError(
      `error: cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again`,
    );
  }
  const [revision] = values['--to-revision'];
  const set = (await api.list(kindOf('ReplicaSet'))).find(
    ({ metadata }) =>
      metadata.ownerReferences?.[0].uid === deployment.metadata.uid &&
      metadata.annotations?.[REVISION] === revision,
  );
  if (!set) {
    throw new CallError(
      `error: unable to find specified revision ${revision} in history`,
    );
  }
  const { 'pod-template-hash': _hash, ...labels } =
    set.spec.template.metadata.labels;
  const template = {
    ...set.spec.template,
    metadata: { ...set.spec.template.metadata, labels },
  };
  if (isEqual(template, deployment.spec.template)) {
    return lines([
      `${of.printed}/${name} skipped rollback (current template already matches revision ${revision})`,
    ]);
  }
  const pick = (all: Record<string, string> = {}, skipped: boolean) =>
    Object.entries(all).filter(([key]) => SKIPPED.includes(key) === skipped);
  const operations = [
    { op: 'replace', path: '/spec/template', value: template },
    {
      op: 'add',
      path: '/metadata/annotations',
      value: Object.fromEntries([
        ...pick(deployment.metadata.annotations, true),
        ...pick(set.metadata.annotations, false),
      ]),
    },
  ];
  await api.patch(of, name, operations, 'json-patch');
  return lines([`${of.printed}/${name} rolled back`]);
}

async function resume(
  { words: [word] }: Call,
  { api }: Context,
): Promise<string> {
  const [kind, name] = word.split('/');
  const of = kindOf(kind);
  const { spec } = await api.get(of, name);
  if (!spec.paused) {
    throw new CallError(`error: ${of.plural}.apps "${name}" is not paused`);
  }
  await api.patch(of, name, { spec: { paused: null } });
  return lines([`${of.printed}/${name} resumed`]);
}

async function logs({ values }: Call, { api }: Context): Promise<string> {
  const of = kindOf('Pod');
  const pods = await api.list(of, values['--selector'][0]);
  const most = Number(values['--max-log-requests']?.[0] ?? 5);
  if (pods.length > most) {
    throw new CallError(
      `error: you are attempting to follow ${pods.length} log streams, but maximum allowed concurrency is ${most}, use --max-log-requests to increase the limit`,
    );
  }
  const query = {
    ...(values['--container'] && { container: values['--container'][0] }),
    ...(values['--tail'] && { tailLines: values['--tail'][0] }),
    ...(values['--timestamps'] && { timestamps: 'true' }),
  };
  const texts: string[] = [];
  for (const { metadata } of pods) {
    texts.push(await api.log(metadata.name, query));
  }
  return texts.join('');
}

/** The value of an option, which has to be one of these. */
function oneOf(
  { verb, values }: Call,
  option: string,
  known: readonly string[],
): string {
  const [value = ''] = values[option] ?? [];
  if (!known.includes(value)) {
    throw new CallError(
      `error: kubectl ${verb} ${option}=${value} is not simulated`,
    );
  }
  return value;
}

function inNamespace(object: KubeObject, namespace: string): KubeObject {
  const { isNamespaced } = kindOf(object.kind);
  const own = object.metadata.namespace;
  if (isNamespaced && own && own !== namespace) {
    throw new CallError(
      `error: the namespace from the provided object "${own}" does not match the namespace "${namespace}". You must pass '--namespace=${own}' to perform this operation.`,
    );
  }
  return isNamespaced
    ? { ...object, metadata: { ...object.metadata, namespace } }
    : object;
}

function nameOf({ kind, metadata }: KubeObject): string {
  return `${kindOf(kind).printed}/${metadata.name}`;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 4)}\n`;
}

function lines(all: readonly string[]): string {
  return all.map(line => `${line}\n`).join('');
}
