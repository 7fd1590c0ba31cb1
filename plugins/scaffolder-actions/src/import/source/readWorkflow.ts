import { isAlias, isMap, isScalar, parseDocument, visit } from 'yaml';
import { WorkflowFile } from '../../lint';
import {
  readWorkflowSource,
  WorkflowSource,
} from '../../workflows/WorkflowSource';
import { ImportProblem, Leaf } from '../types';
import { leavesOf } from './leaves';

/** No workflow that people wrote comes near these. */
const MOST_LINES = 4000;
const MOST_BYTES = 1024 * 1024;
const MOST_LEAVES = 20_000;
const MOST_DEPTH = 40;
const MOST_ALIASES = 100;

/** A workflow with all that has to be accounted for. */
export interface ReadWorkflow {
  file: string;
  /** Without the directories. */
  name: string;
  source: WorkflowSource;
  leaves: Leaf[];
}

/** Reads a workflow, or says why it cannot be read; never throws. */
export function readWorkflow({
  file,
  text,
}: WorkflowFile): ReadWorkflow | { problems: ImportProblem[] } {
  const unreadable = tooMuch(text) ?? notText(text);
  if (unreadable) {
    return { problems: [unreadable] };
  }
  try {
    const doubtful = doubtsOf(text);
    if (doubtful.length > 0) {
      return { problems: doubtful };
    }
    const source = readWorkflowSource(text);
    if ('problems' in source) {
      return {
        problems: source.problems.map(problem => ({
          ...problem,
          remedy: 'Mend it: GitHub could not read it, either.',
        })),
      };
    }
    const problems = [...shapeProblems(source), ...cycles(source)];
    const leaves = problems.length > 0 ? [] : leavesOf(file, text, source.root);
    if (leaves.length > MOST_LEAVES) {
      problems.push(
        atTop(
          `the workflow has more than ${MOST_LEAVES} values`,
          'Split it into several workflows.',
        ),
      );
    }
    const name = file.replace(/^.*[\\/]/, '');
    return problems.length > 0 ? { problems } : { file, name, source, leaves };
  } catch (error) {
    return {
      problems: [
        atTop(
          `it cannot be read: ${
            error instanceof RangeError
              ? 'it is nested too deeply'
              : (error as Error).message
          }`,
          'Mend it: GitHub could not read it, either.',
        ),
      ],
    };
  }
}

function atTop(message: string, remedy: string): ImportProblem {
  return { line: 1, column: 1, message, remedy };
}

function tooMuch(text: string): ImportProblem | undefined {
  const lines = text.split('\n').length;
  if (text.length > MOST_BYTES) {
    return atTop(
      'the file is larger than 1 MiB',
      'Split it into several workflows.',
    );
  }
  return lines > MOST_LINES
    ? {
        line: MOST_LINES + 1,
        column: 1,
        message: `the workflow has ${lines} lines, and no more than ${MOST_LINES} are read`,
        remedy: 'Split it into several workflows, and import them together.',
      }
    : undefined;
}

function notText(text: string): ImportProblem | undefined {
  // eslint-disable-next-line no-control-regex
  const found = /[\u0000-\u0008\u000e-\u001f]/.exec(text);
  return found
    ? {
        line: text.slice(0, found.index).split('\n').length,
        column: 1,
        message: 'the file is no text',
        remedy: 'Name a workflow, a YAML file of .github/workflows.',
      }
    : undefined;
}

/** What YAML allows and GitHub does not, or reads otherwise than people do. */
function doubtsOf(text: string): ImportProblem[] {
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    lineStarts.push(at + 1);
  }
  const place = (offset = 0) => {
    const line = lineStarts.filter(start => start <= offset).length;
    return { line, column: offset - lineStarts[line - 1] + 1 };
  };
  const problems: ImportProblem[] = [];
  let aliases = 0;
  const document = parseDocument(text, { version: '1.2', uniqueKeys: true });
  visit(document, (_, node, path) => {
    if (path.length > MOST_DEPTH * 2) {
      problems.push(atTop('it is nested too deeply', 'Nest it less.'));
      return visit.BREAK;
    }
    if (isAlias(node)) {
      aliases += 1;
      if (aliases > MOST_ALIASES) {
        problems.push({
          ...place(node.range?.[0]),
          message: `there are more than ${MOST_ALIASES} aliases`,
          remedy: 'Write out what the aliases stand for.',
        });
        return visit.BREAK;
      }
    }
    if (isMap(node)) {
      for (const { key } of node.items) {
        if (!isScalar(key)) {
          problems.push({
            ...place(node.range?.[0]),
            message: 'a key is no plain text',
            remedy: 'Write keys as GitHub has them.',
          });
        } else if (key.value === '<<') {
          problems.push({
            ...place(key.range?.[0]),
            message: 'the merge key "<<" is not known to GitHub',
            remedy: 'Write out what is merged; anchors and aliases may stay.',
          });
        } else if (path.length <= 1 && key.value === true) {
          problems.push({
            ...place(key.range?.[0]),
            message:
              'there is a key "true": a tool that reads YAML 1.1 took "on" for it',
            remedy: 'Write it as on:',
          });
        }
      }
    }
    return undefined;
  });
  return problems;
}

function shapeProblems({ root, jobs }: WorkflowSource): ImportProblem[] {
  const missing = ['on', 'jobs'].filter(key => !root.get(key));
  if (missing.length > 0) {
    return [
      atTop(
        `it is no workflow: there is no "${missing.join('" and no "')}"`,
        'Name a workflow, a YAML file of .github/workflows.',
      ),
    ];
  }
  const found = root.get('jobs');
  if (!found?.isMapping || jobs.length === 0) {
    return [
      {
        ...(found ?? root).position,
        message: '"jobs" holds no job',
        remedy: 'Name a workflow that has jobs.',
      },
    ];
  }
  return jobs
    .filter(({ node }) => !node.isMapping)
    .map(({ key, keyNode }) => ({
      ...keyNode.position,
      message: `the job "${key}" is no mapping`,
      remedy: 'Mend it: GitHub could not read it, either.',
    }));
}

/** Jobs that wait for themselves, over others or not, and for ones that are not there. */
function cycles({ jobs }: WorkflowSource): ImportProblem[] {
  const needs = new Map(
    jobs.map(({ key, node }) => {
      const needed = node.get('needs');
      const own = needed?.text ? [needed] : needed?.items() ?? [];
      return [key, own.map(one => one.text ?? '')] as const;
    }),
  );
  return jobs.flatMap(({ key, keyNode }) => {
    const unknown = (needs.get(key) ?? []).find(one => !needs.has(one));
    const reached = new Set<string>();
    const queue = [...(needs.get(key) ?? [])];
    for (const next of queue) {
      if (!reached.has(next)) {
        reached.add(next);
        queue.push(...(needs.get(next) ?? []));
      }
    }
    return [
      ...(unknown === undefined
        ? []
        : [
            {
              ...keyNode.position,
              message: `the job "${key}" needs "${unknown}", and there is no such job`,
              remedy: 'Name jobs of this workflow.',
            },
          ]),
      ...(reached.has(key)
        ? [
            {
              ...keyNode.position,
              message: `the job "${key}" waits for itself`,
              remedy: 'Take one of the needs out of the circle.',
            },
          ]
        : []),
    ];
  });
}
