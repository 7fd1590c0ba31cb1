import {
  MigrationsBetween,
  MigrationsSpec,
} from '@vvp/backstage-plugin-deploy-common';
import { touchesService } from '../changes/touchesService';
import { changesBetween } from '../changes/changesBetween';
import { CommitChanges } from '../changes/CommitChanges';
import { CommitChange } from '../changes/types';
import { until } from './until';

const LIMIT_MS = 10_000;

/** More are not named. */
const MAX_FILES = 200;

/** Which migrations are asked for. */
export interface MigrationsQuery {
  /** `owner/name`, lower case. */
  repository: string;
  migrations: MigrationsSpec;
  /** Full SHA. */
  from: string;
  /** Full SHA. */
  to: string;
}

/**
 * Files of database migrations that one of two releases has and the other has not, whichever is older.
 * `unknown` if GitHub does not tell it in time.
 */
export async function migrationsBetween(
  changes: Pick<CommitChanges, 'fetchNow'>,
  query: MigrationsQuery,
  limitMs = LIMIT_MS,
): Promise<MigrationsBetween> {
  const signal = AbortSignal.timeout(limitMs);
  try {
    const found = await until(signal, changesBetween(changes, query));
    return selectMigrations(found, query.migrations);
  } catch (error) {
    if (signal.aborted) {
      return { state: 'unknown', files: [], irreversible: [] };
    }
    throw error;
  }
}

/** The files of changes that are migrations. */
export function selectMigrations(
  changes: readonly CommitChange[],
  { paths = [], irreversible = [] }: MigrationsSpec,
): MigrationsBetween {
  const known = changes.flatMap(change =>
    'files' in change ? change.files : [],
  );
  const filesIn = (globs: readonly string[]) =>
    globs.length === 0
      ? []
      : known.filter(file =>
          touchesService([file], { paths: globs, sharedPaths: [] }),
        );
  const oneWay = namesOf(filesIn(irreversible));
  const all = namesOf(filesIn([...paths, ...irreversible]));
  const isCut = all.length > MAX_FILES || oneWay.length > MAX_FILES;
  return {
    state: stateOf(changes, isCut),
    files: all.slice(0, MAX_FILES),
    irreversible: oneWay.slice(0, MAX_FILES),
  };
}

function namesOf(files: readonly { path: string }[]): string[] {
  return [...new Set(files.map(file => file.path))].sort();
}

function stateOf(
  changes: readonly CommitChange[],
  isCut: boolean,
): MigrationsBetween['state'] {
  const states = changes.map(change => change.state);
  if (states.some(state => state === 'unknown' || state === 'unrelated')) {
    return 'unknown';
  }
  return isCut || states.includes('partial') ? 'partial' : 'known';
}
