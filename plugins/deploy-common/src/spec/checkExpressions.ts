import { PipelineDocument } from './schema';

type Path = readonly string[];
type Report = (path: Path, message: string, remedy: string) => void;

/** GitHub would carry out an expression wherever it lands in a workflow; no text of a pipeline means one. */
export function checkExpressions(
  document: PipelineDocument,
  report: Report,
): void {
  for (const [path, text] of textsOf(document, [])) {
    if (text.includes('${{')) {
      report(
        path,
        '"${{" would be an expression of GitHub Actions, which no text here can be',
        'Write the value itself. Where a variable or secret is meant, deploy.yaml has {variable: NAME} and {secret: NAME}.',
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
