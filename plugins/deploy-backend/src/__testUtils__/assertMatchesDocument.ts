import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { spec } from '../schema/openapi';

const ajv = addFormats(
  new Ajv2020({
    strict: false,
    allErrors: true,
    // The document is held to its own schema where the router is tested, and each answer is checked few times.
    validateSchema: false,
    code: { optimize: false },
  }),
);
ajv.addSchema({ $id: 'document', components: spec.components });

/** Throws if an answer is not what the OpenAPI document promises for its path. */
export function assertMatchesDocument(
  path: string,
  status: number,
  body: unknown,
  method: 'get' | 'post' | 'delete' = 'get',
): void {
  const pathname = path.split('?')[0];
  const [, operation] =
    Object.entries(spec.paths).find(([template]) =>
      new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(pathname),
    ) ?? [];
  const responses = (operation as Operations | undefined)?.[method]?.responses;
  if (!responses) {
    throw new Error(`${method} ${pathname} is not in the OpenAPI document`);
  }
  const response = responses[status] ?? responses.default;
  const $ref = response.content?.['application/json'].schema.$ref;
  if (!$ref) {
    return;
  }
  if (!ajv.validate(`document${$ref}`, body)) {
    throw new Error(
      `The answer of ${path} (${status}) is not a ${$ref}: ${ajv.errorsText()}`,
    );
  }
}

type Operations = Record<
  string,
  {
    responses: Record<
      string,
      { content?: { 'application/json': { schema: { $ref: string } } } }
    >;
  }
>;
