import { subjectOf } from '../../model';
import { deployQuarantinePermission } from '../../permissions';
import { condition, Judge, nameOf } from './common';

/** Only if there is one. */
export const judgeQuarantine: Judge = ({ quarantine, release }) =>
  quarantine
    ? [
        condition({
          kind: 'quarantine',
          title: 'Quarantine',
          state: 'unmet',
          reason: `${subjectOf(quarantine.by)} quarantined ${nameOf(
            release,
          )}: ${quarantine.reason}`,
          since: quarantine.since,
          clearedBy: {
            how: 'Promote another release, or lift the quarantine.',
            permission: deployQuarantinePermission.name,
          },
        }),
      ]
    : [];
