import { createHash } from 'node:crypto';
import { Config } from '@backstage/config';
import { Freeze } from '@vvp/backstage-plugin-deploy-common';
import { checkFreeze } from './checkFreeze';

const MAX_FREEZES = 50;

/** Who sets the freezes of app-config. */
export const BY_CONFIGURATION = 'configuration';

/**
 * Reads `deploy.freezes` of app-config. Throws an error that names the entry and its member if one is not
 * to be used; one that is over is, since nobody wants a portal that does not start after the year's end.
 */
export function readFreezeConfig(config: Config, now: Date): Freeze[] {
  const entries = config.getOptional('deploy.freezes') ?? [];
  if (!Array.isArray(entries) || entries.length > MAX_FREEZES) {
    throw new Error(
      `deploy.freezes: has to be a list of at most ${MAX_FREEZES} freezes`,
    );
  }
  const freezes = entries.map((entry: unknown, index) => {
    try {
      const scoped = Object.assign({ scope: {} }, entry);
      const { title, reason, scope, window, allows } = checkFreeze(
        scoped,
        dateToCheckAt(scoped, now),
      );
      return {
        id: idOf(title),
        ...{ title, reason, scope, window, allows },
        by: BY_CONFIGURATION,
        createdAt: now.toISOString(),
      };
    } catch (error) {
      throw new Error(
        `deploy.freezes[${index}].${
          error instanceof Error ? error.message : String(error)
        }`,
      );
    }
  });
  const titles = freezes.map(({ title }) => title);
  const twice = titles.find((title, index) => titles.indexOf(title) !== index);
  if (twice !== undefined) {
    throw new Error(
      `deploy.freezes: there are two with the title "${twice}". Give each a title of its own.`,
    );
  }
  return freezes;
}

/** The same on every replica and after every start. */
function idOf(title: string): string {
  const digest = createHash('sha256').update(title).digest('hex');
  return `configuration-${digest.slice(0, 16)}`;
}

/** What is over was right before: it is looked at as it was when it began. */
function dateToCheckAt(entry: unknown, now: Date): Date {
  const { window } = entry as { window?: Record<string, unknown> };
  const start = Date.parse(String(window?.start ?? window?.from ?? ''));
  return start < now.getTime() ? new Date(start) : now;
}
