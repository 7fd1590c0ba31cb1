import { SHOP, generate } from './__testUtils__/generating';
import { nameOfSubject } from './trust';

describe('names of federated credentials', () => {
  const of = (claim: string) => nameOfSubject(`repo:example-org/shop:${claim}`);

  it('are what the subject says, where they can say it', () => {
    expect(of('environment:production-verifier')).toBe(
      'environment-production-verifier',
    );
    expect(of('ref:refs/heads/main')).toBe('ref-refs-heads-main');
  });

  it.each([
    ['environment:prod eu', 'environment:prod.eu'],
    ['ref:refs/heads/release/1', 'ref:refs/heads/release-1'],
    [`environment:${'a'.repeat(150)}b`, `environment:${'a'.repeat(150)}c`],
  ])('differ where subjects do: %s', (left, right) => {
    expect(of(left)).not.toBe(of(right));
    expect(of(left)).toMatch(/^[A-Za-z0-9-]{1,120}$/);
    expect(of(left)).toBe(of(left));
  });

  it('let environments have names that only other characters tell apart', () => {
    const files = generate(
      SHOP.replace(
        '[{ name: production, tier: production }]',
        '[{ name: prod eu, tier: production }, { name: prod.eu, tier: production }]',
      ).replace(
        /production:\n +url[^]*$/,
        ['prod eu', 'prod.eu']
          .map(
            (name, index) =>
              `${name}: { target: { type: azure-container-app, resourceGroup: Shop, name: shop${index}, image: registry.example.test/shop }, jobs: [{ workflow: deploy.yml, job: d${index} }] }\n        `,
          )
          .join(''),
      ),
    ).map(({ path }) => path);

    expect(new Set(files).size).toBe(files.length);
    expect(
      files.filter(path => path.includes('federated-credentials')),
    ).toHaveLength(2);
  });
});
