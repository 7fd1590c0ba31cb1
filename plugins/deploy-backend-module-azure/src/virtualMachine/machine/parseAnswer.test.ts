import { decodeText, parseAnswer } from './parseAnswer';

function message(stdout: string, stderr = '') {
  return [
    { message: `Enable succeeded: \n[stdout]\n${stdout}\n[stderr]\n${stderr}` },
  ];
}

describe('parseAnswer', () => {
  it('reads the answer with its nonce, whatever stands before it', () => {
    const statuses = message(
      'cut off {"a":1}\n@deploy other {"a":2}\n\n@deploy nonce {"a":3}\n',
    );

    expect(parseAnswer(statuses, 'nonce')).toEqual({ a: 3 });
  });

  it.each([
    ['nothing', []],
    ['nothing at all', undefined],
    ['no output', message('')],
    ['the answer of another script', message('@deploy other {"a":1}')],
    ['an answer that is cut at its beginning', message('oy nonce {"a":1}')],
    ['an answer on standard error', message('', '@deploy nonce {"a":1}')],
    [
      'a machine that went down',
      [{ message: "Last script execution didn't finish." }],
    ],
  ])('takes %s for a script that did not end', (_, statuses) => {
    expect(() => parseAnswer(statuses, 'nonce')).toThrow(
      expect.objectContaining({ kind: 'transient' }),
    );
  });

  it.each(['{"a":', '[1]', 'null', '"text"', ''])(
    'refuses the answer %j',
    body => {
      expect(() =>
        parseAnswer(message(`@deploy nonce ${body}`), 'nonce'),
      ).toThrow(expect.objectContaining({ kind: 'invalid' }));
    },
  );

  it('tells the end of standard error, on one line and not more than is read', () => {
    const statuses = message('', `${'x'.repeat(5_000)}\nbash:\tdisk is gone\n`);

    expect(() => parseAnswer(statuses, 'nonce')).toThrow(
      /^The script on the machine did not run to its end: x{200,300} bash: disk is gone$/,
    );
  });
});

describe('decodeText', () => {
  it.each([
    ['base64', Buffer.from('a\nb\u001b').toString('base64'), 'a b'],
    ['no text', 7, ''],
    ['nothing', undefined, ''],
  ])('reads %s', (_, value, text) => {
    expect(decodeText(value)).toBe(text);
  });
});
