import { ConflictError, InputError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { formatImportReport, importWorkflows } from '../import';
import { githubFindings } from '../import/githubFindings';
import { formatFindings, WorkflowFile } from '../lint';
import { inputs } from './inputs';
import { examples } from './pipelineImport.examples';
import { openIfNamed } from './pipelineGenerate';
import { WorkspaceFolder } from './workspace/WorkspaceFolder';

const REPOSITORY = /^[A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9._-]+$/;

/**
 * `deploy:pipeline:import`: makes a `deploy.yaml` of the workflows of a repository, and accounts for all that stands in
 * them. Nothing in them is run.
 *
 * @public
 */
export function createPipelineImportAction() {
  return createTemplateAction({
    id: 'deploy:pipeline:import',
    description:
      'Reads the workflows of a repository into a deploy.yaml, and says what became of every value in them',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        directory: inputs.directory,
        workflows: z =>
          z
            .array(
              z
                .string()
                .max(255)
                .regex(
                  /^(?!\/)(?!.*(^|\/)\.\.(\/|$))[A-Za-z0-9_./@-]+\.ya?ml$/,
                ),
              {
                description:
                  'Workflows to read, relative to the directory. Default: all of .github/workflows',
              },
            )
            .min(1)
            .max(50)
            .optional(),
        repository: z =>
          z
            .string({
              description:
                'owner/name of the repository, which workflows do not say',
            })
            .max(140)
            .regex(REPOSITORY)
            .optional(),
        file: inputs.file,
        out: inputs.out,
        force: inputs.force,
        failOnUnsupported: z =>
          z
            .boolean({
              description:
                'Whether a value that nothing stands in for ends the task before anything is written. Default: false',
            })
            .optional(),
      },
      output: {
        written: z =>
          z.array(z.string(), { description: 'Files that were written' }),
        unsupported: z =>
          z.array(
            z.object({
              file: z.string(),
              line: z.number(),
              column: z.number(),
              item: z.string(),
              message: z.string(),
              remedy: z.string(),
            }),
            { description: 'What nothing stands in for, wholly or in part' },
          ),
        report: z =>
          z.string({
            description: 'What became of every value in the workflows, as text',
          }),
      },
    },
    async handler(ctx) {
      const { directory = '.', file = 'deploy.yaml', out } = ctx.input;
      const folder = await WorkspaceFolder.open(
        ctx.workspacePath,
        directory,
        'directory',
      );
      const target = (await openIfNamed(ctx.workspacePath, out)) ?? folder;
      const names = ctx.input.workflows ?? (await folder.workflows());
      // What was read stays so when the task is tried again, whatever was written meanwhile.
      const { text, report, unsupported } = await ctx.checkpoint({
        key: `deploy.pipeline.import.${directory}.${names.join(',')}`,
        fn: async () => {
          const workflows = await Promise.all(
            names.map(async name => ({
              file: name,
              text: await folder.read(name, 'workflows'),
            })),
          );
          return await read(workflows, {
            repository: ctx.input.repository,
            signal: ctx.signal,
          });
        },
      });
      ctx.output('unsupported', unsupported);
      ctx.output('report', report);
      if (unsupported.length > 0 && ctx.input.failOnUnsupported) {
        throw new InputError(
          `Nothing was written, for deploy.yaml has no word for all that the workflows do:\n${report}`,
        );
      }
      const { edited, changed } = await folder.compare([
        { path: file, content: text },
      ]);
      if (edited.length > 0 && !ctx.input.force) {
        throw new ConflictError(
          `Nothing was written: ${file} is there already. Name another file, or set "force" ("Overwrite" in forms).`,
        );
      }
      ctx.signal?.throwIfAborted();
      await target.write(changed);
      ctx.output(
        'written',
        changed.map(({ path }) => path),
      );
      ctx.logger.info(report);
    },
  });
}

/** @throws InputError with the findings if a workflow cannot be imported */
async function read(
  workflows: readonly WorkflowFile[],
  options: { repository?: string; signal?: AbortSignal },
) {
  const result = importWorkflows(workflows, options);
  const findings =
    'findings' in result
      ? result.findings
      : await githubFindings(workflows, options);
  if ('findings' in result || findings.length > 0) {
    throw new InputError(
      `Nothing was written, for the workflows cannot be imported:\n${formatFindings(
        findings,
      )}`,
    );
  }
  const { text, report } = result;
  return {
    text,
    report: formatImportReport(report),
    unsupported: report.items.flatMap(
      ({ file, line, column, item, message = '', remedy }) =>
        remedy === undefined
          ? []
          : [{ file, line, column, item, message, remedy }],
    ),
  };
}
