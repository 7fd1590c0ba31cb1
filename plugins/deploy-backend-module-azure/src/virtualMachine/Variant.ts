import { JsonObject } from '@backstage/types';
import { Revision } from '@vvp/backstage-plugin-deploy-common';
import {
  PlannedStep,
  StepControl,
  StepResult,
  TargetPlan,
  TargetVerification,
} from '@vvp/backstage-plugin-deploy-node';
import { ReadyLimits } from './awaitReady';
import { ScriptName, ScriptValues } from './machine/scripts';

/** Runs a script with the settings of the service and these values besides. */
export type RunScript = (
  script: ScriptName,
  values: ScriptValues,
) => Promise<JsonObject>;

/** What is done to the machine by a step. */
export interface VariantStep {
  step: PlannedStep;
  control: StepControl;
  run: RunScript;
  limits: ReadyLimits;
}

/** What lies on the machine, and how it is put back. */
export interface Variant {
  /** For people, such as `/opt/vvp/sip-redirect`. */
  readonly place: string;
  readonly canRestart: boolean;
  revisions(look: RunScript): Promise<Revision[]>;
  current(look: RunScript): Promise<Revision | undefined>;
  planRollback(look: RunScript, revision: string): Promise<TargetPlan>;
  planRestart?(look: RunScript): Promise<TargetPlan>;
  execute(work: VariantStep): Promise<StepResult>;
  compensate(work: VariantStep): Promise<void>;
  verify(look: RunScript, revision: string): Promise<TargetVerification>;
}
