import { Document, isMap, isScalar, Scalar, visit } from 'yaml';
import { Workflow } from './model';
import { pinOf } from './pins';

/** The text of a workflow, below a header in comments. Every action is pinned, with its tag behind it. */
export function renderWorkflow(workflow: Workflow): string {
  const document = new Document(workflow, { aliasDuplicateObjects: false });
  visit(document, {
    Pair: (_, pair) => {
      if (
        isScalar(pair.key) &&
        pair.key.value === 'uses' &&
        isScalar(pair.value)
      ) {
        pin(pair.value);
      }
    },
    Scalar: (key, scalar) => {
      if (key !== 'key' && typeof scalar.value === 'string') {
        scalar.type = styleOf(scalar.value) ?? scalar.type;
      }
    },
  });
  spaceOut(document);
  return document.toString({ lineWidth: 0 });
}

/** A text that YAML 1.1 would take for true or false is quoted, so that all read it alike. */
function styleOf(value: string): Scalar.Type | undefined {
  if (value.includes('\n')) {
    return Scalar.BLOCK_LITERAL;
  }
  return /^(y|n|yes|no|on|off)$/i.test(value) ? Scalar.QUOTE_DOUBLE : undefined;
}

function pin(scalar: Scalar): void {
  const action = String(scalar.value);
  if (action.startsWith('./')) {
    return;
  }
  const { commit, tag } = pinOf(action);
  scalar.value = `${action}@${commit}`;
  scalar.comment = ` ${tag}`;
}

/** An empty line before each job and each part of the workflow. */
function spaceOut(document: Document): void {
  const parts = isMap(document.contents) ? document.contents.items : [];
  const jobs = document.get('jobs');
  for (const pair of [
    ...parts.slice(1),
    ...(isMap(jobs) ? jobs.items.slice(1) : []),
  ]) {
    if (isScalar(pair.key)) {
      pair.key.spaceBefore = true;
    }
  }
}
