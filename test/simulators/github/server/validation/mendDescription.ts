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

/** Where GitHub's description says less than GitHub does, in two places. */
export function mendDescription(description: JsonObject): Document {
  const mended = mendNullable(description) as JsonObject;
  const components = mended.components as {
    parameters: Record<string, { schema: JsonObject }>;
  };
  // `created` takes a range in the search syntax, which is no `date-time`.
  components.parameters.created.schema = { type: 'string' };
  return mended as unknown as Document;
}
