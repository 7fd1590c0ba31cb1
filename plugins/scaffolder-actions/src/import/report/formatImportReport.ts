import { printable } from '../../workflows/printable';
import { ImportItem, ImportReport, OpenKey } from '../types';

/**
 * A report for people: by file and job, a line for each item that begins as editors and terminals take it for a link,
 * then the keys that are still open.
 *
 * @public
 */
export function formatImportReport({
  items,
  guessed,
  unknown,
}: ImportReport): string {
  const groups = new Map<string, ImportItem[]>();
  for (const item of items) {
    const group = item.job ? `${item.file}, job ${item.job}` : item.file;
    groups.set(group, [...(groups.get(group) ?? []), item]);
  }
  const sections = [...groups].map(([title, own]) =>
    [title, ...own.map(lineOf)].join('\n'),
  );
  return printable(
    [
      ...sections,
      ...section('Guessed', guessed),
      ...section('Not in workflows', unknown),
      summaryOf(items),
    ].join('\n\n'),
  );
}

function lineOf({
  file,
  line,
  column,
  item,
  disposition,
  keys,
  message,
  remedy,
}: ImportItem): string {
  const said = [message, remedy].filter(Boolean).join('. ');
  const became = keys.length > 0 ? ` -> ${keys.join(', ')}` : '';
  return `  ${file}:${line}:${column}: ${disposition}: ${item}${became}${
    said && `: ${said}`
  }`;
}

function section(title: string, keys: readonly OpenKey[]): string[] {
  return keys.length === 0
    ? []
    : [
        [
          title,
          // Several jobs can say the same of one key.
          ...new Set(
            keys.map(
              ({ key, message, remedy }) => `  ${key}: ${message}. ${remedy}`,
            ),
          ),
        ].join('\n'),
      ];
}

function summaryOf(items: readonly ImportItem[]): string {
  const count = (disposition: ImportItem['disposition']) =>
    items
      .filter(item => item.disposition === disposition)
      .reduce((sum, { leaves }) => sum + leaves.length, 0);
  return `${count('imported')} values imported, ${count('kept')} kept, ${count(
    'unsupported',
  )} unsupported`;
}
