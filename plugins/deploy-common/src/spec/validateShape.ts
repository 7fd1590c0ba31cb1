import Ajv, { ErrorObject, ValidateFunction } from 'ajv';
import { PipelineDocument, pipelineSpecSchema } from './schema';
import { quote, suggest } from './suggest';
import { SpecFinding } from './types';
import { YamlSource, fromPointer, toPointer } from './YamlSource';

let compiled: ValidateFunction<PipelineDocument> | undefined;

function validator(): ValidateFunction<PipelineDocument> {
  // Compiled on first use: a page that imports only the types does not pay for it.
  // That the schema itself is right is for a test to say.
  compiled ??= new Ajv({
    allErrors: true,
    verbose: true,
    discriminator: true,
    allowUnionTypes: true,
    strict: true,
    strictRequired: false,
    strictTypes: false,
    validateSchema: false,
  }).compile<PipelineDocument>(pipelineSpecSchema);
  return compiled;
}

function kindOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'object':
      return 'a map';
    case 'string':
      return 'text';
    case 'number':
      return Number.isFinite(value) ? 'a number' : 'none that is finite';
    default:
      return 'true or false';
  }
}

const kindNames: Record<string, string> = {
  object: 'a map',
  array: 'a list',
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value) ?? '';
}

function describe(path: readonly string[]): string {
  const last = path[path.length - 1];
  if (last === undefined) return 'the file';
  return /^\d+$/.test(last)
    ? `item ${Number(last) + 1} of ${quote(path[path.length - 2] ?? '')}`
    : quote(last);
}

function expectation(error: ErrorObject): string {
  const description: unknown = error.parentSchema?.description;
  return typeof description === 'string'
    ? `Expected: ${description}`
    : 'See docs/deploy-yaml.md.';
}

function wrongType(error: ErrorObject, subject: string) {
  const types = [error.params.type].flat().map(String);
  const wanted = types.map(type => kindNames[type] ?? type).join(' or ');
  const actual = kindOf(error.data);
  const quotable = types.includes('string') && typeof error.data !== 'object';
  return {
    message: `${subject} must be ${wanted}, but is ${actual}`,
    remedy: quotable
      ? `Put it in quotes: ${quote(text(error.data))}.`
      : expectation(error),
  };
}

function knownKeys(error: ErrorObject): string[] {
  const properties: unknown = error.parentSchema?.properties;
  return typeof properties === 'object' && properties !== null
    ? Object.keys(properties)
    : [];
}

function notAllowed(
  error: ErrorObject,
  subject: string,
  allowed: readonly string[],
) {
  const value = text(error.data);
  return {
    message: `${subject} is ${quote(value)}, which is not known`,
    remedy: suggest(value, allowed),
  };
}

function targetTypes(error: ErrorObject): string[] {
  const branches: unknown = error.parentSchema?.oneOf;
  if (!Array.isArray(branches)) {
    return [];
  }
  return branches.map(branch => String(branch?.properties?.type?.const));
}

/** What is wrong and what to do; undefined for errors that only repeat another. */
function explain(
  error: ErrorObject,
  path: readonly string[],
): { message: string; remedy: string; path: readonly string[] } | undefined {
  const subject = describe(path);
  if (error.propertyName !== undefined) {
    return undefined;
  }
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(error.params.additionalProperty);
      return {
        message: `unknown key ${quote(key)} in ${subject}`,
        remedy: suggest(key, knownKeys(error)),
        path: [...path, key],
      };
    }
    case 'propertyNames': {
      const key = String(error.params.propertyName);
      return {
        message: `the key ${quote(key)} in ${subject} is not a valid name`,
        remedy: expectation(error),
        path: [...path, key],
      };
    }
    case 'required': {
      const key = String(error.params.missingProperty);
      return {
        message: `the key ${quote(key)} is missing in ${subject}`,
        remedy: 'Add it.',
        path,
      };
    }
    case 'type':
      return { ...wrongType(error, subject), path };
    case 'const':
      return { ...notAllowed(error, subject, [text(error.schema)]), path };
    case 'enum':
      return {
        ...notAllowed(error, subject, [error.schema].flat().map(text)),
        path,
      };
    case 'discriminator': {
      if (error.params.tagValue === undefined) {
        return undefined;
      }
      const type = text(error.params.tagValue);
      return {
        message: `the type of ${subject} is ${quote(type)}, which is not known`,
        remedy: suggest(type, targetTypes(error)),
        path: [...path, 'type'],
      };
    }
    case 'pattern':
      return {
        // The value is not repeated: it may be a secret in the wrong place.
        message: `${subject} does not have the right form`,
        remedy: expectation(error),
        path,
      };
    default:
      return {
        message: `${subject} ${error.message ?? 'is not valid'}`,
        remedy: expectation(error),
        path,
      };
  }
}

/** Answer of {@link validateShape}. */
export type ShapeResult =
  | { ok: true; document: PipelineDocument }
  | { ok: false; findings: SpecFinding[] };

/** Checks a value against the schema. */
export function validateShape(value: unknown, source: YamlSource): ShapeResult {
  const validate = validator();
  if (validate(value)) {
    return { ok: true, document: value };
  }
  const findings = explainErrors(validate.errors).map(
    ({ message, remedy, path }) => {
      const position = source.locate(path);
      return { message, remedy, ...position, path: toPointer(path) };
    },
  );
  return { ok: false, findings };
}

/** What is wrong with a value that does not have the form of a schema, bounded. */
export function explainErrors(
  errors: ErrorObject[] | null | undefined,
): { message: string; remedy: string; path: readonly string[] }[] {
  return (errors ?? [])
    .slice(0, 200)
    .flatMap(error => explain(error, fromPointer(error.instancePath)) ?? []);
}
