import { readReportQuery } from './readReportQuery';

const commit = 'A'.repeat(40);

describe('readReportQuery', () => {
  it('reads everything that can be said', () => {
    expect(
      readReportQuery({
        entityRef: 'Component:default/Verifier',
        commit,
        type: 'coverage',
        format: 'lcov',
        environment: 'staging',
        suite: 'unit',
        mode: 'azure',
        root: './services/verifier/',
      }),
    ).toEqual({
      entityRef: 'component:default/verifier',
      commit: 'a'.repeat(40),
      type: 'coverage',
      format: 'lcov',
      environment: 'staging',
      suite: 'unit',
      mode: 'azure',
      root: 'services/verifier',
    });
  });

  it('takes what is empty for not given, and a short entity ref', () => {
    expect(
      readReportQuery({ entityRef: 'verifier', commit, suite: '' }),
    ).toMatchObject({
      entityRef: 'component:default/verifier',
      suite: undefined,
    });
  });

  it.each([
    ['entityRef', { entityRef: undefined }],
    ['entityRef', { entityRef: 'component:' }],
    ['entityRef', { entityRef: 'component:default/a\u0000b' }],
    ['commit', { commit: undefined }],
    ['commit', { commit: 'abc1234' }],
    ['commit', { commit: 'g'.repeat(40) }],
    ['type', { type: 'covfefe' }],
    ['format', { format: 'word' }],
    ['format', { format: 'toString' }],
    ['environment', { environment: ' staging' }],
    ['suite', { suite: 'x'.repeat(101) }],
    ['mode', { mode: 'a\nb' }],
    ['root', { root: '../other' }],
    ['root', { root: '/etc' }],
    ['suite', { suite: ['a', 'b'] }],
    ['enviroment', { enviroment: 'staging' }],
  ])('refuses a bad %s, naming it: %j', (field, wrong) => {
    const query = Object.fromEntries(
      Object.entries({
        entityRef: 'component:default/verifier',
        commit,
        ...wrong,
      }).filter(([, value]) => value !== undefined),
    );

    expect(() => readReportQuery(query)).toThrow(
      expect.objectContaining({
        name: 'InputError',
        message: expect.stringMatching(new RegExp(`^${field}: `)),
      }),
    );
  });
});
