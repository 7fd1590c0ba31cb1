import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** A service of a project, as far as the stand-in looks. */
export interface ComposeService {
  image: string;
  /** Whether one of its profiles is wanted, if it has any. */
  isEnabled: boolean;
}

/** What Docker Compose says of a project that it cannot read. */
export class ComposeError extends Error {}

/**
 * The services of a project: files merged in their order, with the values of `.env` put in.
 *
 * @param folder - directory of the project
 */
export function readProject(
  folder: string,
  files: readonly string[],
): Map<string, ComposeService> {
  const values = readDotenv(join(folder, '.env'));
  const services = new Map<string, Record<string, unknown>>();
  for (const file of files) {
    const path = join(folder, file);
    if (!existsSync(path)) {
      throw new ComposeError(`open ${path}: no such file or directory`);
    }
    const document = parse(interpolate(readFileSync(path, 'utf8'), values));
    for (const [name, service] of Object.entries(document?.services ?? {})) {
      services.set(name, { ...services.get(name), ...(service as object) });
    }
  }
  if (services.size === 0) {
    throw new ComposeError('no service selected');
  }
  return new Map(
    [...services].map(([name, { image, profiles, ...service }]) => {
      for (const file of [service.env_file ?? []].flat() as string[]) {
        if (!existsSync(join(folder, file))) {
          throw new ComposeError(`env file ${join(folder, file)} not found`);
        }
        readDotenv(join(folder, file));
      }
      if (typeof image !== 'string' || image === '') {
        throw new ComposeError(
          `service "${name}" has neither an image nor a build context specified`,
        );
      }
      const wanted = (values.get('COMPOSE_PROFILES') ?? '').split(',');
      const own = [profiles ?? []].flat() as string[];
      const isEnabled =
        own.length === 0 || own.some(one => wanted.includes(one));
      return [name, { image, isEnabled }];
    }),
  );
}

/**
 * The values of an environment file. Of the forms that Docker Compose reads: words, and texts in single quotes, in which
 * nothing is put in and a line may end.
 */
export function readDotenv(path: string): Map<string, string> {
  const values = new Map<string, string>();
  if (!existsSync(path)) {
    return values;
  }
  const text = readFileSync(path, 'utf8');
  const statement =
    /\s*(?:#.*|([A-Za-z_][A-Za-z0-9_.]*)=(?:'([^']*[^'\\]|)'|([^\s'"#$\\]*))[ \t]*)(?:\n|$)/y;
  while (text.slice(statement.lastIndex).trim() !== '') {
    const at = statement.lastIndex;
    const match = statement.exec(text);
    if (!match) {
      throw new ComposeError(`failed to read ${path}: offset ${at}`);
    }
    if (match[1]) {
      values.set(match[1], match[2] ?? match[3]);
    }
  }
  return values;
}

function interpolate(text: string, values: Map<string, string>): string {
  return text.replace(
    /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::([-?])([^}]*))?\}/g,
    (_, name, operator, word) => {
      const value = values.get(name) ?? '';
      if (value === '' && operator === '?') {
        throw new ComposeError(`required variable ${name} is missing: ${word}`);
      }
      return value === '' && operator === '-' ? word : value;
    },
  );
}
