import { appendPage, mergeFirstPage } from './pages';

const idOf = (item: string) => item;

describe('mergeFirstPage', () => {
  it.each([
    {
      name: 'takes the first page where nothing was known',
      previous: undefined,
      fresh: { items: ['d', 'c'], nextCursor: 'c' },
      merged: { items: ['d', 'c'], nextCursor: 'c' },
    },
    {
      name: 'keeps the pages behind it',
      previous: { items: ['d', 'c', 'b', 'a'], nextCursor: 'a' },
      fresh: { items: ['e', 'd'], nextCursor: 'd' },
      merged: { items: ['e', 'd', 'c', 'b', 'a'], nextCursor: 'a' },
    },
    {
      name: 'keeps the end of the list',
      previous: { items: ['b', 'a'], nextCursor: undefined },
      fresh: { items: ['c', 'b'], nextCursor: 'b' },
      merged: { items: ['c', 'b', 'a'], nextCursor: undefined },
    },
    {
      name: 'drops the rest if more came in than one page holds',
      previous: { items: ['b', 'a'], nextCursor: 'a' },
      fresh: { items: ['z', 'y'], nextCursor: 'y' },
      merged: { items: ['z', 'y'], nextCursor: 'y' },
    },
    {
      name: 'drops what is no longer listed',
      previous: { items: ['d', 'c', 'b'], nextCursor: 'b' },
      fresh: { items: ['d', 'b'], nextCursor: 'b' },
      merged: { items: ['d', 'b'], nextCursor: 'b' },
    },
    {
      name: 'lists an item that moved to the front once',
      previous: { items: ['c', 'b', 'a'], nextCursor: 'x' },
      fresh: { items: ['a', 'c'], nextCursor: 'c' },
      merged: { items: ['a', 'c', 'b'], nextCursor: 'x' },
    },
    {
      name: 'believes an emptied list',
      previous: { items: ['b', 'a'], nextCursor: 'a' },
      fresh: { items: [] },
      merged: { items: [] },
    },
  ])('$name', ({ previous, fresh, merged }) => {
    expect(mergeFirstPage(previous, fresh, idOf)).toEqual(merged);
  });
});

describe('appendPage', () => {
  it('adds what is new and takes the next cursor', () => {
    const page = appendPage(
      { items: ['c', 'b'], nextCursor: 'b' },
      { items: ['b', 'a'], nextCursor: undefined },
      idOf,
    );

    expect(page).toEqual({ items: ['c', 'b', 'a'], nextCursor: undefined });
  });
});
