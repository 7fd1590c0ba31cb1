import { CORE_SCHEMA, load } from 'js-yaml';
import { WorkflowFile } from '../../lint';
import { ImportItem } from '../types';
import { importing } from './importing';

type Imported = ReturnType<typeof importing>;

/** Something of a workflow that must not be lost. */
export interface Entry {
  kind: 'job' | 'step' | 'need' | 'condition' | 'threshold' | 'secret';
  file: string;
  pointer: string;
  /** What it is called, or what it says; of a step its script. */
  text: string;
}

/** A number that something must not fall below, by how tools and people call it. */
const THRESHOLD =
  /(?:fail[-_]under|minimum|threshold|max-warnings|maxfail)\D{0,3}(\d+)/i;

/** What is in workflows, by another YAML library than the importer's, and without any of its code. */
export function inventoryOf(files: readonly WorkflowFile[]): Entry[] {
  return files.flatMap(({ file, text }) => {
    const entries: Entry[] = [];
    const add = (kind: Entry['kind'], pointer: string, said = '') =>
      entries.push({ kind, file, pointer, text: said });
    const walk = (value: unknown, pointer: string): void => {
      if (/^\/jobs\/[^/]+$/.test(pointer)) {
        add('job', pointer, pointer.slice('/jobs/'.length));
      }
      if (/^\/jobs\/[^/]+\/steps\/\d+$/.test(pointer)) {
        const { run } = value as { run?: string };
        add('step', pointer, run);
      }
      if (value !== null && typeof value === 'object') {
        Object.entries(value).forEach(([key, one]) =>
          walk(
            one,
            `${pointer}/${key.replace(/~/g, '~0').replace(/\//g, '~1')}`,
          ),
        );
        return;
      }
      const said = String(value);
      if (/^\/jobs\/[^/]+\/needs(\/\d+)?$/.test(pointer)) {
        add('need', pointer, said);
      }
      if (/^\/jobs\/[^/]+(\/steps\/\d+)?\/if$/.test(pointer)) {
        add('condition', pointer, said);
      }
      const name = pointer.slice(pointer.lastIndexOf('/') + 1);
      const [, threshold] = THRESHOLD.exec(`${name} ${said}`) ?? [];
      if (threshold && !/minute/i.test(name)) {
        add('threshold', pointer, threshold);
      }
      const secrets = said.matchAll(/secrets\.(\w+)/g);
      new Set([...secrets].map(([, secret]) => secret)).forEach(secret =>
        add('secret', pointer, secret),
      );
    };
    walk(load(text, { schema: CORE_SCHEMA }), '');
    return entries;
  });
}

/** What an import does not say what became of, or says something of that is not so. */
export function gapsOf(
  files: readonly WorkflowFile[],
  { report: { items }, text }: Pick<Imported, 'report' | 'text'>,
): string[] {
  const written = load(text, { schema: CORE_SCHEMA });
  return inventoryOf(files).flatMap(entry => {
    const about = items.filter(
      item => item.file === entry.file && isAbout(item, entry.pointer),
    );
    const lines = files.find(({ file }) => file === entry.file)?.text ?? '';
    return problemsOf(entry, about, { written, lines: lines.split('\n') }).map(
      problem => `${entry.file}${entry.pointer} (${entry.kind}): ${problem}`,
    );
  });
}

function isAbout({ leaves }: ImportItem, pointer: string): boolean {
  return leaves
    .map(leaf => leaf.replace(/#\d+$/, ''))
    .some(leaf => leaf === pointer || leaf.startsWith(`${pointer}/`));
}

function problemsOf(
  { kind, text }: Entry,
  about: readonly ImportItem[],
  { written, lines }: { written: unknown; lines: readonly string[] },
): string[] {
  if (about.length === 0) {
    return ['nothing is said of it'];
  }
  const absent = about
    .filter(({ disposition }) => disposition === 'imported')
    .flatMap(({ keys }) => keys.filter(key => !isThere(written, key)))
    .map(key => `it became ${key}, which is not there`);
  const elsewhere = about
    .filter(() => kind === 'need' || kind === 'condition')
    .filter(({ line, leaves }) => {
      // What fared alike in one list is one item, which begins with the first.
      const here = lines.slice(line - 1, line - 1 + leaves.length).join('\n');
      return !here.includes(text) && !/\bif:/.test(here);
    })
    .map(({ line }) => `it is not in line ${line}`);
  const isNumber = kind === 'threshold' || kind === 'secret';
  return [
    ...absent,
    ...elsewhere,
    ...(isNumber && !about.some(item => isTold(item, text, written))
      ? [`${text} is neither in deploy.yaml nor named`]
      : []),
  ];
}

/** Whether it was taken over as it is, or somebody is told that it was not. */
function isTold(
  { disposition, keys, message, remedy }: ImportItem,
  text: string,
  written: unknown,
): boolean {
  return disposition === 'imported'
    ? remedy !== undefined ||
        keys.some(key =>
          new RegExp(`\\b${text}\\b`).test(
            JSON.stringify(valuesAt(written, key)),
          ),
        )
    : (message ?? '') !== '' && (disposition === 'kept' || !!remedy);
}

function isThere(document: unknown, key: string): boolean {
  return valuesAt(document, key).length > 0;
}

/** What stands at a key, such as `spec.environments[production].name`; names may have dots in them. */
function valuesAt(value: unknown, key: string): unknown[] {
  if (key === '') {
    return [value];
  }
  const rest = key.replace(/^\./, '');
  const [bracket, name] = /^\[([^\]]+)\]/.exec(rest) ?? [];
  if (Array.isArray(value) && bracket !== undefined) {
    return value
      .filter(one => one.name === name)
      .flatMap(one => valuesAt(one, rest.slice(bracket.length)));
  }
  return Object.entries(value ?? {}).flatMap(([own, one]) => {
    const behind = rest.slice(own.length);
    return rest.startsWith(own) && /^([.[]|$)/.test(behind)
      ? valuesAt(one, behind)
      : [];
  });
}
