import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs';
import { ContainerAppsAPIClient } from '@azure/arm-appcontainers';
import { ClientSecretCredential } from '@azure/identity';
import type { TargetSpec } from './types';
import { CloudControl } from './CloudControl';
import { Clouds } from './Clouds';

jest.setTimeout(240_000);

const secrets = {
  azureClientSecret: 'azure-secret',
  awsAccessKeyId: 'AKIADEMO000000000000',
  awsSecretAccessKey: 'aws-secret',
  kubernetesToken: 'kubernetes-token',
};
const [older, newer, newest, bad] = ['a', 'b', 'c', 'd'].map(digit =>
  digit.repeat(40),
);
const HOUR_MS = 3_600_000;

const targets: Record<TargetSpec['type'], TargetSpec> = {
  'azure-container-app': {
    type: 'azure-container-app',
    resourceGroup: 'VVP',
    name: 'vvp-issuer',
    image: 'registry.example.test/vvp-issuer',
  },
  'azure-vm': {
    type: 'azure-vm',
    resourceGroup: 'VVP',
    name: 'vvp-pbx',
    release: {
      directory: '/opt/vvp/sip-redirect',
      unit: 'vvp-sip-redirect.service',
      environmentFile: '/etc/vvp/sip-redirect.env',
      keep: 2,
    },
    health: { udpPort: 5070 },
  },
  kubernetes: {
    type: 'kubernetes',
    connection: 'phoenix-production',
    namespace: 'phoenix-orch',
    name: 'data-router-rs',
  },
  ecs: {
    type: 'ecs',
    region: 'us-east-1',
    cluster: 'main',
    service: 'api',
  },
  'github-workflow': { type: 'github-workflow', workflow: 'deploy.yml' },
};

describe('the simulated clouds', () => {
  let clouds: Clouds;
  let control: CloudControl;
  let url: string;

  beforeAll(async () => {
    clouds = await Clouds.start(secrets);
    control = new CloudControl(clouds);
    url = await control.listen(0);
  });

  afterAll(async () => {
    const report = clouds.validation();
    const folder = resolve(__dirname, '../../../.test/validation');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'clouds.json'), JSON.stringify(report));
    await control.close();
    await clouds.stop();
  });

  function post(body: object): Promise<Response> {
    return fetch(`${url}/_control/deploy`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
  }

  function deploy(target: TargetSpec, commit: string, hoursAgo: number) {
    return post({
      repository: 'example-org/shop',
      service: target.type,
      environment: 'production',
      target,
      commit,
      at: new Date(Date.now() - hoursAgo * HOUR_MS).toISOString(),
    });
  }

  async function version(type: string): Promise<string | undefined> {
    const response = await fetch(
      `${url}/version/example-org/shop/${type}/production`,
    );
    return (await response.json()).git_sha;
  }

  async function until(type: string, commit: string): Promise<void> {
    while ((await version(type)) !== commit) {
      await new Promise(resolved => setTimeout(resolved, 50));
    }
  }

  function azureClient(): ContainerAppsAPIClient {
    const { client, ca, url: endpoint, subscriptionId } = clouds.azure;
    const tlsOptions = { ca };
    return new ContainerAppsAPIClient(
      new ClientSecretCredential(
        client.tenantId,
        client.clientId,
        secrets.azureClientSecret,
        { authorityHost: endpoint, disableInstanceDiscovery: true, tlsOptions },
      ),
      subscriptionId,
      { endpoint, tlsOptions },
    );
  }

  it.each(Object.values(targets))(
    'have a history of $type, and roll out what is pushed now',
    async target => {
      expect(await version(target.type)).toBeUndefined();

      expect((await deploy(target, older, 48)).status).toBe(200);
      expect((await deploy(target, newer, 24)).status).toBe(200);
      await until(target.type, newer);
      expect((await deploy(target, newest, 0)).status).toBe(200);
      await until(target.type, newest);

      expect(await version(target.type)).toBe(newest);
    },
  );

  it('tell the SDK of Azure what was deployed, and when', async () => {
    const api = azureClient();
    const revisions = [];
    for await (const revision of api.containerAppsRevisions.listRevisions(
      'VVP',
      'vvp-issuer',
    )) {
      revisions.push(revision);
    }

    expect(revisions.map(({ name }) => name)).toEqual([
      'vvp-issuer--sha-aaaaaaa',
      'vvp-issuer--sha-bbbbbbb',
      'vvp-issuer--sha-ccccccc',
    ]);
    expect(Date.now() - Number(revisions[0].createdTime)).toBeGreaterThan(
      47 * HOUR_MS,
    );
  });

  it('let a bad release of a container app fail once it serves', async () => {
    const target = {
      ...targets['azure-container-app'],
      name: 'vvp-verifier',
    } as TargetSpec;
    await fetch(`${url}/_control/bad-releases`, {
      method: 'POST',
      body: JSON.stringify({ commits: [bad] }),
    });
    await deploy(target, older, 48);

    await deploy(target, bad, 0);
    const api = azureClient().containerAppsRevisions;
    let health: string | undefined;
    while (health !== 'Unhealthy') {
      ({ healthState: health } = await api.getRevision(
        'VVP',
        'vvp-verifier',
        'vvp-verifier--sha-ddddddd',
      ));
    }

    expect(await version(target.type)).toBe(bad);
  });

  it('tell the SDK of AWS which task definition runs', async () => {
    const client = new ECSClient({
      region: 'us-east-1',
      endpoint: clouds.aws.url,
      credentials: {
        accessKeyId: secrets.awsAccessKeyId,
        secretAccessKey: secrets.awsSecretAccessKey,
      },
    });

    const { services } = await client.send(
      new DescribeServicesCommand({ cluster: 'main', services: ['api'] }),
    );

    expect(services?.[0].taskDefinition).toMatch(/task-definition\/api:3$/);
    client.destroy();
  });

  it('tell whoever has the token which ReplicaSets there were, and nobody else', async () => {
    const api = clouds.kubernetes.get('phoenix-production');
    const list = (token: string) =>
      fetch(
        `${api?.url}/apis/apps/v1/namespaces/phoenix-orch/replicasets?labelSelector=app%3Ddata-router-rs`,
        { headers: { authorization: `Bearer ${token}` } },
      );

    const { items } = await (await list(secrets.kubernetesToken)).json();
    const images = items
      .sort((left: any, right: any) =>
        left.metadata.creationTimestamp < right.metadata.creationTimestamp
          ? -1
          : 1,
      )
      .map(({ spec }: any) => spec.template.spec.containers[0].image);

    expect(images).toEqual(
      [older, newer, newest].map(
        commit => `registry.example.test/data-router-rs:${commit}`,
      ),
    );
    expect((await list('another')).status).toBe(401);
  });

  it('break no model of the vendors', () => {
    const { cloud, violations, unvalidated } = clouds.validation();

    expect(Object.keys(cloud)).toContain(
      '@aws-sdk/client-ecs 3.1162.0 schemas',
    );
    expect(violations).toEqual([]);
    expect(unvalidated).toEqual([]);
  });

  it.each([
    ['no commit', { commit: 'main' }, 'commit has to be a full SHA'],
    ['a time that is none', { at: 'yesterday' }, 'at is no time'],
    ['no target', { target: undefined }, 'target are needed'],
    [
      'a cluster that is not there',
      { target: { ...targets.kubernetes, connection: 'other' } },
      'There is no cluster',
    ],
  ])('refuse %s', async (_, change, message) => {
    const response = await post({
      repository: 'example-org/shop',
      service: 'other',
      environment: 'production',
      target: targets.ecs,
      commit: older,
      ...change,
    });

    expect(response.status).toBe(400);
    expect((await response.json()).error).toContain(message);
  });
});
