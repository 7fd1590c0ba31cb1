import { noWorseThanBaseline } from './baseline';
import { completed } from './completed';
import { passedIn, soak, succeededIn } from './elsewhere';
import { maxAge } from './maxAge';
import { mustExist } from './mustExist';
import { sameCommit } from './sameCommit';
import { lessThan, maximum, minimum, moreThan } from './thresholds';
import { GateOperator } from './types';

export type { GateOperator } from './types';

/**
 * Everything that a rule can ask, in the order in which it is judged.
 *
 * @public
 */
export const gateOperators: readonly GateOperator[] = [
  mustExist,
  sameCommit,
  completed,
  maxAge,
  minimum,
  maximum,
  moreThan,
  lessThan,
  noWorseThanBaseline,
  passedIn,
  succeededIn,
  soak,
];
