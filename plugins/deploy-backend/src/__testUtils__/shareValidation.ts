/**
 * Backends of one test file share what checks requests against the OpenAPI document: to compile it is
 * most of what a start takes, it keeps nothing of a request, and is the same for all of them.
 */
jest.mock('@backstage/backend-openapi-utils', () => {
  const actual = jest.requireActual('@backstage/backend-openapi-utils');
  const routers = new Map<unknown, unknown>();
  return {
    ...actual,
    createValidatedOpenApiRouter(spec: unknown) {
      const router =
        routers.get(spec) ?? actual.createValidatedOpenApiRouter(spec);
      routers.set(spec, router);
      return router;
    },
  };
});

export {};
