import { mkdir, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Ajv, { ValidateFunction } from 'ajv';
import type { ApiAnswer, ApiRequest, Route } from '../api/handleApi';

const DESCRIPTION = resolve(
  __dirname,
  '../../../fixtures/kubernetes/openapi.json',
);
const STATUS = '#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.Status';
const PATCH = '#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.Patch';
const JSON_PATCH = 'application/json-patch+json';

const jsonPatchSchema = {
  type: 'array',
  items: {
    type: 'object',
    required: ['op', 'path'],
    additionalProperties: false,
    properties: {
      op: { enum: ['add', 'replace', 'remove', 'test'] },
      path: { type: 'string', pattern: '^/' },
      value: {},
    },
  },
};

interface Parameter {
  name: string;
  in: string;
  type?: string;
  required?: boolean;
  schema?: object;
}

/** Checks requests and answers by the description that a real API server gave of itself. */
export class OpenApiValidator {
  readonly #description: any;
  readonly #ajv: Ajv;
  readonly #unknownPaths: readonly string[];
  readonly #compiled = new Map<string, ValidateFunction>();
  readonly #counts: Record<string, number> = {};
  readonly violations: string[] = [];
  readonly unvalidated: string[] = [];

  /** @param unknownPaths - paths that are asked for although the API does not have them */
  constructor(unknownPaths: readonly string[] = []) {
    this.#unknownPaths = unknownPaths;
    this.#description = JSON.parse(readFileSync(DESCRIPTION, 'utf8'));
    this.#ajv = new Ajv({
      strict: false,
      allErrors: true,
      validateFormats: false,
    });
    this.#ajv.addSchema(
      { definitions: strict(this.#description.definitions) },
      'cluster',
    );
  }

  /** Such as `Kubernetes v1.20.2 API description`. */
  get title(): string {
    const { title, version } = this.#description.info;
    return `${title} ${version} API server's own description`;
  }

  get counts(): Readonly<Record<string, number>> {
    return this.#counts;
  }

  check(
    request: ApiRequest,
    route: Route | undefined,
    answer: ApiAnswer,
  ): void {
    const item = route && this.#description.paths[route.template];
    const operation = item?.[request.method.toLowerCase()];
    const where = `${request.method} ${request.path}`;
    if (!operation) {
      if (!this.#unknownPaths.includes(request.path)) {
        this.unvalidated.push(where);
      }
      return;
    }
    const { operationId } = operation;
    this.#counts[operationId] = (this.#counts[operationId] ?? 0) + 1;
    const parameters: Parameter[] = [
      ...item.parameters,
      ...(operation.parameters ?? []),
    ];
    const problems = [
      ...this.#checkQuery(request, parameters),
      // A body that is refused may be wrong.
      ...(answer.code < 300
        ? this.#checkBody(request, operation, parameters)
        : []),
      ...this.#checkAnswer(operation, answer),
    ];
    this.violations.push(
      ...problems.map(problem => `${where} (${answer.code}): ${problem}`),
    );
  }

  /** For the summary after all tests. */
  report(): object {
    return {
      cloud: { [this.title]: this.#counts },
      violations: this.violations,
      unvalidated: this.unvalidated,
    };
  }

  async save(name: string): Promise<void> {
    const file = resolve(
      __dirname,
      `../../../../.test/validation/${name}.json`,
    );
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify(this.report(), undefined, 2));
  }

  #checkQuery(request: ApiRequest, parameters: Parameter[]): string[] {
    const known = parameters.filter(parameter => parameter.in === 'query');
    return [...request.query.entries()].flatMap(([name, value]) => {
      const parameter = known.find(candidate => candidate.name === name);
      if (!parameter) return [`no parameter ${name}`];
      const isRight =
        (parameter.type !== 'integer' || /^-?\d+$/.test(value)) &&
        (parameter.type !== 'boolean' || /^(true|false)$/.test(value));
      return isRight ? [] : [`parameter ${name} is no ${parameter.type}`];
    });
  }

  #checkBody(
    request: ApiRequest,
    operation: any,
    parameters: Parameter[],
  ): string[] {
    const body = parameters.find(parameter => parameter.in === 'body');
    if (!body?.schema || request.body === '') {
      return body?.required ? ['no body'] : [];
    }
    const consumes: string[] = operation.consumes ?? [];
    const isTaken =
      consumes.includes(request.contentType) || consumes.includes('*/*');
    const isPatch = (body.schema as { $ref?: string }).$ref === PATCH;
    const schema =
      isPatch && request.contentType === JSON_PATCH
        ? jsonPatchSchema
        : body.schema;
    return [
      ...(isTaken ? [] : [`no content type ${request.contentType}`]),
      ...this.#validate('request', schema, JSON.parse(request.body)),
    ];
  }

  #checkAnswer(operation: any, answer: ApiAnswer): string[] {
    if (answer.code >= 300) {
      // Throttling is answered before there is an API: in plain text.
      return answer.code === 429
        ? []
        : this.#validate('answer', { $ref: STATUS }, answer.body);
    }
    const response = operation.responses[answer.code];
    return response
      ? this.#validate('answer', response.schema, answer.body)
      : [`no answer ${answer.code}`];
  }

  #validate(what: string, schema: object, value: unknown): string[] {
    const key = JSON.stringify(schema);
    const validate =
      this.#compiled.get(key) ?? this.#ajv.compile(toCluster(schema));
    this.#compiled.set(key, validate);
    if (validate(withoutNulls(value))) return [];
    return (validate.errors ?? []).map(
      error =>
        `${what}${error.instancePath} ${error.message} ${JSON.stringify(
          error.params,
        )}`,
    );
  }
}

function toCluster(value: any): any {
  return JSON.parse(
    JSON.stringify(value).replaceAll(
      '"#/definitions/',
      '"cluster#/definitions/',
    ),
  );
}

/** Fields that are not described are refused, and numbers or text are told apart as the server does. */
function strict(value: any): any {
  if (Array.isArray(value)) return value.map(strict);
  if (typeof value !== 'object' || value === null) return value;
  if (value.type === 'string' && value.format === 'int-or-string') {
    return { type: ['string', 'integer'] };
  }
  const inner = Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, strict(field)]),
  );
  return value.type === 'object' && value.properties
    ? { ...inner, additionalProperties: false }
    : inner;
}

/** The server writes `null` for some absent times. */
function withoutNulls(value: any): any {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([key, inner]) => [key, withoutNulls(inner)]),
  );
}
