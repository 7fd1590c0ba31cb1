import { PlanProblem } from '../planModel';
import { Asked } from '../targets/TargetKind';

/** What lacks for a machine: how releases get there. */
export function virtualMachineProblems({
  spec,
  service,
  target,
}: Asked<'azure-vm'>): PlanProblem[] {
  return target.release && !spec.pipeline?.storage
    ? [
        {
          path: ['spec', 'pipeline'],
          message: `there is no "storage", and ${service.key} goes to a machine`,
          remedy:
            'Name the Azure storage that releases are handed over by, such as storage: {account: {secret: AZURE_STORAGE_ACCOUNT}, container: deployments}.',
        },
      ]
    : [];
}
