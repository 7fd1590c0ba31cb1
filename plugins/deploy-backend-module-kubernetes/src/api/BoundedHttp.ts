import http from 'node:http';
import https from 'node:https';
import {
  PromiseHttpLibrary,
  RequestContext,
  ResponseContext,
} from '@kubernetes/client-node';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';

const MAX_BYTES = 32 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

/**
 * Carries the SDK's requests. Unlike the SDK's own way it ends with the caller's signal, waits at most
 * 30 seconds, reads at most 32 MiB, follows no redirect, and keeps the answer as it came.
 */
export class BoundedHttp implements PromiseHttpLibrary {
  readonly #signal: AbortSignal;
  readonly #maxBytes: number;
  readonly #timeoutMs: number;

  constructor(
    signal: AbortSignal,
    options: { maxBytes?: number; timeoutMs?: number } = {},
  ) {
    this.#signal = signal;
    this.#maxBytes = options.maxBytes ?? MAX_BYTES;
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  }

  async send(request: RequestContext): Promise<ResponseContext> {
    const signal = AbortSignal.any([
      this.#signal,
      AbortSignal.timeout(this.#timeoutMs),
    ]);
    const response = await this.#begin(request, signal);
    const buffer = await this.#read(response);
    const headers = Object.fromEntries(
      Object.entries(response.headers).map(([name, value]) => [
        name,
        String(value),
      ]),
    );
    return new ResponseContext(response.statusCode ?? 0, headers, {
      text: async () => buffer.toString('utf8'),
      binary: async () => buffer,
    });
  }

  #begin(
    request: RequestContext,
    signal: AbortSignal,
  ): Promise<http.IncomingMessage> {
    const url = new URL(request.getUrl());
    const body = request.getBody() as string | undefined;
    const { request: open } = url.protocol === 'http:' ? http : https;
    return new Promise((resolve, reject) => {
      const sent = open(
        url,
        {
          method: request.getHttpMethod(),
          headers: {
            ...request.getHeaders(),
            ...(body === undefined
              ? {}
              : { 'content-length': String(Buffer.byteLength(body)) }),
          },
          agent: request.getAgent(),
          signal,
        },
        resolve,
      );
      sent.once('error', reject);
      sent.end(body);
    });
  }

  async #read(response: http.IncomingMessage): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of response) {
      bytes += chunk.length;
      if (bytes > this.#maxBytes) {
        response.destroy();
        throw new TargetError(
          'invalid',
          `The Kubernetes API answered with more than ${this.#maxBytes} bytes.`,
          { remedy: 'Look at the namespace: it holds too many objects.' },
        );
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }
}
