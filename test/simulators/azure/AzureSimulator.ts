import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArmFront } from './arm/ArmFront';
import { AsyncOperations } from './arm/AsyncOperations';
import { ArmContext, ArmProvider } from './arm/types';
import { EntraClient, TokenService } from './entra/TokenService';
import { ValidationReport } from './model/VendorModel';
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
  }) {
    this.#server = parts.server;
    this.#front = parts.front;
    this.#folder = parts.folder;
    this.log = parts.log;
    this.client = parts.client;
    this.ca = parts.ca;
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
    const server = new AzureServer({
      certificates,
      front,
      tokens: new TokenService([signIn]),
      log,
      faults: { ...noFaults },
    });
    await server.listen(options.port ?? 0);
    const folder = await mkdtemp(join(tmpdir(), 'simulated-azure-'));
    await writeFile(join(folder, 'ca.pem'), certificates.ca);
    return new AzureSimulator({
      server,
      front,
      folder,
      log,
      client: signIn,
      ca: certificates.ca,
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
  }

  requests(): LoggedRequest[] {
    return this.log.list();
  }

  /** One of `deploy.targets.azure.connections` that leads here. */
  connectionConfig(
    name: string = 'simulated',
    repositories: string[] = ['*'],
  ): Record<string, string | string[]> {
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
    };
  }

  /** What the vendors' models said so far. */
  validation(): ValidationReport {
    const report: ValidationReport = {
      cloud: {},
      violations: [],
      unvalidated: [],
    };
    for (const model of this.#front.models) {
      const { cloud, violations } = model.report();
      Object.assign(report.cloud, cloud);
      report.violations.push(...violations);
    }
    return report;
  }

  async stop(): Promise<void> {
    await this.#server.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
