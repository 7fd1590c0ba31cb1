import { createBackend } from '@backstage/backend-defaults';
import { deployEventsModule } from '@vvp/backstage-plugin-deploy-backend';

const backend = createBackend();

backend.add(import('@backstage/plugin-app-backend'));

backend.add(import('@backstage/plugin-auth-backend'));
backend.add(import('@backstage/plugin-auth-backend-module-guest-provider'));
backend.add(import('./demoSignIn'));

backend.add(import('@backstage/plugin-permission-backend'));
backend.add(import('./permissionPolicy'));

backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(
  import('@backstage/plugin-catalog-backend-module-scaffolder-entity-model'),
);
backend.add(import('@backstage/plugin-scaffolder-backend'));
backend.add(import('@backstage/plugin-scaffolder-backend-module-github'));
backend.add(import('@vvp/backstage-plugin-scaffolder-backend-module-deploy'));

backend.add(import('@backstage/plugin-events-backend'));
backend.add(import('@backstage/plugin-events-backend-module-github'));

backend.add(import('@backstage/plugin-notifications-backend'));
backend.add(import('@backstage/plugin-signals-backend'));
backend.add(import('@backstage/plugin-mcp-actions-backend'));

backend.add(import('@vvp/backstage-plugin-deploy-backend'));
backend.add(deployEventsModule);
backend.add(import('@vvp/backstage-plugin-deploy-backend-module-azure'));
backend.add(import('@vvp/backstage-plugin-deploy-backend-module-kubernetes'));
backend.add(import('@vvp/backstage-plugin-deploy-backend-module-aws'));

// Left to itself, a backend that could not start logs the reason and stays, half up
backend.start().catch(error => {
  process.stderr.write(`${error}\n`);
  process.exit(1);
});
