import { mockServices } from '@backstage/backend-test-utils';
import { Router } from 'express';
import { deploymentTestsRoutes } from '../evidence/deploymentTests/deploymentTestsRoutes';
import { createRouter } from '../router/createRouter';
import { RouterOptions } from '../router/RouterOptions';
import { spec } from '../schema/openapi';

/** What is served without a row in the document: the document itself, by us and by the validating router. */
const undocumented = ['get /openapi.json'];

interface Layer {
  route?: { path: string; methods: Record<string, boolean> };
  handle: { stack?: Layer[] };
}

/** Every route of a router and of those within it, as the document would spell it. */
function routesOf({ stack }: { stack: Layer[] }): string[] {
  return stack.flatMap(({ route, handle }) => {
    if (!route) {
      return handle.stack ? routesOf({ stack: handle.stack }) : [];
    }
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    return Object.keys(route.methods).map(method => `${method} ${path}`);
  });
}

/** Has every member that a route takes; none is called here. */
const anything: any = new Proxy(() => anything, { get: () => anything });

describe('the routes', () => {
  it('are all in the document, and all of the document is there', async () => {
    const deploymentTests: Router = deploymentTestsRoutes({
      keys: anything,
      store: anything,
      evidence: anything,
      auditor: mockServices.auditor.mock(),
    });
    const options = new Proxy({} as RouterOptions, {
      get: (_, member) =>
        member === 'evidence'
          ? { ...anything, deploymentTests, receiver: anything }
          : anything,
      ownKeys: () => [],
    });

    const router = await createRouter(options);

    const routes = new Set(routesOf(router as unknown as { stack: Layer[] }));
    undocumented.forEach(route => routes.delete(route));
    const documented = Object.entries(spec.paths).flatMap(([path, item]) =>
      Object.keys(item).map(method => `${method} ${path}`),
    );
    expect([...routes].sort()).toEqual(documented.sort());
  });
});
