import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { ScmIntegrations } from '@backstage/integration';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import {
  createTemplateGlobalValue,
  scaffolderTemplatingExtensionPoint,
} from '@backstage/plugin-scaffolder-node/alpha';
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
        discovery: coreServices.discovery,
        actions: scaffolderActionsExtensionPoint,
        templating: scaffolderTemplatingExtensionPoint,
      },
      async init({ config, discovery, actions, templating }) {
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
        templating.addTemplateGlobals([
          createTemplateGlobalValue({
            id: 'deployPortal',
            value: await discovery.getExternalBaseUrl('deploy'),
            description:
              'Address of the deploy backend, as pipeline.portal of a deploy.yaml wants it: reports of jobs go there',
          }),
        ]);
      },
    });
  },
});
