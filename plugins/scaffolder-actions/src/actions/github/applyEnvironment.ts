import { EnvironmentClient } from './EnvironmentClient';
import {
  planBranches,
  planEnvironment,
  WantedEnvironment,
} from './planEnvironment';

/** What an environment is to be, and how changes are carried out. */
export interface EnvironmentChange {
  client: EnvironmentClient;
  name: string;
  wanted: WantedEnvironment;
  /** Slug of the app whose rule is enabled. */
  protectionRuleApp?: string;
  /** Carries out a change once, or only notes it. */
  change(what: string, carryOut: () => Promise<void>): Promise<void>;
}

/**
 * Makes an environment what it is wanted to be, and nothing twice.
 *
 * @returns in words what was not as it should be
 */
export async function applyEnvironment(
  options: EnvironmentChange,
): Promise<string[]> {
  const { client, name, wanted, protectionRuleApp: app, change } = options;
  const { settings, changes } = planEnvironment(
    await client.find(name),
    wanted,
  );
  if (settings) {
    await change(`settings.${JSON.stringify(settings)}`, () =>
      client.put(name, settings),
    );
  }
  if (wanted.branches && wanted.branches.length > 0) {
    const { add, remove } = planBranches(
      await client.branches(name),
      wanted.branches,
    );
    for (const pattern of add) {
      await change(`branch.${pattern}`, () => client.addBranch(name, pattern));
      changes.push(`takes the branch ${pattern}`);
    }
    for (const one of remove) {
      await change(`no-branch.${one.id}`, () =>
        client.removeBranch(name, one.id),
      );
      changes.push(`no longer takes the branch ${one.name}`);
    }
  }
  if (app !== undefined && !(await client.hasRule(name, app))) {
    await change(`rule.${app}`, () => client.addRule(name, app));
    changes.push(`is held by the app ${app}`);
  }
  return changes;
}
