import { TargetSpec } from '@vvp/backstage-plugin-deploy-common';
import { buildsImageApart, isByHand } from '../jobs/conditions';
import {
  composeLogin,
  composeMinutes,
  composePermissions,
  composeSteps,
  isComposed,
} from '../jobs/compose';
import { composeRollbackWorkflows } from '../jobs/composeRollback';
import { containerAppMinutes, containerAppSteps } from '../jobs/containerApp';
import { ecsInputs, ecsLogin, ecsMinutes, ecsSteps } from '../jobs/ecs';
import { ecsManualWorkflows } from '../jobs/ecsManual';
import { ecsRollbackWorkflows } from '../jobs/ecsRollback';
import { targetImageSteps } from '../images/targetImage';
import { AZURE_MINUTES, azureLogin } from '../jobs/steps';
import {
  hasKubeconfig,
  kubernetesLogin,
  kubernetesMinutes,
  kubernetesSteps,
} from '../jobs/kubernetes';
import {
  kubernetesInputs,
  kubernetesJobs,
  ROLLS_BACK,
} from '../jobs/kubernetesRollback';
import { machineMinutes, machineSteps } from '../jobs/virtualMachine';
import { composeProblems } from '../problems/compose';
import { containerAppProblems } from '../problems/containerApp';
import { ecsProblems } from '../problems/ecs';
import { kubernetesProblems } from '../problems/kubernetes';
import { virtualMachineProblems } from '../problems/virtualMachine';
import { TargetKind } from './TargetKind';

export type { Asked, TargetKind } from './TargetKind';

const containerApp: TargetKind<'azure-container-app'> = {
  type: 'azure-container-app',
  problems: containerAppProblems,
  login: () => [azureLogin()],
  steps: (_, group) => [
    ...(buildsImageApart(group) ? [] : targetImageSteps(group)),
    ...containerAppSteps(group),
  ],
  minutes: containerAppMinutes,
  loginMinutes: AZURE_MINUTES,
};

const virtualMachine: TargetKind<'azure-vm'> = {
  type: 'azure-vm',
  problems: virtualMachineProblems,
  login: () => [azureLogin()],
  steps: (plan, group) => machineSteps(plan, group.placements[0]),
  minutes: machineMinutes,
  loginMinutes: AZURE_MINUTES,
  isAlone: true,
};

const ecs: TargetKind<'ecs'> = {
  type: 'ecs',
  problems: ecsProblems,
  login: ecsLogin,
  steps: (_, group) => ecsSteps(group),
  minutes: ecsMinutes,
  isAlone: true,
  inputs: ecsInputs,
  wayBack: ({ spec }) => spec.pipeline?.manual?.workflow ?? 'rollback.yml',
  workflows: (plan, groups) =>
    plan.spec.pipeline?.manual
      ? ecsManualWorkflows(plan, groups, plan.spec.pipeline.manual)
      : ecsRollbackWorkflows(plan, groups),
};

const compose: TargetKind<'github-workflow'> = {
  type: 'github-workflow',
  covers: isComposed,
  problems: composeProblems,
  login: composeLogin,
  steps: composeSteps,
  minutes: composeMinutes,
  isTogether: true,
  isTokenless: true,
  permissions: composePermissions,
  wayBack: (_, { target }) =>
    target.type === 'github-workflow' ? target.workflow : undefined,
  workflows: composeRollbackWorkflows,
};

const kubernetes: TargetKind<'kubernetes'> = {
  type: 'kubernetes',
  problems: kubernetesProblems,
  login: kubernetesLogin,
  steps: kubernetesSteps,
  minutes: kubernetesMinutes,
  isAlone: true,
  isTokenless: hasKubeconfig,
  inputs: kubernetesInputs,
  wayBack: plan =>
    isByHand(plan)
      ? `${plan.stage.workflow} with the word ROLLBACK`
      : `${plan.stage.workflow} with its choice "rollback"`,
  jobs: kubernetesJobs,
  restsIf: plan => (plan.settings.safetyLevel === 4 ? undefined : ROLLS_BACK),
};

/** Kinds of target that a workflow can deploy to by itself, a row each. */
const KINDS = [containerApp, virtualMachine, ecs, compose, kubernetes] as const;

/** Names of those kinds. */
export const GENERATED: readonly string[] = KINDS.map(({ type }) => type);

/** All of them, in the order in which what they add is written. */
export const targetKinds = KINDS as readonly unknown[] as readonly TargetKind[];

/** What is known of a kind of target; undefined for one that no job can be made for. */
export function targetKind(type: TargetSpec['type']): TargetKind | undefined {
  return targetKinds.find(kind => kind.type === type);
}
