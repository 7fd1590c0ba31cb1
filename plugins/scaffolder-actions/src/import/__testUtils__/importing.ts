import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { WorkflowFile } from '../../lint';
import {
  ImportOptions,
  ImportResult,
  importWorkflows,
} from '../importWorkflows';
import { ImportItem } from '../types';

export const REPOSITORY = resolve(__dirname, '../../../../..');

type Imported = Exclude<ImportResult, { findings: unknown }>;

/** All workflows of a folder. */
export function workflowsIn(folder: string): WorkflowFile[] {
  const path = resolve(REPOSITORY, folder);
  return readdirSync(path)
    .filter(name => /\.ya?ml$/.test(name))
    .sort()
    .map(name => ({
      file: name,
      text: readFileSync(resolve(path, name), 'utf8'),
    }));
}

/** Imports workflows that can be. */
export function importing(
  files: readonly WorkflowFile[],
  options?: ImportOptions,
): Imported {
  const result = importWorkflows(files, options);
  if ('findings' in result) {
    throw new Error(JSON.stringify(result.findings));
  }
  return result;
}

/** JSON pointers of every scalar of a YAML text, and of empty lists and mappings; by plain reading, not by the importer. */
export function scalarsOf(text: string): string[] {
  const walk = (value: unknown, pointer: string): string[] => {
    const entries =
      value !== null && typeof value === 'object' ? Object.entries(value) : [];
    return entries.length === 0
      ? [pointer]
      : entries.flatMap(([key, one]) =>
          walk(
            one,
            `${pointer}/${key.replace(/~/g, '~0').replace(/\//g, '~1')}`,
          ),
        );
  };
  return walk(parse(text, { maxAliasCount: 200 }), '').sort();
}

/** Pointers of all that a report accounts for in a file, without the numbers of commands. */
export function accountedOf(
  items: readonly ImportItem[],
  file: string,
): string[] {
  const pointers = items
    .filter(item => item.file === file)
    .flatMap(({ leaves }) => leaves.map(leaf => leaf.replace(/#\d+$/, '')));
  return [...new Set(pointers)].sort();
}

/** The item that accounts for a scalar; the first one, for a script. */
export function itemAt(
  items: readonly ImportItem[],
  pointer: string,
): ImportItem | undefined {
  return items.find(({ leaves }) =>
    leaves.some(
      leaf => leaf === pointer || leaf.replace(/#\d+$/, '') === pointer,
    ),
  );
}
