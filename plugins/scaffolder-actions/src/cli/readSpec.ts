import { readFile } from 'node:fs/promises';
import { InputError, isError } from '@backstage/errors';
import {
  parsePipelineSpec,
  PipelineSpec,
} from '@vvp/backstage-plugin-deploy-common';
import { Finding } from '../lint';

/** What was read of a `deploy.yaml`, or what is wrong with it. */
export type SpecFile =
  | { text: string; spec: PipelineSpec }
  | { findings: Finding[] };

/**
 * Reads and checks a `deploy.yaml`.
 *
 * @throws InputError if the file cannot be read
 */
export async function readSpec(file: string): Promise<SpecFile> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new InputError(
      `${file} cannot be read: ${
        isError(error) && error.code === 'ENOENT'
          ? 'there is no such file'
          : (error as Error).message
      }.`,
    );
  }
  const result = parsePipelineSpec(text);
  return result.ok
    ? { text, spec: result.spec }
    : {
        findings: result.findings.map(
          ({ line, column, message, remedy }): Finding => ({
            file,
            line,
            column,
            rule: 'deploy.yaml',
            message,
            remedy,
          }),
        ),
      };
}
