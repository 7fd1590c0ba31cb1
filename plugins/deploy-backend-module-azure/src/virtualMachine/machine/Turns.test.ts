import { Turns } from './Turns';

const { signal } = new AbortController();

/** A promise that is kept from outside. */
function createGate() {
  let open = () => {};
  const gate = new Promise<void>(resolve => {
    open = resolve;
  });
  return { gate, open };
}

describe('Turns', () => {
  it('lets one at a time use a key, in the order of asking', async () => {
    const turns = new Turns();
    const { gate, open } = createGate();
    const order: string[] = [];
    const first = turns.take('vm', signal, async () => {
      await gate;
      order.push('first');
    });
    const second = turns.take('vm', signal, async () => {
      order.push('second');
    });
    await turns.take('other', signal, async () => {
      order.push('other');
    });

    open();
    await Promise.all([first, second]);

    expect(order).toEqual(['other', 'first', 'second']);
  });

  it('gives the turn on after a failure', async () => {
    const turns = new Turns();
    const failed = turns.take('vm', signal, async () => {
      throw new Error('no');
    });

    const next = turns.take('vm', signal, async () => 'done');

    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('done');
  });

  it('lets those who have given up out, and nobody jump in', async () => {
    const turns = new Turns();
    const { gate, open } = createGate();
    const controller = new AbortController();
    const order: string[] = [];
    const first = turns.take('vm', signal, async () => {
      await gate;
      order.push('first');
    });
    const impatient = turns.take('vm', controller.signal, async () => {
      order.push('impatient');
    });
    const last = turns.take('vm', signal, async () => {
      order.push('last');
    });

    controller.abort(new Error('too long'));
    await expect(impatient).rejects.toThrow('too long');
    open();
    await Promise.all([first, last]);

    expect(order).toEqual(['first', 'last']);
  });
});
