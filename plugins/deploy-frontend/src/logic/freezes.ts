import {
  EnvironmentOverview,
  environmentTiers,
  EnvironmentTier,
  FreezeExemption,
  FreezeInForce,
  FreezeScope,
  FreezeWindow,
  NewFreeze,
} from '@vvp/backstage-plugin-deploy-common';
import { DateTime, Duration, IANAZone } from 'luxon';
import { groupText, reasonProblem, serviceName } from './promotions';
import { ruleText } from './recurrence';

const exemptionWords: Record<FreezeExemption, string> = {
  hotfix: 'hotfixes',
  rollback: 'rollbacks',
};

/**
 * What a freeze lets through, a whole sentence.
 *
 * @internal
 */
export function allowsText(allows: readonly FreezeExemption[]): string {
  const words = (Object.keys(exemptionWords) as FreezeExemption[])
    .filter(each => allows.includes(each))
    .map(each => exemptionWords[each])
    .join(' and ');
  return words
    ? `${words[0].toLocaleUpperCase('en')}${words.slice(1)} are let through.`
    : 'Nothing is let through, not even a rollback.';
}

/**
 * When an environment opens, short, with its weekday: "Mon 06:00", further away "Mon, 4 Jan 2027, 07:00".
 *
 * @param zone - IANA name; default: that of the browser
 * @internal
 */
export function openingTime(
  iso: string,
  now: number,
  locale?: string,
  zone?: string,
): string {
  const at = DateTime.fromISO(iso, { zone });
  if (!at.isValid) {
    return iso;
  }
  const near = Math.abs(at.toMillis() - now) < 6 * 86_400_000;
  return at.setLocale(locale ?? 'en').toLocaleString({
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(!near && { day: 'numeric', month: 'short', year: 'numeric' }),
  });
}

/**
 * What a frozen environment says: "production is frozen until Mon 06:00 (Weekend)."
 *
 * @internal
 */
export function frozenText(
  environments: readonly string[],
  freeze: Pick<FreezeInForce, 'nextOpen' | 'title'>,
  now: number,
  locale?: string,
  zone?: string,
): string {
  const names = environments.join(' and ');
  const verb = environments.length === 1 ? 'is' : 'are';
  return `${names} ${verb} frozen until ${openingTime(
    freeze.nextOpen,
    now,
    locale,
    zone,
  )} (${freeze.title}).`;
}

/**
 * The freezes of a service's environments, each with the environments that it stops until the same time.
 *
 * @internal
 */
export function groupFreezes(
  environments: readonly EnvironmentOverview[],
): { freeze: FreezeInForce; environments: string[] }[] {
  const groups = new Map<
    string,
    { freeze: FreezeInForce; environments: string[] }
  >();
  for (const { name, freeze } of environments) {
    if (freeze) {
      const key = `${freeze.id} ${freeze.nextOpen}`;
      const known = groups.get(key);
      if (known) {
        known.environments.push(name);
      } else {
        groups.set(key, { freeze, environments: [name] });
      }
    }
  }
  return [...groups.values()];
}

/**
 * What a freeze is about, in a few words; everything that is given must hold.
 *
 * @internal
 */
export function scopeText(scope: FreezeScope): string {
  const parts = [
    list('tier', scope.tiers),
    list('environment', scope.environments),
    list('system', scope.systems?.map(serviceName)),
    list('service', scope.services?.map(serviceName)),
  ].filter(part => part !== undefined);
  return parts.length === 0
    ? 'every environment of every service'
    : parts.join(', and ');
}

/**
 * How a freeze recurs; nothing for one that is dated.
 *
 * @internal
 */
export function recurrenceText(window: FreezeWindow): string | undefined {
  if (!('rrule' in window)) {
    return undefined;
  }
  const length = Duration.fromISO(window.duration);
  const lasts = length.isValid
    ? length
        .shiftTo('hours', 'minutes')
        .removeZeros()
        .reconfigure({ locale: 'en' })
        .toHuman({ unitDisplay: 'long' })
    : window.duration;
  const rule = ruleText(window.rrule, window.start) ?? window.rrule;
  return `${rule}, for ${lasts}, on the clock of ${window.timeZone}`;
}

/**
 * Who set a freeze.
 *
 * @internal
 */
export function freezeSetter(by: string): string {
  return by === 'configuration' ? 'app-config of the portal' : groupText(by);
}

/**
 * What stands in the form of a freeze. Lists are separated by commas.
 *
 * @internal
 */
export interface FreezeForm {
  title: string;
  reason: string;
  kind: 'dated' | 'recurring';
  /** As a `datetime-local` field has it; of a dated freeze in the user's time zone. */
  from: string;
  to: string;
  rrule: string;
  timeZone: string;
  start: string;
  /** Hours. */
  hours: string;
  tiers: EnvironmentTier[];
  environments: string;
  systems: string;
  services: string;
  allows: FreezeExemption[];
}

/**
 * The form before anything is filled in: production, rollbacks are let through.
 *
 * @internal
 */
export function emptyFreezeForm(timeZone: string): FreezeForm {
  return {
    title: '',
    reason: '',
    kind: 'dated',
    from: '',
    to: '',
    rrule: '',
    timeZone,
    start: '',
    hours: '',
    tiers: ['production'],
    environments: '',
    systems: '',
    services: '',
    allows: ['rollback'],
  };
}

/**
 * What is wrong with a form, by field.
 *
 * @internal
 */
export type FreezeProblems = Partial<Record<keyof FreezeForm, string>>;

/**
 * What the form asks of the backend, or what is still missing. Whether a rule can be read and opens at all,
 * the backend says.
 *
 * @internal
 */
export function readFreeze(
  form: FreezeForm,
  now: number,
): { ok: true; freeze: NewFreeze } | { ok: false; problems: FreezeProblems } {
  const problems: FreezeProblems = {};
  if (form.title.trim() === '') {
    problems.title = 'Give it a name, such as "Weekend".';
  }
  const reason = reasonProblem(form.reason);
  if (reason) {
    problems.reason = reason;
  }
  const window =
    form.kind === 'dated'
      ? readDated(form, now, problems)
      : readRecurring(form, problems);
  return Object.keys(problems).length > 0
    ? { ok: false, problems }
    : {
        ok: true,
        freeze: {
          title: form.title.trim(),
          reason: form.reason.trim(),
          window,
          scope: readScope(form),
          allows: form.allows,
        },
      };
}

/**
 * The window that recurs as the form has it, where there is enough of it to ask what it would open; nothing
 * of a dated one, which says itself when it opens.
 *
 * @internal
 */
export function recurringWindow(form: FreezeForm): FreezeWindow | undefined {
  const problems: FreezeProblems = {};
  const window =
    form.kind === 'recurring' ? readRecurring(form, problems) : undefined;
  return Object.keys(problems).length === 0 ? window : undefined;
}

function readDated(
  form: FreezeForm,
  now: number,
  problems: FreezeProblems,
): FreezeWindow {
  const from = Date.parse(form.from);
  const to = Date.parse(form.to);
  if (Number.isNaN(from)) {
    problems.from = 'Name a date and a time.';
  }
  if (Number.isNaN(to)) {
    problems.to = 'Name a date and a time.';
  } else if (to <= now) {
    problems.to = 'Name a time that is still to come.';
  } else if (to <= from) {
    problems.to = 'It ends before it begins.';
  }
  return problems.from || problems.to
    ? { from: '', to: '' }
    : { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

function readRecurring(
  form: FreezeForm,
  problems: FreezeProblems,
): FreezeWindow {
  const hours = Number(form.hours);
  if (!/^FREQ=/i.test(form.rrule.trim())) {
    problems.rrule =
      'Write a rule of RFC 5545, such as FREQ=WEEKLY;BYDAY=FR;BYHOUR=15;BYMINUTE=0.';
  }
  if (!IANAZone.isValidZone(form.timeZone.trim())) {
    problems.timeZone = 'Name a time zone, such as Europe/Berlin.';
  }
  if (Number.isNaN(Date.parse(form.start))) {
    problems.start = 'Name a date and a time.';
  }
  if (!(hours > 0)) {
    problems.hours = 'Say for how many hours.';
  }
  return {
    rrule: form.rrule.trim(),
    timeZone: form.timeZone.trim(),
    start: form.start,
    duration: `PT${Math.round(hours * 60)}M`,
  };
}

function readScope(form: FreezeForm): FreezeScope {
  const environments = split(form.environments);
  const systems = split(form.systems);
  const services = split(form.services);
  return {
    ...(form.tiers.length > 0 && {
      tiers: environmentTiers.filter(tier => form.tiers.includes(tier)),
    }),
    ...(environments.length > 0 && { environments }),
    ...(systems.length > 0 && { systems }),
    ...(services.length > 0 && { services }),
  };
}

function split(text: string): string[] {
  return text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '');
}

function list(
  noun: string,
  names: readonly string[] | undefined,
): string | undefined {
  if (!names || names.length === 0) {
    return undefined;
  }
  return `${noun}${names.length === 1 ? '' : 's'} ${names.join(', ')}`;
}
