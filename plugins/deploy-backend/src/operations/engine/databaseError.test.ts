import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { toAttemptFailure } from './attemptFailure';
import { findDatabaseError, isOfConnection } from './databaseError';

const withMembers = (message: string, members: object) =>
  Object.assign(new Error(message), members);

const refused = withMembers('connect ECONNREFUSED 127.0.0.1:5432', {
  code: 'ECONNREFUSED',
});

describe('findDatabaseError', () => {
  it.each([
    [
      'PostgreSQL',
      withMembers('select 1 - no', { code: '57P01', severity: 'FATAL' }),
    ],
    ['SQLite', withMembers('select 1 - no', { code: 'SQLITE_BUSY' })],
    ['better-sqlite3', withMembers('no', { name: 'SqliteError' })],
    ['the pool', withMembers('Knex: Timeout', { name: 'KnexTimeoutError' })],
    ['a pool that is closed', new Error('Unable to acquire a connection')],
    ['a connection that ends', new Error('Connection terminated unexpectedly')],
    [
      'a connection that ends in a statement',
      new Error(
        'update "a" set "b" = \'c - d\' - Connection terminated unexpectedly',
      ),
    ],
    ['a database that is down', refused],
    [
      'several addresses that are down',
      Object.assign(new AggregateError([refused]), { code: 'ECONNREFUSED' }),
    ],
  ])('knows %s', (_case, error) => {
    const wrapped = new Error('wrapped', { cause: error });

    expect(findDatabaseError(error)).toBe(error);
    expect(findDatabaseError(wrapped)).toBe(error);
  });

  it.each([
    ['an error', new Error('boom')],
    [
      'an error of a vendor with a code of five letters',
      withMembers('no', { code: 'ABCDE' }),
    ],
    ['an error with another code', withMembers('no', { code: 404 })],
    ['a text', 'Connection terminated'],
    ['nothing', undefined],
  ])('does not take %s for one', (_case, error) => {
    expect(findDatabaseError(error)).toBeUndefined();
  });

  it('comes to an end with causes in a circle', () => {
    const error: Error = new Error('boom');
    error.cause = error;

    expect(findDatabaseError(error)).toBeUndefined();
  });

  it('tells connections from databases', () => {
    expect(isOfConnection(refused)).toBe(true);
    expect(isOfConnection(withMembers('no', { code: '40001' }))).toBe(false);
  });
});

describe('toAttemptFailure', () => {
  it('tells nothing of a connection but that it broke', () => {
    expect(toAttemptFailure(refused)).toEqual({
      kind: 'transient',
      failure: {
        message: 'A connection broke, or could not be made.',
        remedy: expect.stringContaining('log of the portal'),
      },
      hidden: refused,
    });
  });

  it('leaves to a target what it says of its own connections', () => {
    const error = new TargetError('transient', 'Azure does not answer.', {
      cause: refused,
    });

    expect(toAttemptFailure(error)).toEqual({
      kind: 'transient',
      failure: { message: 'Azure does not answer.' },
    });
  });
});
