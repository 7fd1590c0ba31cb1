import { TestDatabases } from '@backstage/backend-test-utils';
import { migratedDatabase } from '../__testUtils__/migratedDatabase';
import { FeedbackClaim, FeedbackStore } from './FeedbackStore';
import {
  decodeWritten,
  digestOf,
  encodeWritten,
  noteHead,
} from './writtenComment';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const repository = 'example-org/vvp';
const head = 'a'.repeat(40);
const other = 'b'.repeat(40);
const digest = digestOf('a comment');

describe('encodeWritten', () => {
  it.each([
    ['a head', { digest, head }],
    ['an uncertain head', { digest }],
  ])('keeps a digest and %s in 64 characters', (_name, written) => {
    const text = encodeWritten(written);

    expect(text.length).toBeLessThanOrEqual(64);
    expect(decodeWritten(text)).toEqual(written);
  });

  it('keeps no head that is longer', () => {
    const text = encodeWritten({ digest, head: 'a'.repeat(64) });

    expect(decodeWritten(text)).toEqual({ digest });
  });

  it('is nothing before anything was written', () => {
    expect(decodeWritten(undefined)).toBeUndefined();
  });
});

describe.each(databases.eachSupportedId())('noteHead on %s', databaseId => {
  it.each([
    ['the same head', head, { digest, head }],
    ['another head', other, { digest }],
  ])('of %s', async (_name, commit, expected) => {
    const knex = await migratedDatabase(databases, databaseId);
    const store = new FeedbackStore(knex);
    const now = new Date();
    await store.want(repository, { pullRequest: 7 }, now);
    const claim = (await store.claimNext(now)) as FeedbackClaim;
    await store.note(claim, {
      githubId: '12',
      digest: encodeWritten({ digest, head }),
    });

    await noteHead(store, repository, 7, commit);
    await noteHead(store, repository, 8, commit);

    expect(decodeWritten(await store.writtenComment(repository, 7))).toEqual(
      expected,
    );
    expect(await store.writtenComment(repository, 8)).toBeUndefined();
  });
});
