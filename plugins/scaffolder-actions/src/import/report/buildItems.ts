import { keyOfLeaf } from '../source/leaves';
import { ReadWorkflow } from '../source/readWorkflow';
import { ImportItem, Leaf } from '../types';
import { Accounts } from './Accounts';
import { answerFor } from './remedies';

/** An item for every leaf; those of one step or list that fared alike share one. */
export function buildItems(
  files: readonly ReadWorkflow[],
  accounts: Accounts,
): ImportItem[] {
  return files.flatMap(({ leaves }) => {
    const items: ImportItem[] = [];
    for (const leaf of leaves) {
      const item = itemOf(leaf, accounts);
      const last = items[items.length - 1];
      if (last && isAlike(last, item)) {
        last.leaves.push(...item.leaves);
        last.item = last.item.replace(
          /^(step \d+, )(command "|\d+ commands from ")/,
          `$1${last.leaves.length} commands from "`,
        );
      } else {
        items.push(item);
      }
    }
    return items;
  });
}

function itemOf(leaf: Leaf, accounts: Accounts): ImportItem {
  const account = accounts.of(leaf) ?? {
    disposition: 'unsupported' as const,
    keys: [],
    ...answerFor(leaf),
  };
  const { file, line, column, path } = leaf;
  return {
    file,
    line,
    column,
    ...(path[0] === 'jobs' && path[1] !== undefined && { job: path[1] }),
    item: nameOf(leaf),
    ...account,
    leaves: [keyOfLeaf(leaf).slice(file.length)],
  };
}

function isAlike(left: ImportItem, right: ImportItem): boolean {
  return (
    partOf(left) === partOf(right) &&
    left.job === right.job &&
    left.disposition === right.disposition &&
    left.message === right.message &&
    left.keys.join() === right.keys.join()
  );
}

/** Commands of one step that fared alike stand together. */
function partOf({ item }: ImportItem): string {
  return item.replace(/^(step \d+, )(command|\d+ commands) .*$/s, '$1commands');
}

/** What a leaf is, for people: commands are quoted, lists and texts are one thing. */
function nameOf(leaf: Leaf): string {
  const { path, command, value } = leaf;
  const [first, , steps, number, ...rest] = path;
  if (first !== 'jobs') {
    return dotted(path);
  }
  if (steps !== 'steps' || number === undefined) {
    return dotted(path.slice(2));
  }
  const step = `step ${Number(number) + 1}`;
  return command
    ? `${step}, command ${short(String(value))}`
    : `${step}, ${dotted(rest)}`;
}

function dotted(path: readonly string[]): string {
  // Items of a list are told apart by their places.
  return path.filter(segment => !/^\d+$/.test(segment)).join('.');
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return `"${line.length > 60 ? `${line.slice(0, 59)}…` : line}"`;
}
