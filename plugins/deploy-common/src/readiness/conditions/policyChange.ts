import { Condition } from '../../model';
import { deployOverridePermission } from '../../permissions';
import { ReadinessFacts } from '../types';
import { condition } from './common';

/**
 * Whether the change of a policy that asks for less was agreed to by those whom the earlier one asks. The
 * earlier policy holds besides the new one until a release is let in.
 *
 * @param isApproved - the voices that both policies ask for are there
 */
export function judgePolicyChange(
  { policy, policyChange }: ReadinessFacts,
  isApproved: boolean,
): Condition[] {
  if (!policyChange) {
    return [];
  }
  const { id, weaker, people } = policyChange;
  const asks = policy.approvals.length > 0;
  return [
    condition({
      kind: 'spec',
      name: `policy-${id}`,
      title: 'Policy in deploy.yaml',
      state: isApproved ? 'met' : 'unmet',
      reason: `deploy.yaml asks for less than the policy that was in force: ${weaker.join(
        '; ',
      )}. Both hold until a release is let in under both${
        asks ? '' : '; neither asks for an approval'
      }.`,
      clearedBy: {
        how: 'Have those approve whom the earlier policy asks for; or override this with a reason, and the new policy holds alone.',
        permission: deployOverridePermission.name,
        ...(people.length > 0 && { people }),
      },
      overridable: true,
    }),
  ];
}
