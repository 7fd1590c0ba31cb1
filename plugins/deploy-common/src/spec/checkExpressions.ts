import { PipelineDocument } from './schema';

type Report = (
  path: readonly string[],
  message: string,
  remedy: string,
) => void;

/** GitHub would carry out an expression wherever it lands in a workflow; no text of a pipeline means one. */
export function checkExpressions(
  document: PipelineDocument,
  report: Report,
): void {
  const look = (value: unknown, path: readonly string[]): void => {
    if (typeof value === 'string') {
      refuse(value, path);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, part] of Object.entries(value)) {
        refuse(key, [...path, key]);
        look(part, [...path, key]);
      }
    }
  };
  const refuse = (text: string, path: readonly string[]) => {
    if (text.includes('${{')) {
      report(
        path,
        '"${{" would be an expression of GitHub Actions, which no text here can be',
        'Write the value itself. Where a variable or secret is meant, deploy.yaml has {variable: NAME} and {secret: NAME}.',
      );
    }
  };
  look(document, []);
}
