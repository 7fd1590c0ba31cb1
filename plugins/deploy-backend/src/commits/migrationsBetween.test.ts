import { CommitChange } from '../changes/types';
import { migrationsBetween, selectMigrations } from './migrationsBetween';

const migrations = {
  paths: ['services/*/alembic/versions/*.py'],
  irreversible: ['services/issuer/alembic/versions/*_drop_*.py'],
};

function known(...paths: string[]): CommitChange {
  return {
    state: 'known',
    files: paths.map(path => ({ path, addedLines: [] })),
  };
}

const query = {
  repository: 'example-org/vvp',
  migrations,
  from: 'from',
  to: 'to',
};

describe('selectMigrations', () => {
  it('names migrations, and those that cannot be undone', () => {
    const change = known(
      'README.md',
      'services/issuer/alembic/versions/0008_drop_table.py',
      'services/issuer/alembic/versions/0007_add_column.py',
      'services/issuer/alembic/env.py',
    );

    expect(selectMigrations([change], migrations)).toEqual({
      state: 'known',
      files: [
        'services/issuer/alembic/versions/0007_add_column.py',
        'services/issuer/alembic/versions/0008_drop_table.py',
      ],
      irreversible: ['services/issuer/alembic/versions/0008_drop_table.py'],
    });
  });

  it('finds nothing where the spec names no paths', () => {
    expect(selectMigrations([known('a.sql')], {})).toEqual({
      state: 'known',
      files: [],
      irreversible: [],
    });
  });

  it.each([
    ['partial', [{ state: 'partial', files: [] }]],
    ['unknown', [{ state: 'unknown' }]],
    ['unknown', [known('a'), { state: 'unrelated' }]],
    [
      'partial',
      [
        known(
          ...Array.from(
            { length: 201 },
            (_, index) => `services/a/alembic/versions/${index}.py`,
          ),
        ),
      ],
    ],
  ] as [string, CommitChange[]][])('says %s (%#)', (state, changes) => {
    const result = selectMigrations(changes, migrations);

    expect(result.state).toBe(state);
    expect(result.files.length).toBeLessThanOrEqual(200);
  });
});

describe('migrationsBetween', () => {
  const file = (name: string) => `services/issuer/alembic/versions/${name}.py`;

  function changes(answers: Record<string, CommitChange>) {
    return {
      fetchNow: jest.fn(
        async (_repository: string, base: string, head: string) =>
          answers[`${base}..${head}`] ?? { state: 'unknown' as const },
      ),
    };
  }

  it.each([
    ['to an ancestor', { 'to..from': known(file('0002')) }, 'to', ['0002']],
    [
      'between two that parted',
      { 'fork..from': known(file('0002')), 'fork..to': known(file('0003')) },
      'fork',
      ['0002', '0003'],
    ],
  ])('finds them on the way %s', async (_name, answers, mergeBase, names) => {
    const source = changes({
      'from..to': { state: 'unrelated', mergeBase },
      ...answers,
    });

    expect(await migrationsBetween(source, query)).toMatchObject({
      state: 'known',
      files: names.map(file),
    });
  });

  it('finds them on the way to a newer one with one question', async () => {
    const source = changes({ 'from..to': known(file('0002')) });

    const result = await migrationsBetween(source, query);

    expect(result.files).toEqual([file('0002')]);
    expect(source.fetchNow).toHaveBeenCalledTimes(1);
  });

  it('knows nothing where there is nothing in common', async () => {
    const source = changes({ 'from..to': { state: 'unrelated' } });

    expect(await migrationsBetween(source, query)).toMatchObject({
      state: 'unknown',
    });
  });

  it('does not wait for ever', async () => {
    const source = { fetchNow: () => new Promise<never>(() => {}) };

    expect(await migrationsBetween(source, query, 1)).toMatchObject({
      state: 'unknown',
    });
  });

  it('hides no failure of our own', async () => {
    const source = {
      fetchNow: async () => Promise.reject(new Error('the database is gone')),
    };

    await expect(migrationsBetween(source, query)).rejects.toThrow(
      'the database is gone',
    );
  });
});
