import { Mapper, WireOperation } from './captureOperations';
import { CheckContext, checkValue } from './checkValue';

/** A call that the model knows. */
export interface MatchedCall {
  operation: WireOperation;
  /** Values of the path's parameters. */
  parameters: Record<string, string>;
}

/** What came of holding calls against a vendor's model, as `scripts/lib/validationReport.mjs` reads it. */
export interface ValidationReport {
  cloud: Record<string, Record<string, number>>;
  violations: string[];
  unvalidated: string[];
}

/** The vendor's description of a provider's operations, and the count of calls that were held against it. */
export class VendorModel {
  readonly title: string;
  readonly #operations: readonly WireOperation[];
  readonly #knownValues: CheckContext['knownValues'];
  readonly #counts: Record<string, number> = {};
  readonly #violations: string[] = [];
  readonly #unvalidated: string[] = [];

  /**
   * @param title - names the package and its version, such as `@azure/arm-appcontainers 3.0.0 mappers`
   */
  constructor(
    title: string,
    operations: readonly WireOperation[],
    knownValues: CheckContext['knownValues'] = {},
  ) {
    this.title = title;
    this.#operations = operations;
    this.#knownValues = knownValues;
  }

  /** The operation of an address; names in it are compared without regard to case, as Azure does. */
  match(method: string, path: string): MatchedCall | undefined {
    for (const operation of this.#operations) {
      const parameters =
        operation.method === method
          ? matchPath(operation.path, path)
          : undefined;
      if (parameters) {
        return { operation, parameters };
      }
    }
    return undefined;
  }

  /** What is wrong with a request. */
  checkRequest(
    call: MatchedCall,
    request: { query: URLSearchParams; body?: unknown; form?: URLSearchParams },
  ): string[] {
    const { operation, parameters } = call;
    const context = this.#context(operation);
    const body = operation.requestBody?.mapper;
    return [
      ...checkParameters(operation.urlParameters, parameters, context),
      ...checkQuery(operation, request.query, context),
      ...checkForm(operation.formParameters, request.form, context),
      ...(body
        ? checkValue(body, request.body, 'body', context)
        : bodyNotWanted(request.body)),
    ];
  }

  /** What is wrong with an answer. */
  checkResponse(
    call: MatchedCall,
    response: {
      status: number;
      body?: unknown;
      headers?: Record<string, string>;
    },
  ): string[] {
    const { operation } = call;
    const described =
      operation.responses[response.status] ??
      (response.status >= 400 ? operation.responses.default : undefined);
    if (!described) {
      return [`the status ${response.status} is not described`];
    }
    const wrongHeaders = described.headersMapper
      ? checkHeaders(
          described.headersMapper,
          response.headers ?? {},
          this.#context(operation),
        )
      : [];
    if (response.body === undefined) {
      return wrongHeaders;
    }
    // Some describe a status such as 404 without a body, and send an error all the same.
    const body =
      described.bodyMapper ??
      (response.status >= 400
        ? operation.responses.default?.bodyMapper
        : undefined);
    return [
      ...wrongHeaders,
      ...(body
        ? checkValue(body, response.body, 'body', this.#context(operation))
        : bodyNotWanted(response.body)),
    ];
  }

  count(name: string): void {
    this.#counts[name] = (this.#counts[name] ?? 0) + 1;
  }

  violation(text: string): void {
    this.#violations.push(text);
  }

  /** A call of an SDK that the vendor does not describe. */
  unvalidated(text: string): void {
    this.#unvalidated.push(text);
  }

  report(): ValidationReport {
    return {
      cloud: { [this.title]: { ...this.#counts } },
      violations: [...this.#violations],
      unvalidated: [...this.#unvalidated],
    };
  }

  #context(operation: WireOperation): CheckContext {
    return {
      models: operation.models,
      knownValues: this.#knownValues,
    };
  }
}

function matchPath(
  template: string,
  path: string,
): Record<string, string> | undefined {
  const wanted = template.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) {
    return undefined;
  }
  const parameters: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    if (name === undefined) {
      if (part.toLowerCase() !== given[index].toLowerCase()) {
        return undefined;
      }
    } else {
      parameters[name] = given[index];
    }
  }
  return parameters;
}

function checkParameters(
  described: { mapper: Mapper }[],
  given: Record<string, string>,
  context: CheckContext,
): string[] {
  return described.flatMap(({ mapper }) => {
    const name = mapper.serializedName ?? '';
    return checkValue(mapper, given[name], `path ${name}`, context);
  });
}

function checkQuery(
  operation: WireOperation,
  query: URLSearchParams,
  context: CheckContext,
): string[] {
  const described = new Map(
    operation.queryParameters.map(({ mapper }) => [
      mapper.serializedName ?? '',
      mapper,
    ]),
  );
  const unknown = [...query.keys()]
    .filter(name => !described.has(name))
    .map(name => `query ${name} is not known`);
  const wrong = [...described].flatMap(([name, mapper]) =>
    checkQueryValue(mapper, query.get(name) ?? undefined, name, context),
  );
  return [...unknown, ...wrong];
}

/** Fields of a form: none that is not described, and none twice. */
function checkForm(
  described: { mapper: Mapper }[],
  form: URLSearchParams = new URLSearchParams(),
  context: CheckContext,
): string[] {
  const mappers = new Map(
    described.map(({ mapper }) => [mapper.serializedName ?? '', mapper]),
  );
  const unknown = [...new Set(form.keys())].flatMap(name => [
    ...(mappers.has(name) ? [] : [`form ${name} is not known`]),
    ...(form.getAll(name).length > 1 ? [`form ${name} is there twice`] : []),
  ]);
  const wrong = [...mappers].flatMap(([name, mapper]) =>
    checkValue(mapper, form.get(name) ?? undefined, `form ${name}`, context),
  );
  return [...unknown, ...wrong];
}

/** Only those that are described: HTTP has others. */
function checkHeaders(
  described: Mapper,
  headers: Record<string, string>,
  context: CheckContext,
): string[] {
  const given = new Map(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return Object.values(described.type.modelProperties ?? {}).flatMap(mapper => {
    const name = (mapper.serializedName ?? '').toLowerCase();
    const value = given.get(name);
    return checkValue(
      mapper,
      mapper.type.name === 'Number' && value ? Number(value) : value,
      `header ${name}`,
      context,
    );
  });
}

function checkQueryValue(
  mapper: Mapper,
  value: string | undefined,
  name: string,
  context: CheckContext,
): string[] {
  if (mapper.isConstant) {
    return value === mapper.defaultValue
      ? []
      : [`query ${name} is not ${mapper.defaultValue}`];
  }
  return mapper.type.name === 'String' || mapper.type.name === 'Enum'
    ? checkValue(mapper, value, `query ${name}`, context)
    : [];
}

function bodyNotWanted(body: unknown): string[] {
  return body === undefined ? [] : ['there is a body, which is not described'];
}
