import { pipelineSpecSchema } from '@vvp/backstage-plugin-deploy-common';

type Path = readonly string[];

interface Schema {
  type?: string | readonly string[];
  const?: unknown;
  enum?: readonly unknown[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  oneOf?: readonly Schema[];
}

/** A text of a document, with the place in the schema that it is at. */
export interface TextField {
  field: string;
  path: Path;
  value: string;
}

const SCHEMA = pipelineSpecSchema as unknown as Schema;

/** Places of the schema that hold a text of one's own, as keys with * for any. What is the same at several levels is there once. */
export function schemaFields(): string[] {
  return [...new Set(fieldsOf(SCHEMA, []).map(called))].sort();
}

/** The texts of a document. */
export function textsOf(document: unknown): TextField[] {
  return within(SCHEMA, document, [], []);
}

function fieldsOf(schema: Schema, path: Path): Path[] {
  return [
    ...(isText(schema) ? [path] : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, part]) =>
      fieldsOf(part, [...path, key]),
    ),
    ...[otherOf(schema), schema.items].flatMap(part =>
      part ? fieldsOf(part, [...path, '*']) : [],
    ),
    ...(schema.oneOf ?? []).flatMap(part =>
      fieldsOf(part, [...path, String(part.properties?.type?.const)]),
    ),
  ];
}

function within(
  schema: Schema,
  value: unknown,
  field: Path,
  path: Path,
): TextField[] {
  if (typeof value === 'string') {
    return isText(schema) ? [{ field: called(field), path, value }] : [];
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const { type } = value as { type?: unknown };
  const branch = schema.oneOf?.find(
    ({ properties }) => properties?.type?.const === type,
  );
  if (branch) {
    return within(branch, value, [...field, String(type)], path);
  }
  return Object.entries(value).flatMap(([key, part]) => {
    const named = Array.isArray(value) ? undefined : schema.properties?.[key];
    const other = Array.isArray(value) ? schema.items : otherOf(schema);
    const next = named ?? other;
    return next
      ? within(next, part, [...field, named ? key : '*'], [...path, key])
      : [];
  });
}

function isText({ type, enum: values, const: value }: Schema): boolean {
  return (
    [type].flat().includes('string') &&
    values === undefined &&
    value === undefined
  );
}

function otherOf({ additionalProperties }: Schema): Schema | undefined {
  return typeof additionalProperties === 'object'
    ? additionalProperties
    : undefined;
}

function called(path: Path): string {
  return path
    .join('.')
    .replace(/^.*\.(gates|promotion)\./, '$1.')
    .replace(/^.*\.(secret|variable)$/, '$1')
    .replace(
      /\.workflows\.(integrationTests|smokeTest)\./,
      '.workflows.deploy.',
    );
}
