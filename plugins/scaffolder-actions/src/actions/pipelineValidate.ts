import { InputError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { parsePipelineSpec } from '@vvp/backstage-plugin-deploy-common';
import { Finding, formatFindings, lintWorkflows } from '../lint';
import { inputs } from './inputs';
import { examples } from './pipelineValidate.examples';
import { WorkspaceFolder } from './workspace/WorkspaceFolder';

/**
 * `deploy:pipeline:validate`: checks a `deploy.yaml` and the workflows beside it. Nothing in them is run.
 *
 * @public
 */
export function createPipelineValidateAction() {
  return createTemplateAction({
    id: 'deploy:pipeline:validate',
    description:
      "Checks deploy.yaml, and the workflows with GitHub's own parser, actionlint and the rules that keep a pipeline safe",
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        directory: inputs.directory,
        file: inputs.file,
        failOnFindings: z =>
          z
            .boolean({
              description:
                'Whether a finding ends the task. Default: true. With false they are the output "findings"',
            })
            .optional(),
        shellcheck: z =>
          z
            .boolean({
              description:
                "Whether every script is checked by ShellCheck as well, which has to be on the backend's PATH. Default: false",
            })
            .optional(),
      },
      output: {
        findings: z =>
          z.array(
            z.object({
              file: z.string(),
              line: z.number(),
              column: z.number(),
              rule: z.string(),
              message: z.string(),
              remedy: z.string().optional(),
            }),
            { description: 'What is wrong, by file, line and column' },
          ),
      },
    },
    async handler(ctx) {
      const { directory = '.', file = 'deploy.yaml' } = ctx.input;
      const { failOnFindings = true, shellcheck = false } = ctx.input;
      const folder = await WorkspaceFolder.open(
        ctx.workspacePath,
        directory,
        'directory',
      );
      const names = await folder.workflows();
      const workflows = await Promise.all(
        names.map(async name => ({
          file: name,
          text: await folder.read(name, 'directory'),
        })),
      );
      const findings = [
        ...specFindings(await folder.read(file, 'file'), file),
        ...(await lintWorkflows(workflows, {
          shellcheck: shellcheck ? undefined : false,
          signal: ctx.signal,
        })),
      ];
      ctx.signal?.throwIfAborted();
      ctx.output('findings', findings);
      if (findings.length > 0 && failOnFindings) {
        throw new InputError(
          `The pipeline is not good:\n${formatFindings(findings)}`,
        );
      }
      ctx.logger.info(
        `${file} and ${names.length} workflows were checked: ${findings.length} findings`,
      );
      if (findings.length > 0) {
        ctx.logger.warn(formatFindings(findings));
      }
    },
  });
}

function specFindings(text: string, file: string): Finding[] {
  const parsed = parsePipelineSpec(text);
  return parsed.ok
    ? []
    : parsed.findings.map(({ line, column, message, remedy }) => ({
        file,
        line,
        column,
        rule: 'deploy.yaml',
        message,
        remedy,
      }));
}
