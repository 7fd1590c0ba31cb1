import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { inputs } from './inputs';
import { openIfNamed } from './pipelineGenerate';
import { examples } from './serviceAdd.examples';
import { addService } from './spec/addService';
import { applyPipeline } from './workspace/applyPipeline';
import {
  describeEnvironments,
  environmentChange,
} from './workspace/environmentsOf';
import { WorkspaceFolder } from './workspace/WorkspaceFolder';

/**
 * `deploy:service:add`: one more service in the `deploy.yaml` of a repository, and its pipeline written anew.
 *
 * @public
 */
export function createServiceAddAction() {
  return createTemplateAction({
    id: 'deploy:service:add',
    description:
      'Adds a service to deploy.yaml, keeping everything else in it as it stands, and writes the pipeline anew: all of it or nothing',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        directory: inputs.directory,
        file: inputs.file,
        out: inputs.out,
        force: inputs.force,
        key: z =>
          z
            .string({ description: 'Key of the service, such as call-log' })
            .max(63)
            .regex(
              /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
              'has to be lower-case letters, digits and hyphens',
            ),
        service: z =>
          z.record(z.unknown(), {
            description:
              'What spec.services.<key> is to be: the keys of deploy.yaml, as the filter deployService makes them of a form',
          }),
      },
      output: {
        written: z =>
          z.array(z.string(), { description: 'Files that were written' }),
        unchanged: z =>
          z.array(z.string(), {
            description: 'Files that were as they should be',
          }),
        environments: z =>
          z.array(z.string(), {
            description:
              'Environments at GitHub that jobs name now and did not before, for deploy:github:environments: those of the service, and those of the only other one, if they got its name',
          }),
        formerEnvironments: z =>
          z.array(z.string(), {
            description:
              'Environments at GitHub that no job names any more: their protection, variables and secrets have to move',
          }),
        notice: z =>
          z.string({
            description:
              'What has to be done at GitHub before this is merged, as Markdown; empty if nothing',
          }),
      },
    },
    async handler(ctx) {
      const { directory = '.', file = 'deploy.yaml', out, force } = ctx.input;
      const { key, service } = ctx.input;
      const repository = await WorkspaceFolder.open(
        ctx.workspacePath,
        directory,
        'directory',
      );
      const before = await repository.read(file, 'file');
      const text = addService(before, { key, service });
      const { written, unchanged, environments } = await applyPipeline({
        repository,
        out: await openIfNamed(ctx.workspacePath, out),
        file,
        text,
        also: [{ path: file, content: text }],
        force: force ?? false,
        signal: ctx.signal,
      });
      ctx.logger.info(`The service ${key} was added`, {
        written: written.join(', '),
      });
      ctx.output('written', written);
      ctx.output('unchanged', unchanged);
      const changed = environmentChange(before, environments);
      const notice = describeEnvironments(changed);
      if (notice) {
        ctx.logger.warn(notice);
      }
      ctx.output('environments', changed.added);
      ctx.output('formerEnvironments', changed.former);
      ctx.output('notice', notice);
    },
  });
}
