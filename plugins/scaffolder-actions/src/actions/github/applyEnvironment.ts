import { EnvironmentClient } from './EnvironmentClient';
import {
  planEnvironment,
  planRefs,
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
  // Where whatever there is may deploy, GitHub keeps none.
  if ([...(wanted.branches ?? []), ...(wanted.tags ?? [])].length > 0) {
    const { add, remove } = planRefs(await client.refs(name), wanted);
    for (const ref of add) {
      await change(`${ref.type}.${ref.name}`, () => client.addRef(name, ref));
      changes.push(`takes the ${ref.type} ${ref.name}`);
    }
    for (const ref of remove) {
      await change(`no-${ref.type}.${ref.id}`, () =>
        client.removeRef(name, ref),
      );
      changes.push(`no longer takes the ${ref.type} ${ref.name}`);
    }
  }
  if (app !== undefined && !(await client.hasRule(name, app))) {
    await change(`rule.${app}`, () => client.addRule(name, app));
    changes.push(`is held by the app ${app}`);
  }
  return changes;
}
