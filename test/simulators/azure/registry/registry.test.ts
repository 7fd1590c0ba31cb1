import {
  ContainerRegistryClient,
  ContainerRegistryContentClient,
} from '@azure/container-registry';
import { ClientSecretCredential } from '@azure/identity';
import { AzureRest } from '../../../targets/azureRest';
import { ValidationTotals } from '../../../targets/azureValidation';
import { AzureSimulator } from '../AzureSimulator';
import { digestOf, RegistryStore } from './RegistryStore';

const HOST = 'vvpacr.example.test';
const totals = new ValidationTotals();

let azure: AzureSimulator;
let digest: string;

beforeEach(async () => {
  const store = new RegistryStore(HOST);
  digest = store.push('vvp/issuer:1.2');
  azure = await AzureSimulator.start({ providers: [], registry: store });
});

afterEach(async () => {
  totals.add(azure.validation());
  await azure.stop();
});

afterAll(() => totals.write('azure-registry'));

function options() {
  return {
    tlsOptions: { ca: azure.ca },
    retryOptions: { maxRetries: 0 },
  };
}

function credential(secret: string = azure.client.clientSecret) {
  const { tenantId, clientId } = azure.client;
  return new ClientSecretCredential(tenantId, clientId, secret, {
    ...options(),
    authorityHost: azure.url,
    disableInstanceDiscovery: true,
  });
}

function content(repository: string = 'vvp/issuer') {
  return new ContainerRegistryContentClient(
    azure.registry!.url,
    repository,
    credential(),
    options(),
  );
}

function artifact(reference: string, repository: string = 'vvp/issuer') {
  return new ContainerRegistryClient(
    azure.registry!.url,
    credential(),
    options(),
  ).getArtifact(repository, reference);
}

/** Without an SDK. */
function rest(
  method: string,
  path: string,
  extra: { headers?: Record<string, string>; body?: string } = {},
) {
  return new AzureRest(azure).send(
    method,
    `${azure.registry!.url}${path}`,
    extra,
  );
}

describe('the registry, asked by its SDK', () => {
  it.each(['tag', 'digest'])('gives a manifest by its %s', async by => {
    const manifest = await content().getManifest(by === 'tag' ? '1.2' : digest);

    expect(manifest.digest).toBe(digest);
    expect(digestOf(manifest.content.toString())).toBe(digest);
  });

  it('asks for a token of its own, which it gives for one of Entra ID', async () => {
    await content().getManifest('1.2');

    expect(
      azure.registry!.requests.map(
        ({ method, path, status }) => `${method} ${path} ${status}`,
      ),
    ).toEqual([
      'GET /v2/vvp%2Fissuer/manifests/1.2 401',
      'POST /oauth2/exchange 200',
      'POST /oauth2/token 200',
      'GET /v2/vvp%2Fissuer/manifests/1.2 200',
    ]);
  });

  it('tells what it knows of tag and manifest', async () => {
    expect(await artifact('1.2').getTagProperties('1.2')).toMatchObject({
      name: '1.2',
      digest,
      registryLoginServer: HOST,
    });
    expect(await artifact(digest).getManifestProperties()).toMatchObject({
      digest,
      tags: ['1.2'],
    });
  });

  it.each([
    ['vvp/issuer', '9.9', 'MANIFEST_UNKNOWN'],
    ['vvp/other', '1.2', 'NAME_UNKNOWN'],
  ])('does not have %s:%s', async (repository, tag, code) => {
    await expect(content(repository).getManifest(tag)).rejects.toMatchObject({
      statusCode: 404,
      details: { errors: [{ code }] },
    });
  });

  it('keeps a manifest whose tag is taken away, and forgets one that is deleted', async () => {
    const { store } = azure.registry!;

    store.untag('vvp/issuer', '1.2');

    await expect(content().getManifest('1.2')).rejects.toThrow();
    expect(await content().getManifest(digest)).toMatchObject({ digest });
    store.delete('vvp/issuer', digest);
    await expect(content().getManifest(digest)).rejects.toThrow();
  });

  it.each([
    ['exchange', 401],
    ['token', 401],
    ['access', 401],
    ['firewall', 403],
  ] as const)('denies (%s)', async (denied, statusCode) => {
    azure.registry!.faults.denied = denied;

    await expect(content().getManifest('1.2')).rejects.toMatchObject({
      statusCode,
    });
  });

  it('says that it does not do what it does not simulate', async () => {
    await expect(
      artifact('1.2').updateTagProperties('1.2', { canDelete: false }),
    ).rejects.toMatchObject({ statusCode: 404 });
  });
});

describe('the registry, asked without the SDK', () => {
  it('says where to get a token', async () => {
    const answer = await rest('GET', '/v2/vvp%2Fissuer/manifests/1.2');

    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe(
      `Bearer realm="https://${HOST}/oauth2/token",service="${HOST}",scope="repository:vvp/issuer:pull"`,
    );
  });

  it.each([
    ['a token that is none', { authorization: 'Bearer none' }],
    ['another way to sign in', { authorization: 'Basic YTpi' }],
  ])('does not take %s', async (_, headers) => {
    const answer = await rest('GET', '/v2/vvp%2Fissuer/manifests/1.2', {
      headers,
    });

    expect(answer.status).toBe(401);
  });

  it.each([
    ['a token that Entra ID did not give', 'access_token=none'],
    ['no token', ''],
  ])('exchanges nothing for %s', async (_, field) => {
    const answer = await rest('POST', '/oauth2/exchange', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `grant_type=access_token&service=${HOST}&${field}`,
    });

    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify(answer.body)).not.toContain('refresh_token');
  });

  it.each([
    ['GET', '/v3/'],
    ['DELETE', '/v2/vvp%2Fissuer/manifests/1.2/x'],
    ['GET', '/acr/v1/vvp%2Fissuer/_tags/1.2?api-version=2019-01-01'],
    ['GET', '/acr/v1/vvp%2Fissuer/_tags/1.2?colour=red'],
  ])('refuses %s %s', async (method, path) => {
    const answer = await rest(method, path);

    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body.errors).toHaveLength(1);
  });
});
