import { gzipSync } from 'node:zlib';
import { readDiagnostics } from './readDiagnostics';

function pack(text: string, cut = 0) {
  return { text: gzipSync(text).toString('base64'), cut };
}

describe('readDiagnostics', () => {
  it('reads logs and facts, newest last', () => {
    const read = readDiagnostics({
      journal: pack('one\ntwo\u001b[31m\n', 1),
      link: pack('releases/abc\n'),
      disk: pack('Filesystem 1024-blocks\n/dev/a 1\n/dev/a 1\n'),
    });

    expect(read).toEqual({
      facts: [
        { label: 'current', value: 'releases/abc' },
        { label: 'Disk', value: '/dev/a 1' },
      ],
      logs: [{ source: 'journalctl', lines: ['one', 'two[31m'] }],
      problems: [
        'journalctl: only the last lines are shown, for a run-command brings 4,096 bytes at most.',
      ],
    });
  });

  it.each([
    ['no archive', { text: 'x', cut: 0 }],
    ['a bomb', pack('x'.repeat(1_000_000))],
    ['no text', { text: 7 }],
    ['nothing', null],
  ])('says so when a part is %s', (_, journal) => {
    expect(readDiagnostics({ journal })).toEqual({
      facts: [],
      logs: [],
      problems: ['The part "journal" of the answer cannot be read.'],
    });
  });
});
