import { operationNouns } from '../../model';
import { deployOperatePermission } from '../../permissions';
import { condition, Judge } from './common';

/** Only if one is under way. */
export const judgeOperation: Judge = ({ running }) =>
  running
    ? [
        condition({
          kind: 'operation',
          title: 'Other operation',
          state: 'pending',
          reason:
            running.kind === 'promotion'
              ? `Another release is on its way here: promotion ${running.id}.`
              : `A ${
                  operationNouns[running.kind]
                } of this service is under way here: operation ${running.id}.`,
          clearedBy: {
            how: 'Wait for its end, or cancel it.',
            permission: deployOperatePermission.name,
          },
        }),
      ]
    : [];
