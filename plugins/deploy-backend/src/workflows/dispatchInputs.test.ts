import { checkInputs, readDispatchTrigger } from './dispatchInputs';

describe('readDispatchTrigger', () => {
  it.each([
    ['on: workflow_dispatch'],
    ['on: [push, workflow_dispatch]'],
    ['on:\n  push:\n  workflow_dispatch:'],
    ['on:\n  workflow_dispatch:\n    inputs:'],
  ])('finds the trigger of %j, without inputs', file => {
    expect(readDispatchTrigger(file)).toEqual({
      inputs: {},
      tellsCorrelation: false,
    });
  });

  it.each([['on: push'], ['on: [push]'], ['on: { push: {} }'], ['42'], ['']])(
    'finds none in %j',
    file => {
      expect(readDispatchTrigger(file)).toBeUndefined();
    },
  );

  it('reads the inputs', () => {
    const file = `
run-name: Deploy \${{ inputs.release }} \${{ inputs.correlation }}
on:
  workflow_dispatch:
    inputs:
      size: { type: choice, required: true, options: [1, small] }
      dry-run: { type: boolean, default: false }
      release:
`;

    expect(readDispatchTrigger(file)).toEqual({
      inputs: {
        size: {
          type: 'choice',
          required: true,
          hasDefault: false,
          options: ['1', 'small'],
        },
        'dry-run': { type: 'boolean', required: false, hasDefault: true },
        release: { type: 'string', required: false, hasDefault: false },
      },
      tellsCorrelation: true,
    });
  });

  it('throws for what is no YAML', () => {
    expect(() => readDispatchTrigger('on: [push')).toThrow();
  });
});

describe('checkInputs', () => {
  const input = (type: 'string' | 'boolean' | 'number' | 'environment') => ({
    type,
    required: false,
    hasDefault: false,
  });
  const declared = {
    needed: { ...input('string'), required: true },
    usual: { ...input('string'), required: true, hasDefault: true },
    flag: input('boolean'),
    count: input('number'),
    where: input('environment'),
    size: { ...input('string'), type: 'choice' as const, options: ['s', 'l'] },
  };

  it('takes what fits', () => {
    const given = {
      needed: 'x',
      flag: 'true',
      count: '-1.5',
      where: 'production',
      size: 'l',
    };

    expect(checkInputs(declared, given)).toEqual([]);
  });

  it.each([
    [{}, 'inputs.needed'],
    [{ needed: '' }, 'inputs.needed'],
    [{ needed: 'x', other: 'y' }, 'inputs.other'],
    [{ needed: 'x', toString: 'y' }, 'inputs.toString'],
    [{ needed: 'x', flag: 'TRUE' }, 'inputs.flag'],
    [{ needed: 'x', count: '' }, 'inputs.count'],
    [{ needed: 'x', count: '1e999' }, 'inputs.count'],
    [{ needed: 'x', where: '' }, 'inputs.where'],
    [{ needed: 'x', size: 'm' }, 'inputs.size'],
  ])('names what is wrong with %j: %s', (given, name) => {
    expect(checkInputs(declared, given)).toEqual([
      expect.stringMatching(`^${name}: `),
    ]);
  });

  it('refuses more inputs than GitHub takes', () => {
    const names = Array.from({ length: 26 }, (_, index) => `i${index}`);
    const many = Object.fromEntries(names.map(name => [name, input('string')]));
    const given = Object.fromEntries(names.map(name => [name, 'x']));

    expect(checkInputs(many, given)).toEqual([
      'inputs: GitHub takes 25 at most.',
    ]);
  });
});
