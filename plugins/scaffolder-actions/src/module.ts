import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { ScmIntegrations } from '@backstage/integration';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import { scaffolderTemplatingExtensionPoint } from '@backstage/plugin-scaffolder-node/alpha';
import {
  createGithubEnvironmentsAction,
  createPipelineGenerateAction,
  createPipelineImportAction,
  createPipelineValidateAction,
  createServiceAddAction,
} from './actions';
import { deployRepoUrlFilter, deployServiceFilter } from './filters';

/**
 * Pipelines of services as actions of the scaffolder.
 *
 * @public
 */
export const scaffolderModuleDeploy = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'deploy',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        actions: scaffolderActionsExtensionPoint,
        templating: scaffolderTemplatingExtensionPoint,
      },
      async init({ config, actions, templating }) {
        const integrations = ScmIntegrations.fromConfig(config);
        actions.addActions(
          createServiceAddAction(),
          createPipelineGenerateAction(),
          createPipelineImportAction(),
          createPipelineValidateAction(),
          createGithubEnvironmentsAction({ integrations }),
        );
        templating.addTemplateFilters([
          deployServiceFilter,
          deployRepoUrlFilter,
        ]);
      },
    });
  },
});
