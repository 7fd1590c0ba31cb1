import { activateRevision } from './activateRevision';
import { deactivateOthers } from './deactivateOthers';
import { restartRevision } from './restartRevision';
import { shiftTraffic } from './shiftTraffic';
import { splitTraffic } from './splitTraffic';
import { StepKind } from './types';
import { updateApp } from './updateApp';

/** Kinds of steps by the name that plans give them. */
export const stepKinds: Readonly<Record<string, StepKind>> = {
  'activate-revision': activateRevision,
  'shift-traffic': shiftTraffic,
  'pin-traffic': shiftTraffic,
  'split-traffic': splitTraffic,
  'deactivate-others': deactivateOthers,
  'update-app': updateApp,
  'restart-revision': restartRevision,
};

export { StepMemory } from './types';
