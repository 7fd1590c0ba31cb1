import { ConflictError, InputError } from '@backstage/errors';
import { GeneratedFile } from '../../generate';
import { formatFindings } from '../../lint';
import { planText } from '../../materials';
import { describeChange } from './describeChange';
import { environmentsOf } from './environmentsOf';
import { WorkspaceFolder } from './WorkspaceFolder';

/** What is to be written, and where. */
export interface PipelineChange {
  /** Where the repository lies, as it was fetched. */
  repository: WorkspaceFolder;
  /** Where files are written that are not as they were; the repository itself unless said otherwise. */
  out?: WorkspaceFolder;
  /** Name of the spec in the repository. */
  file: string;
  /** Its text. */
  text: string;
  /** Further files, whoever wrote them. */
  also?: readonly GeneratedFile[];
  force: boolean;
  signal?: AbortSignal;
}

/** What became of it. */
export interface AppliedPipeline {
  written: string[];
  unchanged: string[];
  /** Files that the spec no longer asks for, and that nobody takes away: workflows among them still run. */
  obsolete: string[];
  /** What changes, in words, for whoever reviews it. Markdown. */
  summary: string;
  /** Environments at GitHub that the jobs of each service name, by its key. */
  environments: Record<string, string[]>;
}

/**
 * Writes the files of a pipeline, all or none.
 *
 * @throws InputError with the findings if the spec is not good, ConflictError with the names of the files that
 * somebody edited by hand
 */
export async function applyPipeline(
  change: PipelineChange,
): Promise<AppliedPipeline> {
  const { repository, out = repository, file, text, also = [] } = change;
  const planned = await planText(text, file);
  if ('findings' in planned) {
    throw new InputError(
      `Nothing was written, for ${file} is not good:\n${formatFindings(
        planned.findings,
      )}`,
    );
  }
  const { changed, unchanged, present, ...compared } = await repository.compare(
    planned.files,
  );
  const leftOver = await repository.leftOver(planned.files);
  // Whoever takes away what is obsolete must not lose what somebody wrote.
  const edited = [
    ...compared.edited,
    ...leftOver.filter(one => one.edited).map(({ path }) => path),
  ];
  if (edited.length > 0 && !change.force) {
    throw new ConflictError(
      `Nothing was written: ${edited.join(', ')} ${
        edited.length === 1 ? 'was' : 'were'
      } changed by hand, or not made by deploy-pipeline. Say in ${file} what was changed there, or set "force" ("Overwrite" in forms).`,
    );
  }
  const obsolete = leftOver.map(({ path }) => path);
  change.signal?.throwIfAborted();
  await out.write([...also, ...changed]);
  return {
    written: [...also, ...changed].map(({ path }) => path),
    unchanged,
    obsolete,
    summary: describeChange({ changed, present, obsolete }),
    environments: environmentsOf(planned.spec),
  };
}
