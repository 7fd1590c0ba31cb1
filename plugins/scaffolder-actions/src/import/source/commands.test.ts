import { commandsOf } from './commands';

function read(script: string) {
  return commandsOf(script).map(({ words, isPart }) =>
    isPart ? ['?', ...words] : words,
  );
}

describe('commandsOf', () => {
  it.each([
    ['nothing', '\n  \n', []],
    ['comments', '# one\necho x # two', [['echo', 'x']]],
    ['continued lines', 'pytest \\\n  --cov=app', [['pytest', '--cov=app']]],
    [
      'several on a line',
      'a 1; b 2 && c 3',
      [
        ['a', '1'],
        ['b', '2'],
        ['c', '3'],
      ],
    ],
    ['quotes', `a 'b c' "d \\"e\\"" f'g'h`, [['a', 'b c', 'd "e"', 'fgh']]],
    ['an empty word', `a ''`, [['a', '']]],
    ['expressions', 'a ${{ x && y }} b', [['a', '${{ x && y }}', 'b']]],
    ['substitutions', 'a x=$(b "c)" | d) e', [['a', 'x=$(b "c)" | d)', 'e']]],
    ['substitutions in quotes', 'a "$(b "c d")" e', [['a', '$(b "c d")', 'e']]],
    ['pipes', 'a | b\nc', [['?', 'a'], ['?', 'b'], ['c']]],
    ['alternatives', 'a || b\nc', [['?', 'a'], ['?', 'b'], ['c']]],
    [
      'redirections',
      'a > b\nc 2>&1',
      [
        ['?', 'a', '>', 'b'],
        ['?', 'c', '2>&1'],
      ],
    ],
    ['the background', 'a &\nb', [['?', 'a'], ['b']]],
    [
      'conditions',
      'if a; then\n b\nfi\nc',
      [['?', 'if', 'a'], ['?', 'then'], ['?', 'b'], ['?', 'fi'], ['c']],
    ],
    [
      'functions',
      'f() {\n a\n}\nb',
      [['?', 'f()', '{'], ['?', 'a'], ['?', '}'], ['b']],
    ],
    [
      'here-documents',
      'cat <<EOF\na; b\nEOF\nc',
      [['?', 'cat', '<<EOF'], ['c']],
    ],
    ['an open quote', `a 'b`, [['a', 'b']]],
    ['an open substitution', 'a $(b', [['a', '$(b']]],
    ['an open here-document', 'cat <<EOF\na', [['?', 'cat', '<<EOF']]],
  ])('reads %s', (_, script, commands) => {
    expect(read(script)).toEqual(commands);
  });

  it('knows where each begins', () => {
    const script = 'a 1\n\n  b 2 && c';

    expect(
      commandsOf(script).map(({ offset, text }) =>
        script.slice(offset, offset + text.length),
      ),
    ).toEqual(['a 1', 'b 2', 'c']);
  });
});
