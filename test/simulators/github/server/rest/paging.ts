import type { RestCall } from './types';

const MOST = 100;

/** One page of a list, and the `Link` header to the others. */
export function pageOf<T>(
  call: RestCall,
  items: readonly T[],
): { items: T[]; headers: Record<string, string> } {
  const perPage = Math.min(
    MOST,
    Math.max(1, Number(call.query.get('per_page') ?? 30) || 30),
  );
  const page = Math.max(1, Number(call.query.get('page') ?? 1) || 1);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const link = (number: number, relation: string) => {
    const url = new URL(call.url);
    url.searchParams.set('page', String(number));
    return `<${url.toString()}>; rel="${relation}"`;
  };
  const links: string[] = [];
  if (page > 1) links.push(link(page - 1, 'prev'));
  if (page < last) links.push(link(page + 1, 'next'), link(last, 'last'));
  if (page > 1) links.push(link(1, 'first'));
  return {
    items: items.slice((page - 1) * perPage, page * perPage),
    headers: links.length > 0 ? { link: links.join(', ') } : {},
  };
}

/** A filter in GitHub's date syntax: `>=…`, `<…`, `a..b`, or one day. */
export function dateFilter(text: string | null): (time: number) => boolean {
  if (!text) return () => true;
  const range = text.split('..');
  if (range.length === 2) {
    const from = range[0] === '*' ? -Infinity : Date.parse(range[0]);
    const to = range[1] === '*' ? Infinity : endOf(range[1]);
    return time => time >= from && time <= to;
  }
  const [, operator, value] = /^(>=|<=|>|<)?(.*)$/.exec(text) ?? [];
  const start = Date.parse(value);
  if (operator === '>=') return time => time >= start;
  if (operator === '>') return time => time > start;
  if (operator === '<=') return time => time <= endOf(value);
  if (operator === '<') return time => time < start;
  return time => time >= start && time <= endOf(value);
}

/** A bare date means the whole day. */
function endOf(value: string): number {
  const start = Date.parse(value);
  return value.includes('T') ? start : start + 24 * 60 * 60 * 1000 - 1;
}
