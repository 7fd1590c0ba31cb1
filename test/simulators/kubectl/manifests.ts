import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../kubernetes/api/objects';
import { CallError } from './CallError';

/** The objects of files, and with `recursive` of directories, in the order of their names. */
export function readManifests(
  files: readonly string[],
  directory: string,
  recursive = false,
): KubeObject[] {
  return files.flatMap(file => {
    const path = resolve(directory, file);
    let texts: string[];
    try {
      texts = filesIn(path, recursive).map(one => readFileSync(one, 'utf8'));
    } catch {
      throw new CallError(`error: the path "${file}" does not exist`);
    }
    const objects = texts.flatMap(objectsIn);
    if (objects.length === 0) {
      throw new CallError('error: no objects passed');
    }
    return objects;
  });
}

function filesIn(path: string, recursive: boolean): string[] {
  if (!statSync(path).isDirectory()) {
    return [path];
  }
  return readdirSync(path)
    .sort()
    .map(name => join(path, name))
    .flatMap(one => {
      if (statSync(one).isDirectory()) {
        return recursive ? filesIn(one, true) : [];
      }
      return /\.(ya?ml|json)$/.test(one) ? [one] : [];
    });
}

function objectsIn(text: string): KubeObject[] {
  return parseAllDocuments(text).flatMap(document => {
    if (document.errors?.length > 0) {
      throw new CallError(`error: error parsing: ${document.errors[0]}`);
    }
    const object = document.toJS();
    if (object === null) {
      return [];
    }
    const objects = object.kind === 'List' ? object.items : [object];
    for (const { kind, metadata } of objects) {
      if (!kind || !metadata?.name) {
        throw new CallError('error: Object "Kind" is missing');
      }
    }
    return objects;
  });
}
