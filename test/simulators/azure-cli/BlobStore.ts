import { createHash, randomBytes } from 'node:crypto';
import {
  createServer,
  IncomingMessage,
  Server,
  ServerResponse,
} from 'node:http';
import { AddressInfo } from 'node:net';

interface Loan {
  blob: string;
  expiresAt: number;
}

/** Blobs of one storage account, read over loopback with a token that lets read one of them for a while. */
export class BlobStore {
  readonly account = 'vvpdeploy';
  readonly host = `${this.account}.blob.example.test`;
  /** By `container/name`. */
  readonly blobs = new Map<string, Buffer>();
  /** Every token that was given out. */
  readonly signatures: string[] = [];
  /** Blobs that were asked for, and what was answered. */
  readonly reads: { path: string; status: number }[] = [];
  /** What goes wrong with the next downloads. */
  readonly faults = { truncate: false, corrupt: false };
  readonly #loans = new Map<string, Loan>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) =>
      this.#read(request, response),
    );
  }

  static async start(): Promise<BlobStore> {
    const store = new BlobStore();
    await new Promise<void>(resolve => {
      store.#server.listen(0, '127.0.0.1', resolve);
    });
    return store;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** An address that lets read a blob until a time. */
  lend(blob: string, expiresAt: Date): string {
    const signature = encodeURIComponent(randomBytes(32).toString('base64'));
    this.signatures.push(signature);
    const query = [
      'sp=r',
      'spr=https',
      'sr=b',
      `se=${encodeURIComponent(expiresAt.toISOString())}`,
      `sig=${signature}`,
    ].join('&');
    this.#loans.set(query, { blob, expiresAt: expiresAt.getTime() });
    return `https://${this.host}/${blob}?${query}`;
  }

  /** Ends all loans. */
  expire(): void {
    this.#loans.clear();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => {
      this.#server.close(resolve);
    });
  }

  #read(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, search } = new URL(
      request.url ?? '',
      `http://${this.host}`,
    );
    const blob = pathname.slice(1);
    const status = this.#status(request, blob, search.slice(1));
    this.reads.push({ path: pathname, status });
    const bytes = this.blobs.get(blob);
    if (status !== 200 || bytes === undefined) {
      response.writeHead(status).end();
      return;
    }
    response.writeHead(200, { 'content-length': bytes.length });
    if (this.faults.truncate) {
      response.write(bytes.subarray(0, bytes.length / 2), () =>
        response.destroy(),
      );
      return;
    }
    response.end(this.faults.corrupt ? Buffer.from(bytes).reverse() : bytes);
  }

  #status(request: IncomingMessage, blob: string, query: string): number {
    const loan = this.#loans.get(query);
    if (
      request.method !== 'GET' ||
      request.headers.host !== this.host ||
      loan?.blob !== blob ||
      loan.expiresAt < Date.now()
    ) {
      return 403;
    }
    return this.blobs.has(blob) ? 200 : 404;
  }
}

/** SHA-256 in hex. */
export function sha256Of(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
