import fc from 'fast-check';
import { formatSpecFindings } from './formatSpecFindings';
import { parsePipelineSpec } from './parsePipelineSpec';
import { findingsOf, validText } from './testing';

const laughs = [
  'a0: &a0 [x, x, x, x, x, x, x, x, x]',
  ...Array.from({ length: 9 }, (_, i) => {
    const aliases = Array(9).fill(`*a${i}`).join(', ');
    return `a${i + 1}: &a${i + 1} [${aliases}]`;
  }),
].join('\n');

const staircase = Array.from(
  { length: 1000 },
  (_, i) => `${' '.repeat(i)}a:`,
).join('\n');

describe('the bounds of parsePipelineSpec', () => {
  it.each([
    ['10 MB', 'a: b\n'.repeat(2_000_000), 'larger than 1048576 bytes'],
    ['wide characters', '€'.repeat(400_000), 'larger than 1048576 bytes'],
    ['exploding anchors', laughs, 'aliases of the file stand for more than'],
    [
      'many aliases',
      `a: &a x\nb: [${'*a,'.repeat(300_000)}]`,
      'more than 100 aliases',
    ],
    ['10,000 levels of lists', `a: ${'['.repeat(10_000)}`, 'nested too deeply'],
    ['10,000 levels of maps', '{a: '.repeat(10_000), 'nested too deeply'],
    ['10,000 levels on one line', '- '.repeat(10_000), 'nested too deeply'],
    ['10,000 levels of keys', '? '.repeat(10_000), 'nested too deeply'],
    ['1,000 levels of lines', staircase, 'nested too deeply'],
    ['many values', 'a: b\n'.repeat(200_000), 'more than 50000 parts'],
    ['many commas', `[${','.repeat(1_000_000)}]`, 'more than 50000 parts'],
    ['many quotes', '"'.repeat(1_000_000), 'more than 50000 parts'],
    ['many anchors', '& '.repeat(500_000), 'more than 50000 parts'],
    ['many directives', '%A\n'.repeat(300_000), 'more than 50000 parts'],
    ['many documents', '---\n'.repeat(250_000), 'more than 50000 parts'],
    ['many lines', '\n'.repeat(1_000_000), 'more than 50000 parts'],
  ])('refuse %s by one finding', (_, text, expected) => {
    const findings = findingsOf(text);

    expect(findings).toHaveLength(1);
    expect(findings[0]).toContain(expected);
  });

  it('can be set narrower', () => {
    const options = { maxBytes: 100 };

    expect(parsePipelineSpec(validText, options)).toMatchObject({
      ok: false,
      findings: [{ message: 'the file is larger than 100 bytes' }],
    });
  });

  it('keep the findings few', () => {
    const keys = Array.from({ length: 5000 }, (_, i) => `key${i}: 1`);
    const result = parsePipelineSpec(keys.join('\n'));

    expect(result).toMatchObject({ ok: false });
    const findings = result.ok ? [] : result.findings;
    expect(findings).toHaveLength(100);
    const lines = formatSpecFindings(findings, 'deploy.yaml').split('\n');
    expect(lines).toHaveLength(21);
    expect(lines[20]).toBe('and 80 more');
  });

  it('keep a finding on one short line, whatever the key', () => {
    const key = JSON.stringify(`\u001b[2J\n${'x'.repeat(10_000)}`);
    const findings = findingsOf(`${validText}${key}: 1\n`);

    expect(findings).toHaveLength(1);
    expect(findings[0].length).toBeLessThan(300);
    expect(findings[0]).not.toContain('\u001b');
  });

  it('never throws on text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), text => {
        const result = parsePipelineSpec(text);
        expect(result.ok || result.findings.length > 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('never throws on text made of what YAML is made of', () => {
    const piece = fc.constantFrom(
      ...['- ', ': ', '? ', '[', ']', '{', '}', ', ', '&a ', '*a', '!!str '],
      ...['|\n', '>-\n', '"', "'", '#', '\n', '  ', '\t', '---\n', '...\n'],
      ...['%YAML 1.1\n', 'spec', 'services', '<<', '__proto__', '~', '1'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), pieces => {
        const result = parsePipelineSpec(pieces.join(''));
        expect(result.ok || result.findings.length > 0).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('never throws on a valid file with a hole in it', () => {
    const position = fc.nat({ max: validText.length });
    fc.assert(
      fc.property(position, position, fc.string(), (start, end, middle) => {
        const text = validText.slice(0, start) + middle + validText.slice(end);
        const result = parsePipelineSpec(text);
        expect(result.ok || result.findings.length > 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
