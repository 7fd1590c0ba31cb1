import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { inputs } from './inputs';
import { examples } from './pipelineGenerate.examples';
import { applyPipeline } from './workspace/applyPipeline';
import { WorkspaceFolder } from './workspace/WorkspaceFolder';

/**
 * `deploy:pipeline:generate`: writes the workflows, scripts, trust and runbooks that a `deploy.yaml` asks for.
 *
 * @public
 */
export function createPipelineGenerateAction() {
  return createTemplateAction({
    id: 'deploy:pipeline:generate',
    description:
      'Writes the CI/CD pipeline that deploy.yaml describes: workflows, the scripts that they call, what the cloud has to trust, and runbooks',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        directory: inputs.directory,
        file: inputs.file,
        out: inputs.out,
        force: inputs.force,
      },
      output: {
        written: z =>
          z.array(z.string(), { description: 'Files that were written' }),
        unchanged: z =>
          z.array(z.string(), {
            description: 'Files that were as they should be',
          }),
        obsolete: z =>
          z.array(z.string(), {
            description:
              'Generated files that deploy.yaml no longer asks for; delete them, for workflows among them still run',
          }),
        summary: z =>
          z.string({
            description:
              'What changes, in words, such as for the text of a pull request. Markdown.',
          }),
      },
    },
    async handler(ctx) {
      const { directory = '.', file = 'deploy.yaml', out, force } = ctx.input;
      const repository = await WorkspaceFolder.open(
        ctx.workspacePath,
        directory,
        'directory',
      );
      const { written, unchanged, obsolete, summary } = await applyPipeline({
        repository,
        out: await openIfNamed(ctx.workspacePath, out),
        file,
        text: await repository.read(file, 'file'),
        force: force ?? false,
        signal: ctx.signal,
      });
      ctx.logger.info(
        `${written.length} files of the pipeline were written, ${unchanged.length} were as they should be`,
        { written: written.join(', ') },
      );
      ctx.output('written', written);
      ctx.output('unchanged', unchanged);
      ctx.output('obsolete', obsolete);
      ctx.output('summary', summary);
    },
  });
}

/** The folder that `out` names, if any. */
export async function openIfNamed(
  workspacePath: string,
  out: string | undefined,
): Promise<WorkspaceFolder | undefined> {
  return out === undefined
    ? undefined
    : await WorkspaceFolder.open(workspacePath, out, 'out');
}
