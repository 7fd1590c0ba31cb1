import { findingsOf, validText } from './testing';

const expression = '${{ github.token }}';

describe('expressions of GitHub', () => {
  it.each([
    [
      'an address',
      'https://verifier.example.test\n',
      `https://a/${expression}\n`,
    ],
    ['a path', 'services/verifier/**', `"services/${expression}/**"`],
    ['a shared path', 'common/**', `"common/${expression}"`],
    ['a target', 'resourceGroup: VVP', `resourceGroup: "V${expression}"`],
    ['a key', 'matrix: { replica: 1 }', `matrix: { "${expression}": 1 }`],
    ['a name', 'name: vvp\n', `name: "${expression}"\n`],
  ])('stand in no text: %s', (_, text, other) => {
    expect(validText).toContain(text);
    const findings = findingsOf(validText.replace(text, other)).join('\n');

    expect(findings).toContain('deploy.yaml:');
    expect(findings).toMatch(/\$\{\{|right form/);
  });

  it('are told by their place and what to write', () => {
    const [finding] = findingsOf(
      validText.replace('common/**', `"common/${expression}/**"`),
    );

    expect(finding).toMatch(
      /^deploy\.yaml:17:\d+.*"\$\{\{" would be an expression of GitHub Actions.*\{secret: NAME\}/,
    );
  });
});

describe('texts', () => {
  it.each([
    ['a line break', 'Deploy\\nall'],
    ['what moves a cursor', 'Deploy \\u001b[2K'],
    ['a separator of lines', 'Deploy\\u2028all'],
    ['what turns a text round', 'Deploy \\u202ella'],
    ['what ends a block', 'Deploy\\n'],
  ])('have no %s in them', (_, job) => {
    expect(validText).toContain('job: deploy-verifier');

    expect(
      findingsOf(validText.replace('job: deploy-verifier', `job: "${job}"`)),
    ).toEqual([
      expect.stringMatching(
        /^deploy\.yaml:25:\d+ a line break or another control character is in it\. Write it in one line/,
      ),
    ]);
  });

  it('may be in any script', () => {
    expect(
      findingsOf(
        validText.replace(
          'job: deploy-verifier',
          'job: "Deploy – Prüfer 検証"',
        ),
      ),
    ).toEqual([]);
  });
});
