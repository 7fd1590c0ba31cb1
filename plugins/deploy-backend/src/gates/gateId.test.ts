import { decodeGateId, encodeGateId } from './gateId';

const key = {
  serviceId: '6f0d2a0e-0a53-4bb5-9a8d-0f1d3a6a9a10',
  environment: 'Prod / Süd',
  gate: 'coverage',
  commit: 'a'.repeat(40),
};

describe('the id of a gate', () => {
  it('names service, environment, gate and commit', () => {
    const id = encodeGateId(key);

    expect(id).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(decodeGateId(id)).toEqual(key);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', 'abc'],
    ['another list', Buffer.from('["a"]').toString('base64url')],
    [
      'numbers',
      Buffer.from(JSON.stringify([1, 2, 3, 4])).toString('base64url'),
    ],
    [
      'of no commit',
      Buffer.from(JSON.stringify(['a', 'b', 'c', '../..'])).toString(
        'base64url',
      ),
    ],
    [
      'a NUL',
      Buffer.from(JSON.stringify(['a', 'b', 'c\0', 'd'])).toString('base64url'),
    ],
  ])('is refused if it is %s', (_case, id) => {
    expect(() => decodeGateId(id)).toThrow('id: is not that of a gate');
  });
});
