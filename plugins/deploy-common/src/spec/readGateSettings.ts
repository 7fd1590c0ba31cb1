import Ajv, { ValidateFunction } from 'ajv';
import { checkGateRule } from './checkGateRule';
import { RESERVED_PREFIX } from './checkGates';
import { gatesSchema } from './gateSchema';
import { GatesDocument, normaliseGates } from './normaliseGates';
import { quote } from './suggest';
import { GateSettings } from './types';
import { explainErrors } from './validateShape';

/**
 * Something wrong with gates that do not stand in a `deploy.yaml`.
 *
 * @public
 */
export interface GateFinding {
  /** What is wrong, without a full stop. */
  message: string;
  /** What to do about it, whole sentences. */
  remedy: string;
  /** Keys that lead to the place. */
  path: readonly string[];
}

/**
 * Answer of {@link readGateSettings}.
 *
 * @public
 */
export type GateSettingsResult =
  | { ok: true; gates: GateSettings }
  | { ok: false; findings: GateFinding[] };

let compiled: ValidateFunction<GatesDocument> | undefined;

function validator(): ValidateFunction<GatesDocument> {
  compiled ??= new Ajv({
    allErrors: true,
    verbose: true,
    allowUnionTypes: true,
    strict: true,
    strictTypes: false,
  }).compile<GatesDocument>(gatesSchema);
  return compiled;
}

/**
 * Reads gates as they stand in a `deploy.yaml`, from elsewhere. Names of environments are taken as they
 * are. Never throws.
 *
 * @public
 */
export function readGateSettings(value: unknown): GateSettingsResult {
  const validate = validator();
  if (!validate(value)) {
    return { ok: false, findings: explainErrors(validate.errors) };
  }
  const findings: GateFinding[] = [];
  const report = (path: readonly string[], message: string, remedy: string) =>
    findings.push({ path, message, remedy });
  for (const [name, gate] of Object.entries(value)) {
    checkGateRule(gate, [name], report);
    if (name.startsWith(RESERVED_PREFIX)) {
      report(
        [name],
        `names that begin with ${quote(
          RESERVED_PREFIX,
        )} are given by the portal`,
        'Leave the beginning out.',
      );
    }
  }
  return findings.length > 0
    ? { ok: false, findings }
    : { ok: true, gates: normaliseGates(value).gates ?? {} };
}
