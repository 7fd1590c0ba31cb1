import {
  accountedOf,
  importing,
  scalarsOf,
  workflowsIn,
} from './__testUtils__/importing';
import {
  differencesOf,
  differingFiles,
  generatedOf,
  NOTHING,
  specOf,
  specText,
} from './__testUtils__/roundTrip';

/** The specs of the examples, with the workflows that are generated of them. */
const CASES = [
  'vvp',
  'sandbox-broker',
  'phoenix-orchestrator',
  'edenco',
  'ngx-voice',
].map(name => ({
  name,
  text: specText(name),
  files: workflowsIn(`examples/${name}/.github/workflows`),
}));

describe('an import of generated workflows', () => {
  describe.each(CASES)('of $name', ({ text, files }) => {
    const spec = specOf(text);
    const imported = importing(files, { repository: spec.repository });

    it('gives the spec back, but for what the report names, and leaves nothing unsupported', () => {
      expect(differencesOf(spec, imported)).toEqual(NOTHING);
    });

    it('gives the same workflows again, byte for byte', () => {
      expect(differingFiles(files, generatedOf(imported.text))).toEqual([]);
    });

    it('accounts for every value', () => {
      for (const { file, text: content } of files) {
        expect(accountedOf(imported.report.items, file)).toEqual(
          scalarsOf(content),
        );
      }
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

  it('says where an image is once, where the target does', () => {
    const files = workflowsIn('examples/vvp/.github/workflows').map(
      ({ file, text }) => ({
        file,
        text: text.replaceAll('vvpacr.example.test', 'vvpacr.azurecr.io'),
      }),
    );
    const [verifier] = importing(files).spec.services;

    expect(verifier.image).toEqual({
      dockerfile: 'services/verifier/Dockerfile',
    });
    expect(verifier.environments[0].target).toMatchObject({
      image: 'vvpacr.azurecr.io/vvp-verifier',
    });
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
        job: 'test-issuer-report',
        disposition: 'unsupported',
        message: expect.stringContaining(
          'it says "third-portal", and spec.pipeline.audience is "other-portal" already',
        ),
      }),
    );
  });
});
