import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import { Waiver } from '@vvp/backstage-plugin-deploy-common';
import { GateKey } from './gateId';
import { Gates } from './Gates';
import { WaiverStore } from './WaiverStore';

const MIN_REASON = 10;
const MAX_REASON = 2_000;
const MAX_DAYS = 90;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Lets releases pass gates that they do not meet. */
export class GateWaivers {
  readonly #gates: Pick<Gates, 'of'>;
  readonly #waivers: WaiverStore;
  readonly #now: () => Date;

  constructor(options: {
    gates: Pick<Gates, 'of'>;
    waivers: WaiverStore;
    now?: () => Date;
  }) {
    this.#gates = options.gates;
    this.#waivers = options.waivers;
    this.#now = options.now ?? (() => new Date());
  }

  /**
   * Grants a waiver.
   *
   * @param grantedBy - entity ref of the person, who was asked for the permission before
   */
  async grant(
    key: GateKey,
    request: { reason: string; expiresAt: string },
    grantedBy: string,
  ): Promise<Waiver> {
    const now = this.#now();
    const reason = checkReason(request.reason);
    const expiresAt = checkExpiry(request.expiresAt, now);
    const summary = (await this.#gates.of(key.serviceId, [key])).get(
      key.environment,
    );
    const gate = summary?.results.find(({ name }) => name === key.gate);
    if (!gate) {
      throw new NotFoundError(
        `There is no gate ${key.gate} for ${key.environment} any more; read the gates of the environment again.`,
      );
    }
    if (gate.state === 'pass') {
      throw new ConflictError(
        `The gate ${key.gate} passes; there is nothing to waive.`,
      );
    }
    // A gate that is waived already still says by its checks how it stands.
    const state = gate.checks.some(check => check.state === 'fail')
      ? 'fail'
      : 'pending';
    const granted = await this.#waivers.grant(key, state, {
      grantedBy,
      reason,
      grantedAt: now.toISOString(),
      expiresAt,
    });
    return granted.waiver;
  }
}

function checkReason(value: string): string {
  const reason = value.trim();
  if (reason.length < MIN_REASON || reason.length > MAX_REASON) {
    throw new InputError(
      `reason: say in ${MIN_REASON} to ${MAX_REASON} characters why this release may pass`,
    );
  }
  return reason.replaceAll('\0', '');
}

function checkExpiry(value: string, now: Date): string {
  const time = Date.parse(value);
  const ahead = time - now.getTime();
  if (!Number.isFinite(time) || ahead <= 0 || ahead > MAX_DAYS * DAY_MS) {
    throw new InputError(
      `expiresAt: has to be a time within the next ${MAX_DAYS} days, such as ${new Date(
        now.getTime() + DAY_MS,
      ).toISOString()}`,
    );
  }
  return new Date(time).toISOString();
}
