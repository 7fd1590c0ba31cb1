import { readdirSync, readFileSync } from 'node:fs';
import { reportFormats } from '..';
import { testFormats } from '.';
import { fixturePath } from './__testUtils__/readFixture';

function parse(format: string, ...pieces: string[]) {
  const parser = testFormats
    .find(candidate => candidate.format === format)!
    .createParser();
  pieces.forEach(piece => parser.write(piece));
  return parser.end();
}

const files = readdirSync(fixturePath('.'), { withFileTypes: true })
  .filter(entry => entry.isDirectory() && entry.name !== 'sources')
  .flatMap(({ name }) =>
    readdirSync(fixturePath(name)).map(file => `${name}/${file}`),
  );

describe('every report of a tool, and those written by hand', () => {
  it.each(files)('%s is taken for one format only', file => {
    const head = readFileSync(fixturePath(file), 'utf8')
      .replace(/^\ufeff/, '')
      .slice(0, 64 * 1024);

    const takers = reportFormats.filter(format => format.detect(head));

    expect(takers).toHaveLength(1);
    expect(testFormats).toContain(takers[0]);
  });

  it.each([
    ['junit', 'go/gotestsum-1.8-reruns.xml'],
    ['junit', 'samples/nextest.xml'],
    ['playwright', 'playwright/playwright-1.49.1.json'],
    ['ctrf', 'ctrf/jest-29.json'],
    ['terraform-validate', 'samples/terraform-invalid.json'],
  ])('as %s, wherever it is cut: %s', (format, file) => {
    const text = readFileSync(fixturePath(file), 'utf8');

    const whole = parse(format, text);
    const inPieces = parse(format, ...(text.match(/[^]{1,3}/g) ?? []));

    expect(inPieces).toEqual(whole);
  });

  it.each([
    '<?xml version="1.0"?>\n<!-- a --><!-- <b> -->\n<!DOCTYPE testsuites SYSTEM "junit.dtd">\n<testsuites/>',
    '\n<testsuite name="s"></testsuite>',
  ])('is recognised behind a prolog: %s', head => {
    const takers = reportFormats.filter(format => format.detect(head));

    expect(takers.map(({ format }) => format)).toEqual(['junit']);
  });

  it.each([
    '<!-- <testsuites/> --><coverage/>',
    '<testsuitesx/>',
    `<!-- ${'--><!--'.repeat(5_000)}`,
    '{"results": {"tool": 1}}',
    '{"valid": true}',
  ])('unlike this: %s', head => {
    expect(testFormats.filter(format => format.detect(head))).toEqual([]);
  });
});
