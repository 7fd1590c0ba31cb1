import { Facts } from '../source/facts';
import { StepView } from '../source/StepView';
import { Accounts } from '../report/Accounts';

/** Understands one concern of a step, by what the step does and not by what it is called. */
export interface StepRecogniser {
  concern: string;
  recognise(step: StepView, book: Book): void;
}

/** Where recognisers write down what they found. */
export interface Book {
  facts: Facts;
  accounts: Accounts;
}
