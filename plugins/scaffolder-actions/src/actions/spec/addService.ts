import { isDeepStrictEqual } from 'node:util';
import {
  Document,
  isMap,
  isScalar,
  parseDocument,
  stringify,
  YAMLMap,
} from 'yaml';
import { InputError } from '@backstage/errors';
import { checkClashes } from './checkClashes';

/** A service as it is to stand in `deploy.yaml`. */
export interface NewService {
  key: string;
  service: Record<string, unknown>;
}

/**
 * The text of a `deploy.yaml` with one more service, behind those that are there. Everything else stays as it stands,
 * to the byte. Whether the service makes sense is for `parsePipelineSpec` to say.
 *
 * @throws InputError if there is no place for it, ConflictError if another service has what it asks for
 */
export function addService(text: string, added: NewService): string {
  const document = parseDocument(text, { uniqueKeys: true });
  const [problem] = document.errors;
  if (problem) {
    throw new InputError(`deploy.yaml cannot be read: ${problem.message}`);
  }
  const services = document.getIn(['spec', 'services'], true);
  if (!isMap(services)) {
    throw new InputError(
      'deploy.yaml has no spec.services. Add "services: {}" below "spec".',
    );
  }
  checkClashes(servicesOf(document), added);
  const wanted = {
    ...(services.toJS(document) as Record<string, unknown>),
    [added.key]: added.service,
  };
  const inserted = insertText(text, services, added);
  return inserted !== undefined && holds(inserted, wanted)
    ? inserted
    : rewrite(document, services, added);
}

function servicesOf(document: Document): Record<string, unknown> {
  const { spec } = document.toJS() as {
    spec: { services: Record<string, unknown> };
  };
  return spec.services;
}

/** Writes the lines of the new service behind the last one; undefined where the services are not in block style. */
function insertText(
  text: string,
  services: YAMLMap,
  { key, service }: NewService,
): string | undefined {
  const [first] = services.items;
  const firstKey = first?.key;
  if (services.flow || !isScalar(firstKey) || !firstKey.range) {
    return undefined;
  }
  const [start] = firstKey.range;
  const indent = ' '.repeat(start - (text.lastIndexOf('\n', start - 1) + 1));
  const end = services.range?.[1] ?? text.length;
  const before = text.slice(0, end).replace(/\s*$/, '');
  const after = text.slice(before.length).replace(/^[^\n]*\n?/, '');
  const sameLine = /^[^\n]*/.exec(text.slice(before.length))?.[0] ?? '';
  const lines = stringify({ [key]: service }, { lineWidth: 0 })
    .trimEnd()
    .split('\n')
    .map(line => `${indent}${line}`);
  return `${before}${sameLine}\n${lines.join('\n')}\n${after}`;
}

function holds(text: string, services: Record<string, unknown>): boolean {
  const document = parseDocument(text);
  return (
    document.errors.length === 0 &&
    isDeepStrictEqual(plain(servicesOf(document)), plain(services))
  );
}

/** As JSON has it: where a value comes from does not count. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** Keeps comments and order, but not how lines were broken and indented. */
function rewrite(
  document: Document,
  services: YAMLMap,
  { key, service }: NewService,
): string {
  services.flow = false;
  document.setIn(['spec', 'services', key], document.createNode(service));
  return document.toString({ lineWidth: 0 });
}
