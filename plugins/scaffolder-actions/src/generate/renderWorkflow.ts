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
      if (key === 'value' && typeof scalar.value === 'string') {
        scalar.type = scalar.value.includes('\n')
          ? Scalar.BLOCK_LITERAL
          : scalar.type;
      }
    },
  });
  spaceOut(document);
  return document.toString({ lineWidth: 0 });
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
