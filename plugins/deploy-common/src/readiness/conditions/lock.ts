import { deployLockPermission } from '../../permissions';
import { condition, isOver, Judge } from './common';

/** Only if there is one. */
export const judgeLock: Judge = ({ lock, now }) =>
  lock && !isOver(lock.expiresAt, now)
    ? [
        condition({
          kind: 'lock',
          title: 'Lock',
          state: 'unmet',
          reason: `${lock.owner} locked this environment: ${lock.reason}`,
          since: lock.since,
          until: lock.expiresAt,
          clearedBy: {
            how: lock.expiresAt
              ? 'Wait until the lock runs out, or release it.'
              : 'Release the lock, or ask its owner to.',
            permission: deployLockPermission.name,
            people: [lock.owner],
          },
        }),
      ]
    : [];
