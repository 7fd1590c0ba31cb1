import { request } from 'node:http';

export interface LoopbackResponse {
  status: number;
  headers: Record<string, string>;
  text: string;
  /** The body as JSON; `undefined` when there is none. */
  json<T = unknown>(): T;
}

/** One HTTP request to loopback; not by `fetch`, which test runners block. */
export function loopbackRequest(
  url: string,
  options: {
    method?: string;
    headers?: Record<string, string>;
    body?: string;
  } = {},
): Promise<LoopbackResponse> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      { method: options.method ?? 'GET', headers: options.headers },
      response => {
        const chunks: Buffer[] = [];
        response.on('data', chunk => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(
              Object.entries(response.headers).map(([name, value]) => [
                name,
                String(value),
              ]),
            ),
            text,
            json: () => (text === '' ? undefined : JSON.parse(text)),
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(options.body);
  });
}
