import { ConditionState } from '../../model';
import {
  deployOverridePermission,
  deployRollbackPermission,
} from '../../permissions';
import { ReadinessFacts } from '../types';
import { condition, Judge, nameOf } from './common';

const onlyRollback = {
  how: 'Promote a newer release; an earlier one comes back by a rollback.',
  permission: deployRollbackPermission.name,
};

const sayings: Record<
  ReadinessFacts['relation'],
  {
    state: ConditionState;
    says: string;
    clearedBy?: typeof onlyRollback | { how: string };
  }
> = {
  first: { state: 'met', says: 'would be the first that runs here' },
  newer: { state: 'met', says: 'is newer than what runs here' },
  same: {
    state: 'unmet',
    says: 'runs here already',
    clearedBy: { how: 'Promote another release, or redeploy this one.' },
  },
  older: {
    state: 'unmet',
    says: 'is older than what runs here; only a rollback may put it in',
    clearedBy: onlyRollback,
  },
  unrelated: {
    state: 'unmet',
    says: 'does not hold what runs here; only a rollback may put it in',
    clearedBy: onlyRollback,
  },
  unknown: {
    state: 'pending',
    says: 'could not be compared with what runs here: GitHub did not answer',
    clearedBy: {
      how: 'It is tried again by itself; or override this with a reason.',
      permission: deployOverridePermission.name,
    },
  },
  recorded: {
    state: 'unmet',
    says: 'could not be compared with what runs here: that is known only from deployments recorded at GitHub, which anybody who may write to the repository can do, and not from a job of a run or an operation of the portal',
    clearedBy: {
      how: 'Map the job that deploys in deploy.yaml, or override this with a reason.',
      permission: deployOverridePermission.name,
    },
  },
};

/** Whether it would take anything back. */
export const judgeOutdated: Judge = ({ relation, release }) => {
  const { state, says, clearedBy } = sayings[relation];
  return [
    condition({
      kind: 'outdated',
      title: 'Newer than what runs here',
      state,
      reason: `${nameOf(release)} ${says}.`,
      clearedBy,
      overridable: relation === 'unknown' || relation === 'recorded',
    }),
  ];
};
