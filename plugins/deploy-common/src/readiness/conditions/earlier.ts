import { ConditionState } from '../../model';
import { EarlierEnvironment, ReadinessFacts } from '../types';

/** The environments before that count, and in how many of them something must hold. */
export interface Asked {
  environments: EarlierEnvironment[];
  /** May be more than there are, or no number: then it never holds. */
  count: number;
}

/** @returns Nothing if the order does not matter. */
export function askedOf({
  policy,
  earlier,
}: ReadinessFacts): Asked | undefined {
  const { order } = policy;
  if (order === 'none') {
    return undefined;
  }
  if (typeof order === 'object') {
    return { environments: earlier, count: order.atLeast };
  }
  const environments = order === 'previous' ? earlier.slice(-1) : earlier;
  return { environments, count: environments.length };
}

/** What was taken out again does not count as having worked. */
export const hasWorked = (environment: EarlierEnvironment) =>
  environment.succeededAt !== undefined &&
  environment.rolledBackAt === undefined;

/** Whether it worked in as many as are asked for; `pending` if it is on its way into enough of them. */
export function stateOf({ environments, count }: Asked): ConditionState {
  const worked = environments.filter(hasWorked).length;
  if (worked >= count) {
    return 'met';
  }
  const coming = environments.filter(
    each => !hasWorked(each) && each.underWay,
  ).length;
  return worked + coming >= count ? 'pending' : 'unmet';
}
