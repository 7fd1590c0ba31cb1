import { SharedAnswers } from './SharedAnswers';

describe('SharedAnswers', () => {
  let now = 0;
  const answers = () => new SharedAnswers<string>({ now: () => now });

  beforeEach(() => {
    now = 1_000;
  });

  it('asks once for all who ask at the same time, and for a while after', async () => {
    const shared = answers();
    const ask = jest.fn(async () => 'answer');

    const got = await Promise.all([
      shared.get('key', 'group', 100, ask),
      shared.get('key', 'group', 100, ask),
    ]);
    now += 99;
    await shared.get('key', 'group', 100, ask);

    expect(got).toEqual(['answer', 'answer']);
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('asks again when the time is over, or something changed', async () => {
    const shared = answers();
    const ask = jest.fn(async () => 'answer');

    await shared.get('key', 'group', 100, ask);
    now += 100;
    await shared.get('key', 'group', 100, ask);
    shared.forget('other');
    await shared.get('key', 'group', 100, ask);
    shared.forget('group');
    await shared.get('key', 'group', 100, ask);

    expect(ask).toHaveBeenCalledTimes(3);
  });

  it('keeps no failure', async () => {
    const shared = answers();
    const ask = jest
      .fn<Promise<string>, []>()
      .mockRejectedValueOnce(new Error('away'))
      .mockResolvedValue('answer');

    await expect(shared.get('key', 'group', 100, ask)).rejects.toThrow('away');

    expect(await shared.get('key', 'group', 100, ask)).toBe('answer');
  });

  it('tells keys apart', async () => {
    const shared = answers();

    await shared.get('one', 'group', 100, async () => '1');

    expect(await shared.get('two', 'group', 100, async () => '2')).toBe('2');
  });
});
