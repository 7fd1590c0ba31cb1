import { rollbackConfirmation } from './rollbackConfirmation';

describe('rollbackConfirmation', () => {
  it.each([
    ['production', 'verifier'],
    ['staging', undefined],
    ['development', undefined],
    ['preview', undefined],
  ] as const)('asks in %s for %s', (tier, word) => {
    expect(rollbackConfirmation(tier, 'verifier')).toBe(word);
  });
});
