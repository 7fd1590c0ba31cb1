/**
 * The parts of an operation's description that AutoRest writes into the SDKs of Azure; all of it describes
 * what goes over the wire.
 */
export interface WireOperation {
  /** Such as `containerAppsRevisions.getRevision`. */
  name: string;
  method: string;
  /** Template with `{names}`. */
  path: string;
  responses: Record<string, { bodyMapper?: Mapper; headersMapper?: Mapper }>;
  requestBody?: { mapper: Mapper; parameterPath: unknown };
  queryParameters: { mapper: Mapper }[];
  urlParameters: { mapper: Mapper }[];
  /** Fields of a form; empty where there is none. */
  formParameters: { mapper: Mapper }[];
  models: Record<string, Mapper>;
}

export interface MapperType {
  name: string;
  className?: string;
  modelProperties?: Record<string, Mapper>;
  additionalProperties?: Mapper;
  polymorphicDiscriminator?: { serializedName: string; clientName: string };
  uberParent?: string;
  element?: Mapper;
  value?: Mapper;
  allowedValues?: unknown[];
}

export interface Mapper {
  serializedName?: string;
  required?: boolean;
  readOnly?: boolean;
  isConstant?: boolean;
  defaultValue?: unknown;
  nullable?: boolean;
  constraints?: Record<string, unknown>;
  type: MapperType;
}

interface CapturedSpec {
  httpMethod: string;
  path?: string;
  responses: WireOperation['responses'];
  requestBody?: WireOperation['requestBody'];
  queryParameters?: { mapper: Mapper }[];
  urlParameters?: { mapper: Mapper }[];
  formDataParameters?: { mapper: Mapper }[];
  serializer: { modelMappers: Record<string, Mapper> };
}

/** A client of the generation that has mappers. */
export interface MapperClient {
  sendOperationRequest(args: unknown, spec: unknown): Promise<unknown>;
}

/**
 * Asks an SDK for the descriptions of its operations: each of its methods is called, and the description
 * taken where the request would be sent. Nothing goes over a network.
 */
export async function captureOperations(
  client: MapperClient,
): Promise<WireOperation[]> {
  const operations = new Map<string, WireOperation>();
  let name = '';
  client.sendOperationRequest = async (_, spec) => {
    const operation = toOperation(name, spec as CapturedSpec);
    operations.set(`${operation.method} ${operation.path}`, operation);
    throw new Error('taken');
  };
  for (const [group, methods] of Object.entries(client)) {
    for (const method of methodNames(methods)) {
      name = `${group}.${plainName(method)}`;
      // Names that every operation takes for its parameters.
      await call(methods as Record<string, unknown>, method);
    }
  }
  return [...operations.values()].filter(operation => operation.path !== '');
}

function methodNames(group: unknown): string[] {
  const prototype =
    typeof group === 'object' && group !== null
      ? Object.getPrototypeOf(group)
      : undefined;
  if (!prototype?.constructor.name.endsWith('Impl')) {
    return [];
  }
  return Object.getOwnPropertyNames(prototype).filter(
    // Pages after the first come from a link, and `...AndWait` calls its sibling.
    method =>
      method !== 'constructor' && !/(AndWait|Next|Page|All)$/.test(method),
  );
}

async function call(
  group: Record<string, unknown>,
  method: string,
): Promise<void> {
  try {
    const operation = group[method] as (...args: unknown[]) => unknown;
    await operation.call(group, 'a', 'b', 'c', 'd', 'e', 'f');
  } catch {
    // Every call ends here: what was wanted has been taken.
  }
}

/** `_listRevisions` and `beginUpdate` are `listRevisions` and `update`. */
function plainName(method: string): string {
  return method
    .replace(/^_/, '')
    .replace(/^begin([A-Z])/, (_, letter: string) => letter.toLowerCase());
}

function toOperation(name: string, spec: CapturedSpec): WireOperation {
  const path = spec.path ?? '';
  return {
    name,
    method: spec.httpMethod,
    path,
    responses: spec.responses,
    requestBody: spec.requestBody,
    queryParameters: spec.queryParameters ?? [],
    // Without the server's address.
    urlParameters: (spec.urlParameters ?? []).filter(({ mapper }) =>
      path.includes(`{${mapper.serializedName}}`),
    ),
    formParameters: spec.formDataParameters ?? [],
    models: spec.serializer.modelMappers,
  };
}
