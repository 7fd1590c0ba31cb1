import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { parseReport } from './parseReport';
import { bytesOf, parseFixture, parseText } from './__testUtils__/reports';

const tracefile = 'TN:\nSF:src/a.ts\nDA:1,1\nDA:2,0\nend_of_record\n';

function cobertura(encoding: string, file = 'src/größe.py'): string {
  return `<?xml version="1.0" encoding="${encoding}"?>\n<coverage line-rate="1"><packages><package name="a"><classes><class filename="${file}"><lines><line number="1" hits="1"/></lines></class></classes></package></packages></coverage>`;
}

async function pathOf(content: Uint8Array): Promise<string> {
  const report = await parseText(content);
  return report.type === 'coverage' ? report.files[0].path : '';
}

describe('parseReport', () => {
  it.each([1, 10, 1000])('reads pieces of %d bytes', async size => {
    const parsed = await parseReport(bytesOf(tracefile, size));

    expect(parsed).toEqual({
      report: expect.objectContaining({
        format: 'lcov',
        totals: { lines: { covered: 1, total: 2 } },
      }),
      digest: createHash('sha256').update(tracefile).digest('hex'),
      bytes: tracefile.length,
    });
  });

  it.each([1, 1000])('decompresses gzip, in pieces of %d bytes', async size => {
    const plain = await parseReport(bytesOf(tracefile));

    const parsed = await parseReport(bytesOf(gzipSync(tracefile), size));

    expect(parsed).toEqual(plain);
  });

  it('lets the event loop turn while it reads a large file', async () => {
    const large = `SF:a\n${'DA:1,1\n'.repeat(400_000)}end_of_record\n`;
    let turns = 0;
    let reading = true;
    const turn = () => {
      turns += 1;
      if (reading) {
        setImmediate(turn);
      }
    };
    setImmediate(turn);

    await parseReport(
      (async function* whole() {
        yield Buffer.from(large);
      })(),
    );
    reading = false;

    expect(turns).toBeGreaterThan(5);
  });

  describe('encodings', () => {
    it.each([
      ['UTF-8', Buffer.from(cobertura('UTF-8'))],
      ['UTF-8 with a mark', Buffer.from(`\ufeff${cobertura('utf-8')}`)],
      ['Latin-1', Buffer.from(cobertura('iso-8859-1'), 'latin1')],
      ['Windows-1252', Buffer.from(cobertura('windows-1252'), 'latin1')],
      ['UTF-16', Buffer.from(`\ufeff${cobertura('utf-16')}`, 'utf16le')],
      ['UTF-16 without a mark', Buffer.from(cobertura('utf-16'), 'utf16le')],
      [
        'big-endian UTF-16',
        Buffer.from(`\ufeff${cobertura('utf-16')}`, 'utf16le').swap16(),
      ],
    ])('reads %s', async (_, content) => {
      expect(await pathOf(content)).toBe('src/größe.py');
    });

    it.each([
      [
        'Latin-1 that says UTF-8',
        Buffer.from(cobertura('utf-8'), 'latin1'),
        'Line 2: the bytes are not utf-8; write the report in UTF-8, or declare its encoding',
      ],
      [
        'UTF-8 cut within a character',
        Buffer.from(cobertura('utf-8')).subarray(
          0,
          cobertura('utf-8').indexOf('ö') + 1,
        ),
        'the bytes are not utf-8',
      ],
      [
        'UTF-8 that says UTF-16',
        Buffer.from(cobertura('UTF-16')),
        'Line 1: encoding "utf-16" is declared, but the file is not in it',
      ],
      [
        'an unknown encoding',
        Buffer.from(cobertura('klingon')),
        'Line 1: encoding "klingon" is not known; write the report in UTF-8',
      ],
      [
        'UTF-32',
        Buffer.from([0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0]),
        'encoding "utf-32le" is not known',
      ],
    ])('refuses %s', async (_, content, message) => {
      await expect(pathOf(content)).rejects.toThrow(message);
    });
  });

  describe('detection', () => {
    it('takes the format that is named', async () => {
      const report = await parseText('mode: set\n', { format: 'go-cover' });

      expect(report).toMatchObject({ format: 'go-cover', files: [] });
    });

    it.each([
      ['an unknown file', 'hello', {}, 'is not recognised; name it, one of'],
      ['nothing', '', {}, 'The report is empty'],
      [
        'another type than said',
        tracefile,
        { type: 'security' as const },
        'The report is of format lcov, which is evidence of type coverage, not security',
      ],
      [
        'a named format of another type',
        tracefile,
        { type: 'test' as const, format: 'lcov' as const },
        'which is evidence of type coverage, not test',
      ],
      [
        'another format than named',
        tracefile,
        { format: 'cobertura' as const },
        'of the XML: text data outside of root node',
      ],
      [
        'a format that is not read here',
        tracefile,
        { format: 'k6' as const, formats: [] },
        'Format "k6" is not read here',
      ],
    ])('refuses %s', async (_, content, options, message) => {
      const reading = parseText(content, options);

      await expect(reading).rejects.toMatchObject({
        name: 'InputError',
        message: expect.stringContaining(message),
      });
    });
  });

  describe('limits', () => {
    const tooLarge = { name: 'PayloadTooLargeError', statusCode: 413 };

    it.each([
      ['as sent', tracefile, { body: 20 }],
      ['as sent, compressed', gzipSync(tracefile), { body: 20 }],
      ['when decompressed', gzipSync(tracefile), { uncompressed: 20 }],
      ['of JSON', '{"total":{"lines":{"total":1}}}', { json: 20 }],
      ['of compressed JSON', gzipSync('{"total":{"lines":{}}}'), { json: 20 }],
    ])('refuses a report too large %s', async (_, content, limits) => {
      const reading = parseText(content, { limits });

      await expect(reading).rejects.toMatchObject(tooLarge);
    });

    it('refuses 100 MB of JSON before it has read them', async () => {
      let sent = 0;
      const body = (async function* endless() {
        yield Buffer.from('{"total":{"lines":{"total":1,"x":"');
        for (; sent < 100; sent += 1) {
          yield Buffer.alloc(1_000_000, 'x');
        }
      })();

      await expect(parseReport(body)).rejects.toThrow(/too long|larger than/);

      expect(sent).toBeLessThan(70);
    });

    it('refuses a bomb of gzip before it has gone off', async () => {
      const bomb = gzipSync(`SF:a\n${'#\n'.repeat(30_000_000)}`);

      const reading = parseText(bomb);

      await expect(reading).rejects.toMatchObject({
        ...tooLarge,
        message: expect.stringContaining('grows more than 100-fold'),
      });
    });

    it('holds no ratio against a short report', async () => {
      const report = await parseText(
        gzipSync(`SF:a\n${'DA:1,1\n'.repeat(50_000)}end_of_record\n`),
      );

      expect(report).toMatchObject({ type: 'coverage' });
    });

    it.each([
      ['compressed twice', gzipSync(gzipSync(tracefile)), 'compressed twice'],
      [
        'cut short',
        gzipSync(tracefile).subarray(0, 30),
        'damaged or ends too early',
      ],
      [
        'damaged',
        Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.alloc(100, 7)]),
        'damaged or ends too early',
      ],
    ])('refuses gzip that is %s', async (_, content, message) => {
      const reading = parseText(content);

      await expect(reading).rejects.toMatchObject({
        name: 'InputError',
        message: expect.stringContaining(message),
      });
    });
  });

  it('closes the body when it stops early', async () => {
    let closed = false;
    const body = (async function* endless() {
      try {
        for (;;) {
          yield Buffer.from('mode: set\nnonsense\n'.repeat(10_000));
        }
      } finally {
        closed = true;
      }
    })();

    await expect(parseReport(body)).rejects.toThrow('Line 2');

    expect(closed).toBe(true);
  });

  it('hands on the error of a body that breaks off', async () => {
    const body = (async function* broken() {
      yield Buffer.from(tracefile);
      throw new Error('connection reset');
    })();

    await expect(parseReport(body)).rejects.toThrow('connection reset');
  });

  it('reads a real file from disk', async () => {
    const { bytes, report } = await parseFixture('coverage/lcov/jest.info');

    expect({ bytes, format: report.format }).toEqual({
      bytes: 783,
      format: 'lcov',
    });
  });
});
