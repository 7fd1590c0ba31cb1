import { DeployClient } from './DeployClient';

function createClient() {
  const requests: { url: string; method?: string; body: unknown }[] = [];
  const client = new DeployClient({
    discoveryApi: {
      getBaseUrl: async () => 'https://portal.example.test/api/deploy',
    },
    fetchApi: {
      fetch: async (url, init) => {
        requests.push({
          url: String(url),
          method: init?.method,
          body: init?.body && JSON.parse(String(init.body)),
        });
        return new Response('{"id":"answered"}');
      },
    },
  });
  return { client, requests };
}

describe('DeployClient', () => {
  it.each`
    move          | path          | request
    ${'pause'}    | ${'pause'}    | ${{ comment: 'Odd latency' }}
    ${'continue'} | ${'continue'} | ${{ comment: 'Looks good' }}
    ${'abort'}    | ${'abort'}    | ${{ reason: 'Calls are refused' }}
  `('moves a canary: $move', async ({ move, path, request }) => {
    const { client, requests } = createClient();
    const moves: Record<string, (id: string) => Promise<object>> = {
      pause: id => client.pausePromotion(id, request),
      continue: id => client.continuePromotion(id, request),
      abort: id => client.abortPromotion(id, request),
    };

    const answer = await moves[move]('a/b');

    expect(answer).toEqual({ id: 'answered' });
    expect(requests).toEqual([
      {
        url: `https://portal.example.test/api/deploy/promotions/a%2Fb/${path}`,
        method: 'POST',
        body: request,
      },
    ]);
  });

  it('sends a body without a comment, too', async () => {
    const { client, requests } = createClient();

    await client.pausePromotion('1');
    await client.continuePromotion('1');

    expect(requests.map(({ body }) => body)).toEqual([{}, {}]);
  });

  it('asks what a release changes in the configuration', async () => {
    const { client, requests } = createClient();

    await client.getConfiguration(
      'component:default/vvp-verifier',
      'pro/duction',
      'a&b',
    );

    expect(requests).toEqual([
      {
        url: 'https://portal.example.test/api/deploy/services/component/default/vvp-verifier/environments/pro%2Fduction/configuration?release=a%26b',
        method: undefined,
        body: undefined,
      },
    ]);
  });
});
