import { formatTime } from '../../gates/duration';
import { FreezeInForce } from '../../model';
import { freezeWindowId } from '../freezeWindowId';
import { deployOverridePermission } from '../../permissions';
import { condition, isOver, Judge } from './common';

const byTime = (a: FreezeInForce, b: FreezeInForce) =>
  Date.parse(a.nextOpen) - Date.parse(b.nextOpen);

/** One for each window in force: whoever lets one pass has not let pass the others, nor the next one. */
export const judgeFreeze: Judge = ({ freezes, now, policy }) => {
  const inForce = freezes.filter(({ nextOpen }) => !isOver(nextOpen, now));
  const isExempt = ({ allows }: FreezeInForce) =>
    policy.class === 'hotfix' && allows.includes('hotfix');
  // The environment opens for this promotion when the last of them ends.
  const opens = inForce
    .filter(freeze => !isExempt(freeze))
    .sort(byTime)
    .at(-1)?.nextOpen;

  return inForce.map(freeze => {
    const what = `${freeze.title}: ${freeze.reason}`;
    const end = formatTime(Date.parse(freeze.nextOpen));
    return isExempt(freeze)
      ? condition({
          kind: 'freeze',
          name: freezeWindowId(freeze),
          title: `Freeze ${freeze.title}`,
          state: 'met',
          reason: `The freeze lets hotfixes through. ${what}`,
          since: freeze.since,
        })
      : condition({
          kind: 'freeze',
          name: freezeWindowId(freeze),
          title: `Freeze ${freeze.title}`,
          state: 'unmet',
          reason: `This environment is frozen until ${end}. ${what}`,
          since: freeze.since,
          until: opens,
          clearedBy: {
            how: 'Wait until it opens, or override this with a reason.',
            permission: deployOverridePermission.name,
          },
        });
  });
};
