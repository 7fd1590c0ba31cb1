import { BackendFeature } from '@backstage/backend-plugin-api';
import { dirname, join } from 'node:path';

/**
 * The modules that `@backstage/plugin-events-backend-module-github` loads. Its entry point imports
 * them dynamically, which Jest cannot do in CommonJS, so that they are taken by their files.
 */
export const githubEventsModules: BackendFeature[] = [
  'eventsModuleGithubEventRouter',
  'eventsModuleGithubWebhook',
].map(name => {
  const root = dirname(
    require.resolve(
      '@backstage/plugin-events-backend-module-github/package.json',
    ),
  );
  return jest.requireActual(join(root, 'dist', 'service', `${name}.cjs.js`))
    .default;
});
