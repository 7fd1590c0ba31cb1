import { JobView } from '../source/JobView';
import { Accounts } from '../report/Accounts';
import { containerApps, ecs, kubernetes, machines } from './deploying';
import { generatedScripts } from './generatedScripts';
import { images } from './images';
import { logins } from './logins';
import { changeDetection, checkouts, terraform } from './repository';
import {
  aroundTests,
  installation,
  languages,
  rustTests,
  tests,
} from './testing';
import { StepRecogniser } from './types';

/** One for each concern; each takes what it understands, and nothing else. */
export const RECOGNISERS: readonly StepRecogniser[] = [
  checkouts,
  changeDetection,
  languages,
  installation,
  tests,
  rustTests,
  aroundTests,
  terraform,
  logins,
  images,
  containerApps,
  ecs,
  kubernetes,
  machines,
  generatedScripts,
];

/** Has all steps of a job looked at. */
export function recognise(job: JobView, accounts: Accounts): void {
  for (const step of job.steps) {
    for (const recogniser of RECOGNISERS) {
      recogniser.recognise(step, { facts: job.facts, accounts });
    }
  }
}
