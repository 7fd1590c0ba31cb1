/**
 * Backends of one test file share what checks requests against the OpenAPI documents of their plugins: to
 * compile it is most of what a start takes, it keeps nothing of a request, and is the same for all of them.
 * That the documents themselves are such is tested once, with the router.
 */
jest.mock('@backstage/backend-openapi-utils', () => {
  const actual = jest.requireActual('@backstage/backend-openapi-utils');
  const { Router } = jest.requireActual('express');
  const shared = new Map<unknown, unknown>();
  // What a plugin adds to its router stays its own.
  const routerFor = (spec: unknown, options: unknown) => {
    if (!shared.has(spec)) {
      const validatorOptions = {
        ...(options as { validatorOptions?: object })?.validatorOptions,
        validateApiSpec: false,
      };
      shared.set(
        spec,
        actual.createValidatedOpenApiRouter(spec, {
          ...(options as object),
          validatorOptions,
        }),
      );
    }
    return Router().use(shared.get(spec));
  };
  return {
    ...actual,
    createValidatedOpenApiRouter: routerFor,
    createValidatedOpenApiRouterFromGeneratedEndpointMap: routerFor,
  };
});

export {};
