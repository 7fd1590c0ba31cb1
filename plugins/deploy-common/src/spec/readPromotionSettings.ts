import Ajv, { ValidateFunction } from 'ajv';
import { checkPromotionRule } from './checkPromotionRule';
import { normalisePromotion, PromotionDocument } from './normalisePromotion';
import { promotionSchema } from './promotionSchema';
import { PromotionSettings } from './promotionSettings';
import { GateFinding } from './readGateSettings';
import { explainErrors } from './validateShape';

/**
 * Answer of {@link readPromotionSettings}.
 *
 * @public
 */
export type PromotionSettingsResult =
  | { ok: true; settings: PromotionSettings }
  | { ok: false; findings: GateFinding[] };

let compiled: ValidateFunction<PromotionDocument> | undefined;

function validator(): ValidateFunction<PromotionDocument> {
  compiled ??= new Ajv({
    allErrors: true,
    verbose: true,
    allowUnionTypes: true,
    strict: true,
    strictRequired: false,
    strictTypes: false,
  }).compile<PromotionDocument>(promotionSchema);
  return compiled;
}

/**
 * Reads what a `promotion` of a `deploy.yaml` can say, from elsewhere. Never throws.
 *
 * @public
 */
export function readPromotionSettings(value: unknown): PromotionSettingsResult {
  const validate = validator();
  if (!validate(value)) {
    return { ok: false, findings: explainErrors(validate.errors) };
  }
  const findings: GateFinding[] = [];
  checkPromotionRule(value, [], (path, message, remedy) =>
    findings.push({ path, message, remedy }),
  );
  return findings.length > 0
    ? { ok: false, findings }
    : { ok: true, settings: normalisePromotion(value) };
}
