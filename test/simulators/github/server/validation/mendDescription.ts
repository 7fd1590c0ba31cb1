import type { Document } from 'openapi-backend';
import { isObject, type JsonObject } from '../json';

/** `nullable` beside `anyOf` or `$ref` alone: the same, said so that ajv takes it. */
function mendNullable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(mendNullable);
  if (!isObject(value)) return value;
  const mended: JsonObject = Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, mendNullable(child)]),
  );
  if (mended.nullable !== true || mended.type !== undefined) return mended;
  const { nullable: _nullable, ...schema } = mended;
  return { anyOf: [schema, { enum: [null] }] };
}

/** Where GitHub's description says something else than GitHub does, in four places. */
export function mendDescription(description: JsonObject): Document {
  const mended = mendNullable(description) as JsonObject;
  const components = mended.components as {
    parameters: Record<string, { schema: JsonObject }>;
  };
  // `created` takes a range in the search syntax, which is no `date-time`.
  components.parameters.created.schema = { type: 'string' };
  // An id is a number, but in a path it is also a text: one of the two, not exactly one.
  components.parameters['workflow-id'].schema = {
    anyOf: [{ type: 'integer' }, { type: 'string' }],
  };
  eitherAccount(mended);
  return mended as unknown as Document;
}

/** The list of installations wants each account to be a user and an enterprise at once; a single one may be either. */
function eitherAccount(value: unknown): void {
  if (Array.isArray(value)) {
    value.forEach(eitherAccount);
    return;
  }
  if (!isObject(value)) return;
  Object.values(value).forEach(eitherAccount);
  if (
    Array.isArray(value.allOf) &&
    value.allOf.some(one => isObject(one) && one.title === 'Simple User') &&
    value.allOf.some(one => isObject(one) && one.title === 'Enterprise')
  ) {
    value.anyOf = value.allOf;
    delete value.allOf;
  }
}
