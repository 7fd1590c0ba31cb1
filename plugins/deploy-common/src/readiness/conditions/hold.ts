import { subjectOf } from '../../model';
import { deployOperatePermission } from '../../permissions';
import { condition, Judge } from './common';

/** Only if there is one. It stops what nobody asked for; a person may decide. */
export const judgeHold: Judge = ({ hold, automatic }) => {
  if (!hold) {
    return [];
  }
  const what = `${subjectOf(hold.by)} set a hold on this environment: ${
    hold.reason
  }`;
  return [
    condition({
      kind: 'hold',
      title: 'Hold',
      state: automatic ? 'unmet' : 'met',
      reason: automatic
        ? what
        : `This promotion is not automatic; a hold stops only automatic ones. ${what}`,
      since: hold.since,
      clearedBy: {
        how: 'A person has to ask for a promotion, or lift the hold.',
        permission: deployOperatePermission.name,
      },
    }),
  ];
};
