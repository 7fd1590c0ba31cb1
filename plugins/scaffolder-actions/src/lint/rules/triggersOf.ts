import { SourceNode } from '../../workflows/SourceNode';

/** The events that start a workflow, in whichever form they are written. */
export function triggersOf(root: SourceNode): string[] {
  const on = root.get('on');
  if (on?.text !== undefined) {
    return [on.text];
  }
  return on?.isList
    ? on.items().flatMap(({ text }) => (text === undefined ? [] : [text]))
    : (on?.entries() ?? []).map(({ name }) => name);
}
