import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { shellAssignments, shellQuote } from './quote';

/** What bash makes of assignments. */
function readByBash(values: Record<string, string>): string[] {
  const script = [
    ...shellAssignments(values),
    ...Object.keys(values).map(name => `printf '%s\\0' "$${name}"`),
  ].join('\n');
  const output = execFileSync('/bin/bash', ['-c', script], {
    encoding: 'utf8',
    env: { LC_ALL: 'C' },
  });
  return output.split('\0').slice(0, -1);
}

// eslint-disable-next-line no-control-regex
const control = /[\u0000-\u001f\u007f]/;

const hostile = [
  '',
  ' ',
  "'",
  "''",
  "'\\''",
  '"; touch /tmp/owned; "',
  "'; touch /tmp/owned; '",
  '$(touch /tmp/owned)',
  '`touch /tmp/owned`',
  '${IFS}$HOME',
  '!!',
  '\\',
  "\\'",
  '-n',
  '*',
  '~root',
  '#',
  '&& reboot',
  '\u2028\u00a0ü😀',
];

describe('shellQuote', () => {
  it('leaves hostile texts as they are', () => {
    const values = Object.fromEntries(
      hostile.map((text, index) => [`v${index}`, text]),
    );

    expect(readByBash(values)).toEqual(hostile);
  });

  it('leaves any text without control characters as it is', () => {
    const word = fc
      .oneof(
        fc.string({ unit: 'grapheme' }),
        fc.string({
          unit: fc.constantFrom(...`'"\\$\`(){}[]<>|&;*?!~# =-a`),
        }),
      )
      .filter(text => !control.test(text));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), words => {
        const values = Object.fromEntries(
          words.map((text, index) => [`v${index}`, text]),
        );

        expect(readByBash(values)).toEqual(words);
      }),
      { numRuns: 50 },
    );
  });

  it.each(['a\nb', 'a\rb', 'a\0b', '\u001b[2J', '\u007f'])(
    'refuses control characters (%j)',
    text => {
      expect(() => shellQuote(text, 'target.name')).toThrow(
        'target.name holds a control character',
      );
    },
  );

  it.each(['a b', 'a;b', '1a', ''])('refuses the name %j', name => {
    expect(() => shellAssignments({ [name]: '' })).toThrow(
      'cannot name a shell variable',
    );
  });
});
