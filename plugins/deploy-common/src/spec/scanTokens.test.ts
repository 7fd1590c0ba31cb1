import fc from 'fast-check';
import { parse } from 'yaml';
import { findingsOf, validText } from './testing';
import { scanTokens } from './scanTokens';

const wide = Object.fromEntries(
  Array.from({ length: 1_000 }, (_, i) => [`key${i}`, { a: i, b: [i] }]),
);

describe('scanTokens', () => {
  it.each([
    ['one line of JSON', JSON.stringify(wide)],
    ['JSON beneath a key', `spec: ${JSON.stringify(wide)}`],
    ['JSON in a list', `- - ${JSON.stringify(wide)}`],
    [
      'two documents of JSON on two lines',
      `${JSON.stringify(wide)}\n---\n${JSON.stringify(wide)}`,
    ],
    ['64 levels of JSON', '[{"a":'.repeat(32) + '1'.concat('}]'.repeat(32))],
    ['64 levels of lists on one line', `${'- '.repeat(64)}a`],
  ])('takes %s', (_case, text) => {
    expect(scanTokens(text)).toBeUndefined();
  });

  it.each([
    ['65 levels of JSON', `${'['.repeat(65)}1${']'.repeat(65)}`],
    ['65 levels of lists on one line', `${'- '.repeat(65)}a`],
    ['65 levels around JSON', `${'- '.repeat(65)}${JSON.stringify(wide)}`],
    ['65 levels of keys on one line', '? '.repeat(65)],
    ['65 levels of keys that are JSON', '{a: 1}: '.repeat(65)],
  ])('refuses %s', (_case, text) => {
    expect(scanTokens(text)?.message).toBe('the file is nested too deeply');
  });

  it('takes any JSON on one line that is not too deep', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 20 }), text => {
        expect(scanTokens(text)).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  it('lets a deploy.yaml through that is one line of JSON', () => {
    const document = parse(validText);
    for (let i = 0; i < 100; i++) {
      document.spec.services[`service-${i}`] = {
        entity: `component:default/service-${i}`,
        paths: [`services/${i}/**`],
        environments: {
          production: { jobs: [{ workflow: 'deploy.yml', job: `s${i}` }] },
        },
      };
    }

    expect(findingsOf(JSON.stringify(document))).toEqual([]);
  });
});
