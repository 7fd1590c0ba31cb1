import {
  code,
  escapeMarkdown,
  link,
  percentage,
  plainLine,
  shorten,
} from './markdown';

/** What a reader sees of escaped markdown, as GitHub renders it. */
function seen(markdown: string): string {
  return markdown
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .replaceAll('\u200b', '');
}

describe('escapeMarkdown', () => {
  it.each([
    'plain words, and 79 % of them',
    'a|b||c',
    '`code` ``more`` ```',
    '<img src=x onerror=alert(1)> <!-- --> </details>',
    '[click](https://evil.example.test) ![x](y)',
    '**bold** _it_ ~~gone~~ $x^2$ :tada:',
    '# heading - item 1. item',
    '@dana @example-org/team #12 example-org/vvp#12 GH-12',
    'https://evil.example.test www.evil.example.test a@b.example.test',
    'back\\slash \\| &lt; &#64;dana',
  ])('shows %j as it is', text => {
    expect(seen(escapeMarkdown(text))).toBe(text);
  });

  it.each([
    ['a cell', 'a|b', /(?<!\\)\|/],
    ['code', 'a `b`', /(?<!\\)`/],
    ['HTML', '<b>', /[<>]/],
    ['an entity', '&lt;', /&lt;/],
    ['a link', '[a](b)', /(?<!\\)[[\]()]/],
    ['a mention', 'a @dana', /@\w/],
    ['a reference', 'see #12', /#\d/],
    ['a short reference', 'see GH-12', /gh\\?-\d/i],
    ['an address', 'https://evil.example.test', /:\/\/|\/\//],
    ['a bare address', 'www.evil.example.test', /www\\?\./],
    ['a new line', 'a\r\n\n# b', /[\r\n]/],
    ['a line of Unicode', 'a\u2028b', /\u2028/],
    ['a direction override', 'a\u202eb', /\u202e/],
  ])('makes no %s', (_name, text, pattern) => {
    expect(text).toMatch(pattern);
    expect(escapeMarkdown(text)).not.toMatch(pattern);
  });
});

describe('code', () => {
  it.each([
    ['a b', '`a b`'],
    ['a`b', '`` a`b ``'],
    ['``` @dana', '```` ``` @dana ````'],
    ['a\nb', '`a b`'],
    ['', '` `'],
  ])('fences %j', (text, fenced) => {
    expect(code(text)).toBe(fenced);
  });
});

describe('link', () => {
  it.each([
    [
      'https://portal.example.test/a?b=c#d',
      '[a\\|b](https://portal.example.test/a?b=c#d)',
    ],
    [
      'https://portal.example.test/(x)|y z',
      '[a\\|b](https://portal.example.test/%28x%29%7Cy%20z)',
    ],
    ['data:text/html,alert', 'a\\|b'],
    ['not an address', 'a\\|b'],
    [undefined, 'a\\|b'],
  ])('to %j', (address, expected) => {
    expect(link('a|b', address)).toBe(expected);
  });
});

describe('shorten', () => {
  it.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['a😀bc', 3, 'a…'],
    ['a😀bc', 4, 'a😀…'],
  ])('%j to %d', (text, length, expected) => {
    expect(shorten(text, length)).toBe(expected);
  });
});

describe('plainLine', () => {
  it('is one line without what does not show', () => {
    expect(plainLine(' a\0\n\tb\u202e\ufeff c ')).toBe('a b c');
  });
});

describe('percentage', () => {
  it.each([
    [78_996, 100_000, '78.9 %'],
    [9_999, 10_000, '99.9 %'],
    [10, 10, '100.0 %'],
    [0, 10, '0.0 %'],
    [0, 0, 'no lines'],
  ])('of %d in %d is %s', (covered, total, expected) => {
    expect(percentage({ covered, total })).toBe(expected);
  });
});
