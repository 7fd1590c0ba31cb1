import { Condition, ConditionKind } from '../../model';
import { ReadinessFacts } from '../types';

/** Judges all conditions of one subject. Nothing: the policy does not ask, or there is nothing to tell. */
export type Judge = (facts: ReadinessFacts) => Condition[];

/** What `deploy.override` lets pass; a judge may say otherwise of one condition. */
const overridableKinds: readonly ConditionKind[] = [
  'order',
  'soak',
  'freeze',
  'hold',
];

/** Builds a condition; what need not be cleared names nobody who could. */
export function condition(
  parts: Omit<Condition, 'id' | 'overridable'> & {
    /** Tells several of a kind apart. */
    name?: string;
    overridable?: boolean;
  },
): Condition {
  const { name, clearedBy, since, until, overridable, ...rest } = parts;
  const open = rest.state === 'unmet' || rest.state === 'pending';
  return {
    ...rest,
    id: name === undefined ? rest.kind : `${rest.kind}:${name}`,
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    ...(open && clearedBy && { clearedBy }),
    overridable: open && (overridable ?? overridableKinds.includes(rest.kind)),
  };
}

/** What a release is called in a sentence. */
export function nameOf({
  version,
  commit,
}: Pick<ReadinessFacts['release'], 'version' | 'commit'>): string {
  return version ?? commit.slice(0, 7);
}

/** An unreadable end never passes. */
export function isOver(end: string | undefined, now: string): boolean {
  return end !== undefined && Date.parse(end) <= Date.parse(now);
}

/** `a`, `a and b`, `a, b and c`. */
export function list(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2
    ? last
    : `${names.slice(0, -1).join(', ')} and ${last}`;
}
