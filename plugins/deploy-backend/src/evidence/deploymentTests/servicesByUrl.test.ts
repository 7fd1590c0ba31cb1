import { ReachableEnvironment, servicesByUrl } from './servicesByUrl';

function at(url: string, serviceId = 'issuer', environment = 'production') {
  return {
    serviceId,
    entityRef: `component:default/${serviceId}`,
    repository: 'example-org/vvp',
    environment,
    url,
  } satisfies ReachableEnvironment;
}

const issuer = at('https://vvp-issuer.example.test');
const verifier = at('https://VVP-Verifier.example.test:443/app', 'verifier');
const staging = at('https://vvp-issuer.example.test:8443', 'issuer', 'staging');
const broken = at('vvp-issuer', 'broken');
const known = [issuer, verifier, staging, broken];

describe('servicesByUrl', () => {
  it('finds the environments at the hosts of both', () => {
    expect(
      servicesByUrl(
        {
          issuer_url: 'https://vvp-issuer.example.test/',
          verifier_url: 'https://vvp-verifier.example.test/healthz',
        },
        known,
      ),
    ).toEqual({ environments: [issuer, verifier], unmatched: [] });
  });

  it('tells ports apart', () => {
    expect(
      servicesByUrl(
        {
          issuer_url: 'https://vvp-issuer.example.test:8443',
          verifier_url: 'https://vvp-verifier.example.test:8443',
        },
        known,
      ),
    ).toEqual({ environments: [staging], unmatched: ['verifier_url'] });
  });

  it('names each environment once', () => {
    expect(
      servicesByUrl({ issuer_url: issuer.url, verifier_url: issuer.url }, known)
        .environments,
    ).toEqual([issuer]);
  });

  it('names both fields if there is none', () => {
    const search = () =>
      servicesByUrl(
        {
          issuer_url: 'https://a.example.test',
          verifier_url: 'https://b.example.test',
        },
        known,
      );

    expect(search).toThrow(
      expect.objectContaining({
        name: 'InputError',
        message: expect.stringMatching(
          /issuer_url.*a\.example\.test; verifier_url.*b\.example\.test/,
        ),
      }),
    );
  });
});
