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
