import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  parsePipelineSpec,
  PipelineSpec,
} from '@vvp/backstage-plugin-deploy-common';
import { REPOSITORY, importing, workflowsIn } from './__testUtils__/importing';

/** What is taken where nothing is said, as the reference of deploy.yaml has it. */
const DEFAULTS: readonly (readonly [RegExp, unknown])[] = [
  [/^pipeline\.workflow$/, 'deploy.yml'],
  [/^pipeline\.branches\.0$/, 'main'],
  [/^tests\.[^.]+\.artifactDays$/, 7],
  [/^tests\.[^.]+\.waitSeconds$/, 300],
  [/^tests\.[^.]+\.timeoutMinutes$/, 30],
];

/** Every value of a spec by its place, with names in place of numbers; what is taken anyway is left out. */
function valuesOf(spec: PipelineSpec): Map<string, unknown> {
  const values = new Map<string, unknown>();
  const walk = (value: unknown, path: string): void => {
    if (value === undefined) {
      return;
    }
    if (value === null || typeof value !== 'object') {
      const usual = DEFAULTS.find(([pattern]) => pattern.test(path));
      if (!usual || usual[1] !== value) {
        values.set(path, value);
      }
      return;
    }
    Object.entries(value).forEach(([key, one]) => {
      const { key: ownKey, name } = (one ?? {}) as Record<string, string>;
      const isList = Array.isArray(value);
      const segment = isList ? ownKey ?? name ?? key : key;
      walk(one, path ? `${path}.${segment}` : segment);
    });
  };
  walk(spec, '');
  return values;
}

function isNamed(path: string, keys: readonly string[]): boolean {
  return keys.some(key => {
    const pattern = key
      .replace(/^spec\./, '')
      .split('.')
      .map(part => (part === '*' ? '[^.]+' : part.replace(/\W/g, '\\$&')));
    return new RegExp(`^${pattern.join('\\.')}(\\.|$)`).test(path);
  });
}

describe('an import of generated workflows', () => {
  describe.each(['vvp', 'sandbox-broker'])('of examples/%s', name => {
    const folder = resolve(REPOSITORY, 'examples', name);
    const original = parsePipelineSpec(
      readFileSync(resolve(folder, 'deploy.yaml'), 'utf8'),
    );
    const imported = importing(
      workflowsIn(`examples/${name}/.github/workflows`),
      {
        repository: `example-org/${name}`,
      },
    );

    it('gives the spec back, but for what the report names', () => {
      const wanted = valuesOf((original as { spec: PipelineSpec }).spec);
      const got = valuesOf(imported.spec);
      const unknown = imported.report.unknown.map(({ key }) => key);
      const lost = [...wanted].filter(
        ([path, value]) => got.get(path) !== value && !isNamed(path, unknown),
      );
      const invented = [...got].filter(
        ([path, value]) => wanted.get(path) !== value,
      );

      expect(original.ok).toBe(true);
      expect(lost).toEqual([]);
      expect(invented).toEqual([]);
    });

    it('leaves nothing unsupported', () => {
      expect(
        imported.report.items
          .filter(
            ({ disposition, remedy }) =>
              disposition === 'unsupported' || remedy,
          )
          .map(({ file, line, item, message }) => [file, line, item, message]),
      ).toEqual([]);
    });
  });

  it('reads them without their headers just the same', () => {
    const files = workflowsIn('examples/sandbox-broker/.github/workflows');
    const bare = files.map(({ file, text }) => ({
      file,
      text: text.replace(/^# Generated.*\n/, ''),
    }));

    expect(importing(bare).text).toBe(importing(files).text);
  });

  it('takes over what was changed by hand', () => {
    const files = workflowsIn('examples/vvp/.github/workflows').map(
      ({ file, text }) => ({
        file,
        text: text
          .replace('--cov-fail-under=79', '--cov-fail-under=83')
          .replace('MIN_REPLICAS: "1"', 'MIN_REPLICAS: "2"')
          .replace('postgres:16', 'postgres:17'),
      }),
    );
    const { spec } = importing(files);
    const [verifier, issuer] = spec.services;

    expect(verifier.gates?.coverage).toMatchObject({ minimum: 83 });
    expect(verifier.environments[0].target).toMatchObject({ minReplicas: 2 });
    expect(issuer.test?.databases).toEqual([
      { type: 'postgresql', version: '17', variable: 'VVP_DATABASE_URL' },
    ]);
  });

  it('names what contradicts itself', () => {
    const files = workflowsIn('examples/vvp/.github/workflows').map(
      ({ file, text }) => ({
        file,
        text: text
          .replace('AUDIENCE: deploy\n', 'AUDIENCE: other-portal\n')
          .replace(
            /(test-issuer:[\s\S]*?)AUDIENCE: deploy\n/,
            '$1AUDIENCE: third-portal\n',
          ),
      }),
    );

    expect(importing(files).report.items).toContainEqual(
      expect.objectContaining({
        job: 'test-issuer',
        disposition: 'unsupported',
        message: expect.stringContaining(
          'it says "third-portal", and spec.pipeline.audience is "other-portal" already',
        ),
      }),
    );
  });
});
