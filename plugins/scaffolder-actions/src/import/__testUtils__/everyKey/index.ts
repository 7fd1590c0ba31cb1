import { Turn } from '../turnOn';
import { APPS } from './apps';
import { CLUSTER, FILES, MACHINE, MACHINES, TASKS } from './platforms';
import { TESTS } from './tests';

export { BASES } from './bases';

/** What is turned on in each of them: every key, other values, and what is told by the lack of one. */
export const TURNS: Readonly<Record<string, readonly Turn[]>> = {
  APPS,
  TESTS,
  MACHINES,
  TASKS,
  CLUSTER,
  MACHINE,
  FILES,
};
