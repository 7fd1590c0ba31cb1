import * as ecr from '@aws-sdk/client-ecr';
import * as ecs from '@aws-sdk/client-ecs';
import * as sts from '@aws-sdk/client-sts';

/** What is simulated. */
export type AwsService = 'ecr' | 'ecs' | 'sts';

const sdks = { ecr, ecs, sts };

/**
 * The Smithy schemas as the SDKs carry them: what the SDK itself serialises and parses by. A schema is a
 * number (a simple type, or a list or map of one), a tuple, a function that returns a schema, or a pair of
 * a schema and its traits.
 */
export type Schema = unknown;

const simpleKinds: Record<number, string> = {
  0: 'string',
  1: 'number',
  2: 'boolean',
  4: 'timestamp',
  5: 'timestamp',
  6: 'timestamp',
  7: 'timestamp',
  15: 'document',
  17: 'number',
  19: 'number',
  21: 'blob',
  42: 'blob',
};

/** A schema in words that a validator can switch over. */
export type Shape =
  | { kind: 'simple'; type: string }
  | { kind: 'list'; member: Schema }
  | { kind: 'map'; value: Schema }
  | { kind: 'structure'; name: string; members: Member[] };

export interface Member {
  name: string;
  schema: Schema;
  required: boolean;
}

export interface OperationShapes {
  input: Shape;
  output: Shape;
}

/** Puts a schema into words. */
export function shapeOf(schema: Schema): Shape {
  if (typeof schema === 'function') {
    return shapeOf(schema());
  }
  if (typeof schema === 'number') {
    if (schema >= 128) {
      return { kind: 'map', value: schema - 128 };
    }
    if (schema >= 64) {
      return { kind: 'list', member: schema - 64 };
    }
    return simple(schema);
  }
  if (!Array.isArray(schema)) {
    throw new Error(`Not a schema: ${String(schema)}`);
  }
  if (typeof schema[1] !== 'string') {
    return shapeOf(schema[0]);
  }
  const [kind, , name, , fourth, fifth, required = 0] = schema;
  switch (kind) {
    case 0:
      return shapeOf(fourth);
    case 1:
      return { kind: 'list', member: fourth };
    case 2:
      return { kind: 'map', value: fifth };
    case 3:
    case -3:
    case 4:
      return {
        kind: 'structure',
        name,
        members: (fourth as string[]).map((member, index) => ({
          name: member,
          schema: fifth[index],
          required: index < required,
        })),
      };
    default:
      throw new Error(`Not a kind of schema: ${String(kind)}`);
  }
}

/** Input and output of an operation of a service; `undefined` if the SDK knows none of that name. */
export function operationShapes(
  service: AwsService,
  operation: string,
): OperationShapes | undefined {
  const found = exportsOf(service)[`${operation}$`];
  if (!Array.isArray(found) || found[0] !== 9) {
    return undefined;
  }
  return { input: shapeOf(found[4]), output: shapeOf(found[5]) };
}

/** The schema of an error; `undefined` if it is one of all services, which the SDK has no schema of. */
export function errorShape(
  service: AwsService,
  name: string,
): Shape | undefined {
  const found = exportsOf(service)[`${name}$`];
  return Array.isArray(found) && found[0] === -3 ? shapeOf(found) : undefined;
}

function exportsOf(service: AwsService): Record<string, unknown> {
  return sdks[service] as unknown as Record<string, unknown>;
}

function simple(code: number): Shape {
  const type = simpleKinds[code];
  if (!type) {
    throw new Error(`Not a simple type: ${code}`);
  }
  return { kind: 'simple', type };
}
