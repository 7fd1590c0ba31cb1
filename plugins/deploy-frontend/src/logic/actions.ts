import { failureKind, failureMessage, toError } from './failure';
import { reasonAtLeast, waiverPeriods } from './waiver';

/**
 * How long a lock can last.
 *
 * @internal
 */
export const lockPeriods: { value: string; text: string; hours?: number }[] = [
  { value: 'open', text: 'Until it is released' },
  ...waiverPeriods,
];

const hour = 3_600_000;

/**
 * What stands in the form of an action.
 *
 * @internal
 */
export interface ActionForm {
  reason: string;
  /** A value of {@link lockPeriods}. */
  period: string;
  /** As a `datetime-local` field has it, in the user's time zone. */
  until: string;
  /** What was typed to confirm it. */
  confirm: string;
}

/**
 * What an action is asked for with.
 *
 * @internal
 */
export interface ActionRequest {
  reason: string;
  expiresAt?: string;
  confirm?: string;
}

/**
 * What the form asks of the backend, or what is still wrong with it, by field.
 *
 * @internal
 */
export function readAction(
  form: ActionForm,
  asks: { reason?: boolean; expiry?: boolean },
  now: number,
):
  | { ok: true; request: ActionRequest }
  | { ok: false; reason?: string; until?: string } {
  const reason = form.reason.trim();
  const problems: { reason?: string; until?: string } = {};
  if (asks.reason && reason.length < reasonAtLeast) {
    problems.reason = `Say why, in at least ${reasonAtLeast} characters.`;
  }
  const expires = asks.expiry ? expiryOf(form, now) : undefined;
  if (expires !== undefined && Number.isNaN(expires)) {
    problems.until = 'Name a date and a time.';
  } else if (expires !== undefined && expires <= now) {
    problems.until = 'Name a time that is still to come.';
  }
  if (Object.keys(problems).length > 0) {
    return { ok: false, ...problems };
  }
  return {
    ok: true,
    request: {
      reason,
      ...(expires !== undefined && {
        expiresAt: new Date(expires).toISOString(),
      }),
      ...(form.confirm && { confirm: form.confirm }),
    },
  };
}

function expiryOf(form: ActionForm, now: number): number | undefined {
  const period = lockPeriods.find(({ value }) => value === form.period);
  if (period?.value === 'custom') {
    return Date.parse(form.until);
  }
  return period?.hours === undefined ? undefined : now + period.hours * hour;
}

/**
 * Whether an action was refused because a word has to be typed to confirm it.
 *
 * @internal
 */
export function asksToConfirm(error: unknown): boolean {
  return (
    failureKind(error) === 'bad-input' &&
    /confirm/i.test(failureMessage(toError(error)))
  );
}

/**
 * The word that an action asks to be typed; undefined where it asks for none, or does not say which.
 *
 * @internal
 */
export function wordToConfirm(error: unknown): string | undefined {
  return asksToConfirm(error)
    ? /has to be "([^"]+)"/.exec(failureMessage(toError(error)))?.[1]
    : undefined;
}
