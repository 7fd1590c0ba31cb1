import { parse } from 'yaml';
import { GeneratedFile } from '../model';

/** What generated files are made of, as far as something reads it. */
export interface WrittenTexts {
  /** For bash: steps of workflows, and what people are told to type. */
  scripts: string[];
  /** What GitHub works out: conditions, and whatever stands in braces. */
  expressions: string[];
  /** Lines of Markdown that are no commands. */
  prose: string[];
}

const BLOCK = /^```sh\n(.*?)^```$/gms;

/** Reads generated files; throws for one that cannot be read. */
export function textsIn(files: readonly GeneratedFile[]): WrittenTexts {
  const all: WrittenTexts = { scripts: [], expressions: [], prose: [] };
  for (const { path, content } of files) {
    if (path.endsWith('.yml')) {
      ofWorkflow(parse(content), all);
    } else if (path.endsWith('.json')) {
      JSON.parse(content);
    } else if (path.endsWith('.md')) {
      const blocks = [...content.matchAll(BLOCK)].map(([, block]) => block);
      // What people have to put in, such as <commit>.
      all.scripts.push(
        ...blocks.map(block => block.replace(/<[A-Za-z ]+>/g, 'word')),
      );
      all.prose.push(...content.replace(BLOCK, '').split('\n'));
    }
  }
  return all;
}

function ofWorkflow(value: unknown, all: WrittenTexts): void {
  if (typeof value === 'string') {
    all.expressions.push(
      ...[...value.matchAll(/\$\{\{(.*?)\}\}/gs)].map(([, inside]) => inside),
    );
  }
  if (typeof value !== 'object' || value === null) {
    return;
  }
  for (const [key, part] of Object.entries(value)) {
    if (key === 'run' && typeof part === 'string') {
      all.scripts.push(part);
    }
    if (key === 'if' && typeof part === 'string') {
      all.expressions.push(part);
    }
    ofWorkflow(part, all);
  }
}

/** What bash would look for commands and variables in: without comments, and without what single quotes and \ keep as it is. */
export function openToBash(script: string): string {
  return script.replace(
    /\\[^]|'[^']*'|"(?:\\[^]|[^"\\])*"|(?<=^|\s)#[^\n]*/g,
    part => (part.startsWith('"') ? part : ' '),
  );
}

/** What GitHub would look for names in: without the texts of an expression. */
export function openToGithub(expression: string): string {
  return expression.replace(/'(?:[^']|'')*'/g, ' ');
}

/** Scripts that go to a machine within an argument. */
export function scriptsWithin(script: string): string[] {
  return [...script.matchAll(/--scripts ('(?:[^']|'\\'')*')/g)].map(
    ([, word]) => word.slice(1, -1).replace(/'\\''/g, "'"),
  );
}
