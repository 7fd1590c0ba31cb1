import { PipelineDocument } from './schema';

type Path = readonly string[];
type Report = (path: Path, message: string, remedy: string) => void;

/** Ends a line, or makes a text look like another one, in whatever it is put into. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;

/**
 * What no text of a pipeline means, wherever it lands: an expression, which GitHub would carry out, and more than one
 * line.
 */
export function checkTexts(document: PipelineDocument, report: Report): void {
  for (const [path, text] of textsOf(document, [])) {
    if (text.includes('${{')) {
      report(
        path,
        '"${{" would be an expression of GitHub Actions, which no text here can be',
        'Write the value itself. Where a variable or secret is meant, deploy.yaml has {variable: NAME} and {secret: NAME}.',
      );
    }
    if (CONTROL.test(text)) {
      report(
        path,
        'a line break or another control character is in it',
        'Write it in one line, with characters that can be seen; behind : the signs > and | add a line break, and >- and |- do not.',
      );
    }
  }
}

/** All texts of a value and its keys, with their places. */
function textsOf(value: unknown, path: Path): [Path, string][] {
  if (typeof value === 'string') {
    return [[path, value]];
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, part]) => {
    const place = [...path, key];
    return [[place, key] as [Path, string], ...textsOf(part, place)];
  });
}
