import { PromotionOrder } from '@vvp/backstage-plugin-deploy-common';

/**
 * An order that is met only where both are. `previous` and a number of environments ask for different
 * things: of the two together only `all` is sure to ask no less.
 *
 * @param earlier - How many environments come before. A number that is more stays: it cannot be met.
 */
export function stricterOrder(
  one: PromotionOrder,
  other: PromotionOrder,
  earlier: number,
): PromotionOrder {
  const counts = [one, other].map(countOf);
  const most = Math.max(...counts);
  if (most > earlier) {
    return { atLeast: most };
  }
  const words = [one, other].filter(order => typeof order === 'string');
  if (words.includes('all')) {
    return 'all';
  }
  if (words.includes('previous')) {
    return most > 1 ? 'all' : 'previous';
  }
  return most > 0 ? { atLeast: most } : 'none';
}

function countOf(order: PromotionOrder): number {
  return typeof order === 'object' ? order.atLeast : 0;
}
