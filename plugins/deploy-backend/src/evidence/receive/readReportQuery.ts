import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import {
  EvidenceFormat,
  evidenceFormats,
  EvidenceType,
  evidenceTypes,
} from '@vvp/backstage-plugin-deploy-common';

/** What is said about a report beside the report. */
export interface ReportQuery {
  /** Full and lower case. */
  entityRef: string;
  commit: string;
  type?: EvidenceType;
  format?: EvidenceFormat;
  environment?: string;
  suite?: string;
  mode?: string;
  /** Directory of the repository that the report's paths start from. */
  root?: string;
}

const MAX_NAME = 100;

const known: readonly string[] = [
  'entityRef',
  'commit',
  'type',
  'format',
  'environment',
  'suite',
  'mode',
  'root',
] satisfies (keyof ReportQuery)[];

/** Checks the query of `POST /evidence`. Throws an InputError that names the field. */
export function readReportQuery(query: Record<string, unknown>): ReportQuery {
  const values = new Map<string, string>();
  for (const [key, value] of Object.entries(query)) {
    if (!known.includes(key)) {
      throw new InputError(
        `${key}: there is no such parameter; there are ${known.join(', ')}`,
      );
    }
    if (typeof value !== 'string') {
      throw new InputError(`${key}: give it once`);
    }
    if (value !== '') {
      values.set(key, value);
    }
  }
  const root = readRoot(values.get('root'));
  return {
    entityRef: readEntityRef(values.get('entityRef')),
    commit: readCommit(values.get('commit')),
    type: readChoice('type', values.get('type'), evidenceTypes),
    format: readChoice(
      'format',
      values.get('format'),
      Object.keys(evidenceFormats) as EvidenceFormat[],
    ),
    environment: readName('environment', values.get('environment')),
    suite: readName('suite', values.get('suite')),
    mode: readName('mode', values.get('mode')),
    root,
  };
}

function readEntityRef(value: string | undefined): string {
  const example = 'write it like component:default/issuer';
  if (!value || value.length > 400 || hasControlCharacter(value)) {
    throw new InputError(`entityRef: is missing or no entity ref; ${example}`);
  }
  try {
    return stringifyEntityRef(
      parseEntityRef(value, {
        defaultKind: 'component',
        defaultNamespace: 'default',
      }),
    ).toLocaleLowerCase('en-US');
  } catch {
    throw new InputError(`entityRef: is no entity ref; ${example}`);
  }
}

function readCommit(value: string | undefined): string {
  const commit = value?.toLocaleLowerCase('en-US');
  if (!commit || !/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) {
    throw new InputError(
      'commit: is missing or not a full SHA; give all 40 digits (in a workflow: ${{ github.sha }})',
    );
  }
  return commit;
}

function readChoice<T extends string>(
  name: string,
  value: string | undefined,
  choices: readonly T[],
): T | undefined {
  if (value === undefined) {
    return undefined;
  }
  const found = choices.find(choice => choice === value);
  if (!found) {
    throw new InputError(
      `${name}: is none of ${choices.join(
        ', ',
      )}; leave it out to have it detected`,
    );
  }
  return found;
}

function readName(name: string, value: string | undefined): string | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (
    value.length > MAX_NAME ||
    value.trim() !== value ||
    hasControlCharacter(value)
  ) {
    throw new InputError(
      `${name}: give a name of up to ${MAX_NAME} characters, without control characters or spaces around it`,
    );
  }
  return value;
}

function readRoot(value: string | undefined): string | undefined {
  if (value === undefined) {
    return undefined;
  }
  const segments = value.split('/').filter(part => part && part !== '.');
  if (
    value.startsWith('/') ||
    value.length > 500 ||
    hasControlCharacter(value) ||
    value.includes('\\') ||
    segments.includes('..')
  ) {
    throw new InputError(
      'root: give a directory from the root of the repository, such as services/verifier, or a dot for the root itself',
    );
  }
  return segments.join('/');
}

function hasControlCharacter(value: string): boolean {
  return [...value].some(character => character < ' ' || character === '\x7f');
}
