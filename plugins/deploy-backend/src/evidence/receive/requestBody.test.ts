import { PassThrough } from 'node:stream';
import { Request } from 'express';
import { assertReadableEncoding, bodyOf, discardRest } from './requestBody';

/** A request whose body is still coming. */
function request(headers: Record<string, string> = {}) {
  const stream = new PassThrough();
  return {
    stream,
    request: Object.assign(stream, {
      complete: false,
      get: (name: string) => headers[name.toLowerCase()],
    }) as unknown as Request,
  };
}

const read = async (body: AsyncIterable<Uint8Array>) => {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) {
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
};

describe('a body', () => {
  it('is taken as it comes once all of it is there', async () => {
    const { stream, request: whole } = request();
    Object.assign(whole, { complete: true });
    stream.write('one ');
    stream.end('two');

    expect(await read(bodyOf(whole))).toBe('one two');
  });

  it('that ends before it is complete is refused', async () => {
    const { stream, request: cut } = request();
    stream.end('one');

    await expect(read(bodyOf(cut))).rejects.toThrow('cut off on its way');
  });

  it('is left open by who gives up on it', async () => {
    const { stream, request: open } = request();
    stream.write('one');
    for await (const piece of bodyOf(open)) {
      expect(piece.toString()).toBe('one');
      break;
    }

    expect(stream.destroyed).toBe(false);
  });
});

describe('what nobody wants any more of a body', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('is let through for a while, and then no more', () => {
    const { stream, request: refused } = request();
    discardRest(refused);
    const flows = stream.readableFlowing;
    jest.advanceTimersByTime(29_999);
    const before = stream.destroyed;
    jest.advanceTimersByTime(1);

    expect([flows, before, stream.destroyed]).toEqual([true, false, true]);
  });

  it('ends by itself if it comes to its end', async () => {
    const { stream, request: refused } = request();
    discardRest(refused);
    stream.end('the rest');
    await new Promise(resolve => {
      stream.once('close', resolve);
    });

    expect(jest.getTimerCount()).toBe(0);
  });

  it('harms nobody if its sender hangs up', async () => {
    const { stream, request: refused } = request();
    discardRest(refused);
    stream.destroy(new Error('aborted'));
    await new Promise(resolve => {
      stream.once('close', resolve);
    });

    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('an encoding', () => {
  it.each(['br', 'deflate', 'gzip, br', 'x'.repeat(100)])(
    'that is not read is refused: %s',
    encoding => {
      const { request: encoded } = request({ 'content-encoding': encoding });

      expect(() => assertReadableEncoding(encoded)).toThrow(
        `Content-Encoding: ${encoding.slice(0, 50)} is not read`,
      );
    },
  );

  it.each(['', 'identity', 'GZIP', ' x-gzip '])('is taken: "%s"', encoding => {
    const { request: encoded } = request({ 'content-encoding': encoding });

    expect(() => assertReadableEncoding(encoded)).not.toThrow();
  });
});
