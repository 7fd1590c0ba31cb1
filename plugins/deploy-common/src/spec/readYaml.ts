import { LineCounter, parseDocument } from 'yaml';
import { NodeWalk } from './NodeWalk';
import { scanTokens } from './scanTokens';
import { SpecFinding } from './types';
import { YamlSource } from './YamlSource';

/** Answer of {@link readYaml}. */
export type YamlResult =
  | { ok: true; value: unknown; source: YamlSource }
  | { ok: false; findings: SpecFinding[] };

const DEFAULT_MAX_BYTES = 1024 * 1024;
const MAX_EXPANDED_NODES = 50_000;

const remedies: Record<string, string> = {
  MULTIPLE_DOCS: 'Keep one document and remove the line --- and what follows.',
  NON_STRING_KEY: 'Keys must be plain text.',
  TAB_AS_INDENT: 'Indent with spaces.',
  TAG_RESOLVE_FAILED: 'Remove the tag.',
};

const messages: Record<string, string> = {
  MULTIPLE_DOCS: 'the file holds several documents',
};

function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    if (codePoint < 0x80) bytes += 1;
    else if (codePoint < 0x800) bytes += 2;
    else bytes += codePoint < 0x10000 ? 3 : 4;
  }
  return bytes;
}

function whole(message: string, remedy: string): SpecFinding {
  return { message, remedy, line: 1, column: 1, path: '' };
}

function checkSize(text: string, maxBytes: number): SpecFinding | undefined {
  // Every UTF-16 unit is at least one byte, so that a huge text is not even read.
  if (text.length <= maxBytes && byteLength(text) <= maxBytes) {
    return undefined;
  }
  return whole(
    `the file is larger than ${maxBytes} bytes`,
    'A deploy.yaml holds a pipeline, not data; make it smaller.',
  );
}

function firstLine(text: string): string {
  const line = text.split('\n', 1)[0].replace(/\.$/, '');
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}

/** Reads one YAML 1.2 document within fixed bounds of memory, time and stack. Never throws. */
export function readYaml(
  text: string,
  options?: { maxBytes?: number },
): YamlResult {
  const tooLarge = checkSize(text, options?.maxBytes ?? DEFAULT_MAX_BYTES);
  if (tooLarge) {
    return { ok: false, findings: [tooLarge] };
  }
  const counter = new LineCounter();
  const refuse = (message: string, remedy: string, offset: number) => {
    const before = text.slice(0, offset);
    const line = before.split('\n').length;
    const column = offset - (before.lastIndexOf('\n') + 1) + 1;
    const finding = { message, remedy, line, column, path: '' };
    return { ok: false as const, findings: [finding] };
  };

  const zero = text.indexOf('\0');
  if (zero >= 0) {
    return refuse(
      'the file holds a NUL byte',
      'Save it as text in UTF-8.',
      zero,
    );
  }
  const scanned = scanTokens(text);
  if (scanned) {
    return refuse(scanned.message, scanned.remedy, scanned.offset);
  }

  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    stringKeys: true,
    // Checked by NodeWalk: the parser compares every key with every other.
    uniqueKeys: false,
    prettyErrors: false,
    // Silent would also hide a second document.
    logLevel: 'error',
    lineCounter: counter,
  });
  const source = new YamlSource(document, counter);
  const problems = [...document.errors, ...document.warnings].slice(0, 20);
  if (problems.length > 0) {
    const findings = problems.map(problem => ({
      message:
        messages[problem.code] ??
        `not valid YAML: ${firstLine(problem.message)}`,
      remedy: remedies[problem.code] ?? 'Mend the YAML at this place.',
      ...source.positionAt(problem.pos[0]),
      path: '',
    }));
    return { ok: false, findings };
  }
  if (document.directives.yaml.version !== '1.2') {
    return refuse(
      'the file asks for another version of YAML than 1.2',
      'Remove the line that begins with %YAML.',
      Math.max(0, text.indexOf('%YAML')),
    );
  }
  if (!document.contents) {
    return refuse(
      'the file is empty',
      'Begin with apiVersion: deploy.vvp.io/v1alpha1 and kind: Pipeline.',
      0,
    );
  }

  const walk = new NodeWalk(document, source);
  const expanded = walk.size(document.contents, []);
  if (walk.findings.length > 0) {
    return { ok: false, findings: walk.findings.slice(0, 100) };
  }
  if (expanded > MAX_EXPANDED_NODES) {
    return refuse(
      `the aliases of the file stand for more than ${MAX_EXPANDED_NODES} values`,
      'Write the values out where they are used.',
      0,
    );
  }
  return { ok: true, value: document.toJS({ maxAliasCount: -1 }), source };
}
