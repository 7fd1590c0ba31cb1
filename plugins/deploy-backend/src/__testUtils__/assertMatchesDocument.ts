import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { spec } from '../schema/openapi';

const ajv = addFormats(new Ajv2020({ strict: false, allErrors: true }));
ajv.addSchema({ $id: 'document', components: spec.components });

/** Throws if an answer is not what the OpenAPI document promises for its path. */
export function assertMatchesDocument(
  path: string,
  status: number,
  body: unknown,
): void {
  const pathname = path.split('?')[0];
  const [, operation] =
    Object.entries(spec.paths).find(([template]) =>
      new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(pathname),
    ) ?? [];
  if (!operation) {
    throw new Error(`${pathname} is not in the OpenAPI document`);
  }
  const { responses } = operation.get;
  const response = status === 200 ? responses['200'] : responses.default;
  const { $ref } = response.content['application/json'].schema;
  if (!ajv.validate(`document${$ref}`, body)) {
    throw new Error(
      `The answer of ${path} (${status}) is not a ${$ref}: ${ajv.errorsText()}`,
    );
  }
}
