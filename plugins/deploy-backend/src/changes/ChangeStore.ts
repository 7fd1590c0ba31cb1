import { decodeLines, encodeLines } from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { ChangeRow, ParentRow } from '../store/rows';
import { CommitChange } from './types';

/** Stands in `changes` for the question after a commit's parent; no commit is called so. */
const PARENT = '^';

/** How long a process may take over a question before another one tries. */
const CLAIM_MS = 120_000;

/** How long a question that failed for good is left alone. */
const REST_MS = 24 * 3_600_000;

/** A question that a process has taken. */
export interface ChangeClaim {
  repository: string;
  head: string;
  /** Undefined: the question is for the first parent of `head`. */
  base?: string;
  /** This time included. */
  attempts: number;
}

type Key = Pick<ChangeRow, 'repository' | 'base' | 'head'>;

/** What is known, and what is to be asked, of the changes between commits. */
export class ChangeStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  async getChange(
    repository: string,
    base: string,
    head: string,
  ): Promise<CommitChange> {
    const row = await this.#rows({ repository, base, head }).first();
    switch (row?.state) {
      case 'known':
        return { state: 'known', files: decodeFiles(row.files) };
      case 'partial':
        return { state: 'partial', files: JSON.parse(row.files ?? '[]') };
      case 'unrelated':
        return { state: 'unrelated', ...JSON.parse(row.files ?? '{}') };
      default:
        return { state: 'unknown' };
    }
  }

  async getParent(
    repository: string,
    commit: string,
  ): Promise<string | undefined | 'unknown'> {
    const row = await this.#knex<ParentRow>('parents')
      .where({ repository, commit_sha: commit })
      .first();
    return row ? row.parent_sha ?? undefined : 'unknown';
  }

  /** Notes a question, unless it is there; one that failed long ago is asked again. */
  async want(
    repository: string,
    base: string | undefined,
    head: string,
    now: Date,
  ): Promise<void> {
    const key = { repository, base: base ?? PARENT, head };
    const wanted = {
      state: 'wanted' as const,
      attempts: 0,
      due_at: now.toISOString(),
    };
    const row = await this.#rows(key).first('state', 'due_at');
    if (!row) {
      await this.#knex<ChangeRow>('changes')
        .insert({ ...key, ...wanted })
        .onConflict(['repository', 'base', 'head'])
        .ignore();
    } else if (row.state === 'failed' && row.due_at <= wanted.due_at) {
      await this.#rows(key).where('state', 'failed').update(wanted);
    }
  }

  /** Takes one question, if it is due and no other process has it. */
  async claim(
    repository: string,
    base: string | undefined,
    head: string,
    now: Date,
  ): Promise<ChangeClaim | undefined> {
    const row = await this.#due(now)
      .where({ repository, base: base ?? PARENT, head })
      .first();
    return row && this.#take(row, now);
  }

  /** Takes the question that has been due for longest. */
  async claimNext(now: Date): Promise<ChangeClaim | undefined> {
    for (;;) {
      const rows = await this.#due(now).orderBy('due_at').limit(10);
      if (rows.length === 0) {
        return undefined;
      }
      for (const row of rows) {
        const claim = await this.#take(row, now);
        if (claim) {
          return claim;
        }
      }
    }
  }

  async saveChange(
    claim: ChangeClaim,
    change: Exclude<CommitChange, { state: 'unknown' }>,
    now: Date,
  ): Promise<void> {
    await this.#settle(claim, change.state, now, encodeChange(change));
  }

  async saveParent(
    claim: ChangeClaim,
    parent: string | undefined,
    now: Date,
  ): Promise<void> {
    await this.#knex<ParentRow>('parents')
      .insert({
        repository: claim.repository,
        commit_sha: claim.head,
        parent_sha: parent ?? null,
      })
      .onConflict(['repository', 'commit_sha'])
      .ignore();
    await this.#settle(claim, 'known', now);
  }

  async postpone(claim: ChangeClaim, dueAt: Date): Promise<void> {
    await this.#rows(keyOf(claim)).update({ due_at: dueAt.toISOString() });
  }

  async giveUp(claim: ChangeClaim, now: Date): Promise<void> {
    const rested = new Date(now.getTime() + REST_MS);
    await this.#settle(claim, 'failed', rested);
  }

  /** Forgets what was settled before a time, a bounded number in each statement. */
  async prune(before: Date, batch = 500): Promise<number> {
    let pruned = 0;
    for (;;) {
      const old = await this.#knex<ChangeRow>('changes')
        .where('due_at', '<', before.toISOString())
        .limit(batch)
        .select('repository', 'base', 'head');
      for (const key of old) {
        pruned += await this.#forget(key);
      }
      if (old.length < batch) {
        return pruned;
      }
    }
  }

  async #forget(key: Key): Promise<number> {
    return this.#knex.transaction<number>(tx => forget(tx, key));
  }

  /** Only if it still is as it was read: of several processes one gets it. */
  async #take(row: ChangeRow, now: Date): Promise<ChangeClaim | undefined> {
    const taken = await this.#rows(row)
      .where({ state: 'wanted', due_at: row.due_at })
      .update({
        due_at: new Date(now.getTime() + CLAIM_MS).toISOString(),
        attempts: row.attempts + 1,
      });
    return taken === 0
      ? undefined
      : {
          repository: row.repository,
          head: row.head,
          ...(row.base !== PARENT && { base: row.base }),
          attempts: row.attempts + 1,
        };
  }

  async #settle(
    claim: ChangeClaim,
    state: ChangeRow['state'],
    at: Date,
    files?: string,
  ): Promise<void> {
    await this.#rows(keyOf(claim)).update({
      state,
      due_at: at.toISOString(),
      ...(files && { files }),
    });
  }

  #due(now: Date) {
    return this.#knex<ChangeRow>('changes')
      .where('state', 'wanted')
      .where('due_at', '<=', now.toISOString());
  }

  #rows({ repository, base, head }: Key) {
    return this.#knex<ChangeRow>('changes').where({ repository, base, head });
  }
}

async function forget(tx: Knex, key: Key): Promise<number> {
  if (key.base === PARENT) {
    await tx<ParentRow>('parents')
      .where({ repository: key.repository, commit_sha: key.head })
      .delete();
  }
  return tx<ChangeRow>('changes').where(key).delete();
}

function keyOf(claim: ChangeClaim): Key {
  const { repository, base = PARENT, head } = claim;
  return { repository, base, head };
}

function encodeChange(
  change: Exclude<CommitChange, { state: 'unknown' }>,
): string {
  switch (change.state) {
    case 'known':
      return JSON.stringify(
        change.files.map(({ addedLines, ...paths }) => ({
          ...paths,
          added: encodeLines(addedLines),
        })),
      );
    case 'partial':
      return JSON.stringify(change.files);
    default:
      return JSON.stringify({ mergeBase: change.mergeBase });
  }
}

function decodeFiles(files: string | null | undefined) {
  const stored: { path: string; previousPath?: string; added: string }[] =
    JSON.parse(files ?? '[]');
  return stored.map(({ added, ...paths }) => ({
    ...paths,
    addedLines: decodeLines(added),
  }));
}
