import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JsonObject } from '@backstage/types';
import { ArmFront } from './arm/ArmFront';
import { AsyncOperations } from './arm/AsyncOperations';
import { ArmContext, ArmProvider } from './arm/types';
import { EntraClient, TokenService } from './entra/TokenService';
import { ValidationReport } from './model/VendorModel';
import { RegistryServer, RegistryStore } from './registry';
import { AzureServer } from './server/AzureServer';
import { createCertificates } from './server/certificates';
import { Faults, noFaults } from './server/faults';
import { LoggedRequest, RequestLog } from './server/RequestLog';

/** Makes a resource provider; its own state and switches stay with whoever wrote the function. */
export type ArmProviderFactory = (
  context: ArmContext,
) => ArmProvider | Promise<ArmProvider>;

export interface AzureSimulatorOptions {
  /** Default: a free one. */
  port?: number;
  providers: ArmProviderFactory[];
  resourceGroups?: string[];
  clientSecret?: string;
  /** A container registry that takes the tokens of this Entra ID. */
  registry?: RegistryStore;
}

/** The app registration that may sign in unless another secret is given; made up. */
const client: EntraClient = {
  tenantId: '11111111-1111-4111-8111-111111111111',
  clientId: '22222222-2222-4222-8222-222222222222',
  clientSecret: 'simulated-secret',
};

/** The one subscription that there is; made up. */
export const subscriptionId = '33333333-3333-4333-8333-333333333333';

/** A simulated Azure on loopback, see README.md. */
export class AzureSimulator {
  readonly #server: AzureServer;
  readonly #front: ArmFront;
  readonly #folder: string;
  readonly log: RequestLog;
  /** Absent unless asked for. */
  readonly registry: RegistryServer | undefined;
  readonly client: EntraClient;
  /** PEM of the authority that signed the server's certificate. */
  readonly ca: string;
  readonly subscriptionId: string = subscriptionId;

  private constructor(parts: {
    server: AzureServer;
    front: ArmFront;
    folder: string;
    log: RequestLog;
    client: EntraClient;
    ca: string;
    registry: RegistryServer | undefined;
  }) {
    this.#server = parts.server;
    this.#front = parts.front;
    this.#folder = parts.folder;
    this.log = parts.log;
    this.client = parts.client;
    this.ca = parts.ca;
    this.registry = parts.registry;
  }

  static async start(options: AzureSimulatorOptions): Promise<AzureSimulator> {
    const now = Date.now;
    const operations = new AsyncOperations(now);
    const providers = await Promise.all(
      options.providers.map(create => create({ operations, now })),
    );
    const signIn = {
      ...client,
      clientSecret: options.clientSecret ?? client.clientSecret,
    };
    const front = new ArmFront(
      {
        subscriptionId,
        resourceGroups: (options.resourceGroups ?? ['VVP']).map(group =>
          group.toLowerCase(),
        ),
      },
      providers,
      operations,
    );
    const certificates = await createCertificates();
    const log = new RequestLog();
    const tokens = new TokenService([signIn]);
    const faults = { ...noFaults };
    const server = new AzureServer({
      certificates,
      front,
      tokens,
      log,
      faults,
    });
    await server.listen(options.port ?? 0);
    const registry =
      options.registry &&
      (await RegistryServer.start({
        store: options.registry,
        certificates,
        acceptsEntra: authorization =>
          !faults.rejectCredentials && tokens.accepts(authorization),
      }));
    const folder = await mkdtemp(join(tmpdir(), 'simulated-azure-'));
    await writeFile(join(folder, 'ca.pem'), certificates.ca);
    return new AzureSimulator({
      server,
      front,
      folder,
      log,
      client: signIn,
      ca: certificates.ca,
      registry,
    });
  }

  /** Address of both Entra ID and Resource Manager, with https. */
  get url(): string {
    return this.#server.url;
  }

  /** File with {@link AzureSimulator.ca}, for `caFile` of app-config. */
  get caFile(): string {
    return join(this.#folder, 'ca.pem');
  }

  /** Set what is to go wrong; {@link AzureSimulator.clearFaults} ends it. */
  get faults(): Faults {
    return this.#server.faults;
  }

  clearFaults(): void {
    Object.assign(this.#server.faults, noFaults);
    this.registry?.clearFaults();
  }

  requests(): LoggedRequest[] {
    return this.log.list();
  }

  /** One of `deploy.targets.azure.connections` that leads here. */
  connectionConfig(
    name: string = 'simulated',
    repositories: string[] = ['*'],
  ): JsonObject {
    const { registry } = this;
    return {
      name,
      repositories,
      subscriptionId,
      tenantId: this.client.tenantId,
      clientId: this.client.clientId,
      clientSecret: this.client.clientSecret,
      authorityHost: this.url,
      endpoint: this.url,
      caFile: this.caFile,
      ...(registry && {
        registries: [registry.store.loginServer],
        registryEndpoints: { [registry.store.loginServer]: registry.url },
      }),
    };
  }

  /** What the vendors' models said so far. */
  validation(): ValidationReport {
    const report: ValidationReport = {
      cloud: {},
      violations: [],
      unvalidated: [],
    };
    const models = [
      ...this.#front.models,
      ...(this.registry ? [this.registry.model] : []),
    ];
    for (const model of models) {
      const { cloud, violations, unvalidated } = model.report();
      Object.assign(report.cloud, cloud);
      report.violations.push(...violations);
      report.unvalidated.push(...unvalidated);
    }
    return report;
  }

  async stop(): Promise<void> {
    await this.#server.close();
    await this.registry?.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
