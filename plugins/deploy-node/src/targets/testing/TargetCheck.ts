import { Subject } from './Subject';

/** One thing that a target has to do, on a platform of its own. */
export interface TargetCheck {
  title: string;
  /** @param renew - the same on a fresh platform, as often as it is called */
  run(subject: Subject, renew: () => Promise<Subject>): Promise<void>;
}
