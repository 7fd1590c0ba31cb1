interface Schema {
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
}

/** A schema with all that it is put together from. */
function partsOf(schema: Schema): Schema[] {
  const { allOf = [], anyOf = [], oneOf = [] } = schema;
  return [schema, ...[...allOf, ...anyOf, ...oneOf].flatMap(partsOf)];
}

/** What stands below, by key; `*` for keys that people choose, `[]` for items. */
function below(schemas: readonly Schema[]): [string, Schema][] {
  return schemas
    .flatMap(partsOf)
    .flatMap(part => [
      ...Object.entries(part.properties ?? {}),
      ...Object.values(part.patternProperties ?? {}).map(
        one => ['*', one] as [string, Schema],
      ),
      ...(typeof part.additionalProperties === 'object'
        ? [['*', part.additionalProperties] as [string, Schema]]
        : []),
      ...(part.items ? [['[]', part.items] as [string, Schema]] : []),
    ]);
}

function pathTo(path: string, key: string): string {
  return key === '[]' ? `${path}[]` : `${path}.${key}`.replace(/^\./, '');
}

/** Every key of a schema that holds no further ones. */
export function keysOfSchema(schema: Schema): string[] {
  const keys = new Set<string>();
  const walk = (schemas: readonly Schema[], path: string): void => {
    const names = new Set(below(schemas).map(([key]) => key));
    if (names.size === 0) {
      keys.add(path);
    }
    names.forEach(name =>
      walk(
        below(schemas).flatMap(([key, one]) => (key === name ? [one] : [])),
        pathTo(path, name),
      ),
    );
  };
  walk([schema], '');
  return [...keys];
}

/** Those that a document has something of. */
export function keysOfDocument(schema: Schema, document: unknown): string[] {
  const keys = new Set<string>();
  const walk = (
    value: unknown,
    schemas: readonly Schema[],
    path: string,
  ): void => {
    if (value === null || typeof value !== 'object') {
      keys.add(path);
      return;
    }
    const known = below(schemas);
    for (const [own, one] of Object.entries(value)) {
      const isItem = Array.isArray(value);
      const isNamed = known.some(([key]) => key === own);
      const name = isItem ? '[]' : (isNamed && own) || '*';
      walk(
        one,
        known.flatMap(([key, schemaOf]) => (key === name ? [schemaOf] : [])),
        pathTo(path, name),
      );
    }
  };
  walk(document, [schema], '');
  return [...keys];
}
