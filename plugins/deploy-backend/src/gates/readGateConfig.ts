import { Config } from '@backstage/config';
import {
  GateSettings,
  readGateSettings,
} from '@vvp/backstage-plugin-deploy-common';

/** Which services and environments gates of app-config are for. */
export const matchKeys = [
  'entity',
  'owner',
  'system',
  'repository',
  'environment',
  'tier',
] as const;

/** Globs, in which `*` stands for anything; what is absent is not asked. */
export type GateMatch = Partial<Record<(typeof matchKeys)[number], string>>;

/** Gates of app-config's `deploy.gates`. */
export interface ConfiguredGates {
  match: GateMatch;
  /** Whether a deploy.yaml can replace them. */
  required: boolean;
  gates: GateSettings;
}

const entryKeys = ['match', 'required', 'gates'];

/** Throws an error that names the key, if anything is not well-formed. */
export function readGateConfig(config: Config): ConfiguredGates[] {
  const entries = config.getOptionalConfigArray('deploy.gates') ?? [];
  return entries.map((entry, index) => {
    const at = `deploy.gates[${index}]`;
    refuseOthers(entry.keys(), entryKeys, at);
    const required = entry.getOptionalBoolean('required') ?? false;
    const gates = readGates(entry.getOptional('gates'), `${at}.gates`);
    const off = Object.keys(gates).find(name => gates[name] === false);
    if (required && off !== undefined) {
      throw new Error(
        `${at}.gates.${off}: a required gate cannot be false. Remove it, or remove required.`,
      );
    }
    return {
      match: readMatch(entry, at),
      required,
      gates,
    };
  });
}

/** Reads `match` of an entry, which stands at `at`. */
export function readMatch(entry: Config, at: string): GateMatch {
  const match = entry.getOptionalConfig('match');
  refuseOthers(match?.keys() ?? [], matchKeys, `${at}.match`);
  return Object.fromEntries(
    matchKeys.flatMap(key => {
      const glob = match?.getOptionalString(key);
      return glob === undefined ? [] : [[key, glob.toLowerCase()]];
    }),
  );
}

function readGates(value: unknown, at: string): GateSettings {
  if (value === undefined) {
    throw new Error(`${at}: is missing. Add the gates, or remove the entry.`);
  }
  const result = readGateSettings(value);
  if (!result.ok) {
    const [{ message, remedy, path }] = result.findings;
    throw new Error(`${[at, ...path].join('.')}: ${message}. ${remedy}`);
  }
  return result.gates;
}

/** Throws an error that names the first key that is not known. */
export function refuseOthers(
  keys: readonly string[],
  known: readonly string[],
  at: string,
) {
  const other = keys.find(key => !known.includes(key));
  if (other !== undefined) {
    throw new Error(
      `${at}.${other}: is not known; use ${known.join(', ')} only`,
    );
  }
}
