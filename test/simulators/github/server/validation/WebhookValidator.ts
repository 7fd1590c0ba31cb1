import { readFileSync } from 'node:fs';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import type { JsonObject } from '../json';
import { fixturePath } from './fixtures';
import { addGithubFormats, describeErrors } from './formats';
import type { ValidationLedger } from './ValidationLedger';

interface WebhookDescription {
  webhooks: Record<string, { $ref: string }>;
  components: { schemas: Record<string, JsonObject> };
}

/** Validates payloads against the webhook schemas that GitHub publishes. */
export class WebhookValidator {
  readonly #ledger: ValidationLedger;
  readonly #description: WebhookDescription;
  readonly #ajv: Ajv2020;
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(ledger: ValidationLedger) {
    this.#ledger = ledger;
    this.#description = JSON.parse(
      readFileSync(fixturePath('webhooks.json'), 'utf8'),
    );
    this.#ajv = addGithubFormats(
      new Ajv2020({ strict: false, allErrors: true, validateFormats: true }),
    );
    this.#ajv.addSchema({ ...this.#description, $id: 'github-webhooks' });
  }

  /** Records whether the payload is as GitHub describes the event. */
  validate(event: string, action: string | undefined, payload: unknown): void {
    const name = action ? `${event}.${action}` : event;
    const validator = this.#validatorOf(event, action);
    if (!validator) {
      this.#ledger.addUnvalidated(`webhook ${name}`);
      return;
    }
    this.#ledger.countWebhook(name);
    if (validator(payload)) return;
    this.#ledger.addViolation({
      kind: 'webhook',
      where: name,
      errors: describeErrors(validator.errors),
    });
  }

  #validatorOf(
    event: string,
    action: string | undefined,
  ): ValidateFunction | undefined {
    const key = [event, action ?? '']
      .filter(part => part !== '')
      .join('-')
      .replaceAll('_', '-');
    const known = this.#validators.get(key);
    if (known) return known;
    const reference = this.#description.webhooks[key]?.$ref;
    if (!reference) return undefined;
    const validator = this.#ajv.compile({
      $ref: `github-webhooks${reference}`,
    });
    this.#validators.set(key, validator);
    return validator;
  }
}
