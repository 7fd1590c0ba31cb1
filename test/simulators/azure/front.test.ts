import { AzureRest } from '../../targets/azureRest';
import { AzureSimulator } from './AzureSimulator';
import { createContainerApps } from './containerApps';

const VERSION = 'api-version=2025-07-01';

let azure: AzureSimulator;
let rest: AzureRest;
const { store, provider } = createContainerApps();

beforeAll(async () => {
  store.create({
    resourceGroup: 'VVP',
    name: 'vvp-issuer',
    mode: 'Multiple',
    revisions: ['r1', 'r2'].map((suffix, index) => ({
      suffix,
      image: `registry.example.test/vvp-issuer:${suffix}`,
      createdAt: `2026-11-0${index + 1}T10:00:00Z`,
    })),
  });
  azure = await AzureSimulator.start({ providers: [provider] });
  rest = new AzureRest(azure);
});

afterAll(() => azure.stop());

const group = () =>
  `/subscriptions/${azure.subscriptionId}/resourceGroups/VVP/providers`;
const app = () => `${group()}/Microsoft.App/containerApps/vvp-issuer`;

describe('Resource Manager', () => {
  it.each([
    [400, 'MissingApiVersionParameter', 'GET', () => app()],
    [
      400,
      'NoRegisteredProviderFound',
      'GET',
      () => `${app()}?api-version=2020-01-01`,
    ],
    [
      404,
      'InvalidResourceNamespace',
      'GET',
      () => `${group()}/Microsoft.None/things/x?${VERSION}`,
    ],
    [404, 'InvalidResourceType', 'GET', () => `${app()}/none?${VERSION}`],
    [404, 'InvalidResourceType', 'TRACE', () => `${app()}?${VERSION}`],
    [
      404,
      'ResourceGroupNotFound',
      'GET',
      () => `${app().replace('/VVP/', '/none/')}?${VERSION}`,
    ],
    [
      404,
      'SubscriptionNotFound',
      'GET',
      () =>
        `${app().replace(
          azure.subscriptionId,
          '00000000-0000-4000-8000-000000000000',
        )}?${VERSION}`,
    ],
    [404, 'ResourceNotFound', 'GET', () => `${app()}-none?${VERSION}`],
    [
      404,
      'RevisionNotFound',
      'GET',
      () => `${app()}/revisions/vvp-issuer--none?${VERSION}`,
    ],
    [
      400,
      'InvalidRequestContent',
      'GET',
      () => `${app()}?${VERSION}&$expand=all`,
    ],
    [404, 'NotFound', 'GET', () => '/anything'],
  ])('answers %i %s', async (status, code, method, url) => {
    const answer = await rest.arm(method, url());

    expect(answer).toMatchObject({
      status,
      body: { error: { code, message: expect.any(String) } },
    });
  });

  it.each([
    [
      'a field that is not known',
      { location: 'UK South', color: 'red' },
      'InvalidRequestContent',
    ],
    [
      'a nested one',
      { location: 'UK South', properties: { template: { size: 1 } } },
      'InvalidRequestContent',
    ],
    [
      'a wrong type',
      { location: 'UK South', properties: { template: { containers: 'x' } } },
      'InvalidRequestContent',
    ],
    ['a missing field', { properties: {} }, 'InvalidRequestContent'],
    [
      'another location',
      { location: 'West Europe' },
      'InvalidResourceLocation',
    ],
    [
      'traffic that does not add up',
      {
        location: 'uksouth',
        properties: {
          configuration: {
            ingress: {
              traffic: [{ revisionName: 'vvp-issuer--r1', weight: 99 }],
            },
          },
        },
      },
      'ContainerAppInvalidTrafficConfiguration',
    ],
    [
      'traffic to a revision that is not there',
      {
        location: 'uksouth',
        properties: {
          configuration: {
            ingress: {
              traffic: [{ revisionName: 'vvp-issuer--r9', weight: 100 }],
            },
          },
        },
      },
      'ContainerAppInvalidTrafficConfiguration',
    ],
    [
      'a secret that is not there',
      {
        location: 'uksouth',
        properties: {
          template: {
            containers: [
              { name: 'a', image: 'b', env: [{ name: 'c', secretRef: 'd' }] },
            ],
          },
        },
      },
      'ContainerAppSecretRefNotFound',
    ],
  ])('refuses an update with %s', async (_, body, code) => {
    const answer = await rest.patch(
      '/Microsoft.App/containerApps/vvp-issuer',
      body,
    );

    expect(answer).toMatchObject({ status: 400, body: { error: { code } } });
  });

  it('takes a suffix that was used, and fails after that', async () => {
    const answer = await rest.patch('/Microsoft.App/containerApps/vvp-issuer', {
      location: 'UK South',
      properties: {
        template: {
          revisionSuffix: 'r1',
          containers: [{ name: 'vvp-issuer', image: 'another' }],
        },
      },
    });

    const { pathname, search } = new URL(
      String(answer.headers['azure-asyncoperation']),
    );
    const operation = await rest.arm('GET', `${pathname}${search}`);
    expect(answer.status).toBe(202);
    expect(operation.body).toMatchObject({
      status: 'Failed',
      error: {
        code: 'ContainerAppOperationError',
        message: expect.stringContaining('already exists'),
      },
    });
  });

  it('asks for a token, and for one that it knows', async () => {
    const none = await rest.send('GET', `${app()}?${VERSION}`);
    const made = await rest.send('GET', `${app()}?${VERSION}`, {
      headers: { authorization: 'Bearer made-up' },
    });

    expect(none).toMatchObject({
      status: 401,
      body: { error: { code: 'AuthenticationFailed' } },
    });
    expect(made).toMatchObject({
      status: 401,
      body: { error: { code: 'InvalidAuthenticationToken' } },
    });
  });

  it('throttles so many requests', async () => {
    azure.faults.throttle = 1;

    const first = await rest.get('/Microsoft.App/containerApps/vvp-issuer');
    const second = await rest.get('/Microsoft.App/containerApps/vvp-issuer');

    expect(first).toMatchObject({
      status: 429,
      headers: { 'retry-after': '1' },
    });
    expect(second.status).toBe(200);
  });

  it('does a change and cuts the connection', async () => {
    azure.faults.cutChanges = 1;

    await expect(
      rest.post(
        '/Microsoft.App/containerApps/vvp-issuer/revisions/vvp-issuer--r1/activate',
      ),
    ).rejects.toThrow();

    const { body } = await rest.get(
      '/Microsoft.App/containerApps/vvp-issuer/revisions/vvp-issuer--r1',
    );
    expect(body.properties.active).toBe(true);
  });

  it('has found nothing wrong with itself', () => {
    expect(azure.validation().violations).toEqual([]);
  });
});

describe('Entra ID', () => {
  it.each([
    [401, 'AADSTS7000215', { client_secret: 'wrong' }],
    [400, 'AADSTS700016', { client_id: 'unknown' }],
    [400, 'AADSTS70003', { grant_type: 'password' }],
    [400, 'AADSTS1002012', { scope: 'openid' }],
  ])('answers %i %s', async (status, code, fields) => {
    const { tenantId, clientId, clientSecret } = azure.client;

    const answer = await rest.send('POST', `/${tenantId}/oauth2/v2.0/token`, {
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        scope: 'https://management.azure.com/.default',
        ...fields,
      }).toString(),
    });

    expect(answer).toMatchObject({
      status,
      body: { error_description: expect.stringContaining(`${code}:`) },
    });
  });
});
