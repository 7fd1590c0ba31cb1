import { request } from 'node:http';

/** Posts the beginning of a body that was promised to be longer, and hangs up when it has been sent. */
export async function hangUpHalfWay(
  url: string,
  headers: Record<string, string>,
  beginning: string,
): Promise<void> {
  await new Promise<void>(resolve => {
    const post = request(url, {
      method: 'POST',
      headers: {
        ...headers,
        'content-length': String(2 * Buffer.byteLength(beginning)),
      },
    });
    post.on('error', () => resolve());
    post.on('close', () => resolve());
    post.write(beginning, () => post.destroy());
  });
}
