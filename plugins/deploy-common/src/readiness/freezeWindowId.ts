import { FreezeInForce } from '../model/freeze';

/**
 * Tells the window of a freeze that is in force from its other windows: an override lets one window pass.
 *
 * @public
 */
export function freezeWindowId({
  id,
  since,
  until,
}: Pick<FreezeInForce, 'id' | 'since' | 'until'>): string {
  return `${id}/${until ?? since}`;
}
