import {
  readWorkflowSource,
  WorkflowSource,
} from '../workflows/WorkflowSource';
import { byPlace, checkRules } from './checkRules';
import { Finding } from './Finding';
import { inspect, WorkflowFile } from './inspect/inspect';
import { BashParser } from './shell/BashParser';
import { scriptsOf } from './shell/scripts';
import { shellcheck } from './shell/shellcheck';

/** GitHub takes none that is larger. */
const LARGEST_BYTES = 1024 * 1024;

/**
 * How workflows are linted.
 *
 * @public
 */
export interface LintOptions {
  /**
   * The program ShellCheck, by name or path; `shellcheck` unless said otherwise. `false` leaves the scripts
   * unchecked.
   */
  shellcheck?: string | false;
  /** Ends it early. */
  signal?: AbortSignal;
}

/**
 * Checks workflow files with GitHub's own parser, actionlint, ShellCheck on every script of bash, and the rules
 * that generated workflows keep to. Nothing in them is run, and nothing is asked of GitHub.
 *
 * @param files - their texts; `file` is how findings call them
 * @returns by file, line and column; empty if there is nothing to say
 * @throws LintToolError if one of the programs is not there or did not end well
 * @public
 */
export async function lintWorkflows(
  files: readonly WorkflowFile[],
  options: LintOptions = {},
): Promise<Finding[]> {
  const oversized = files.filter(({ text }) => text.length > LARGEST_BYTES);
  const read = files
    .filter(file => !oversized.includes(file))
    .map(({ file, text }) => ({
      file,
      text,
      source: readWorkflowSource(text),
    }));
  const readable = read.flatMap(({ file, text, source }) =>
    'problems' in source ? [] : [{ file, text, source }],
  );
  const parser = await BashParser.create();
  try {
    const found: Finding[] = [
      ...oversized.map(({ file }) => ({
        file,
        line: 1,
        column: 1,
        rule: 'yaml',
        message: 'the file is larger than 1 MiB',
        remedy: 'Split it into several workflows.',
      })),
      ...read.flatMap(({ file, source }) =>
        'problems' in source
          ? source.problems.map(problem => ({ file, rule: 'yaml', ...problem }))
          : [],
      ),
      ...readable.flatMap(one => checkRules(parser, one)),
      ...(readable.length > 0
        ? (await inspect(readable.map(withoutSource), options)).filter(
            finding => !isOutdated(finding),
          )
        : []),
      ...(options.shellcheck === false
        ? []
        : await checkScripts(readable, options.shellcheck ?? 'shellcheck')),
    ];
    return found.sort(byPlace);
  } finally {
    parser.dispose();
  }
}

/** What actionlint does not know yet, although GitHub's own parser, which is asked as well, takes it. */
function isOutdated({ rule, message }: Finding): boolean {
  return (
    rule === 'actionlint' &&
    message.startsWith('unexpected key "queue" for "concurrency"')
  );
}

function withoutSource({ file, text }: WorkflowFile): WorkflowFile {
  return { file, text };
}

async function checkScripts(
  files: readonly { file: string; source: WorkflowSource }[],
  program: string,
): Promise<Finding[]> {
  const scripts = files.flatMap(({ file, source }) =>
    scriptsOf(source).map(script => ({ file, ...script })),
  );
  if (scripts.length === 0) {
    return [];
  }
  const notes = await shellcheck(
    scripts.map(({ text }) => text),
    { program },
  );
  return notes.map(({ script, line, column, code, message }) => {
    const { file, node, text } = scripts[script];
    // The first line is not in the workflow.
    const start = text
      .split('\n')
      .slice(1, line - 1)
      .reduce((sum, one) => sum + one.length + 1, 0);
    return {
      file,
      ...node.positionIn(start + column - 1),
      rule: 'shellcheck',
      message: `${message} (SC${code})`,
    };
  });
}
