import { ReadinessFacts } from './types';

/** What decides whose voice counts. */
export type VoiceFacts = Pick<ReadinessFacts, 'policy' | 'pools' | 'involved'>;

/** Whether a rule asks for somebody; a rule without a pool asks for nobody. */
export function isAskedFor(
  { policy, pools }: VoiceFacts,
  rule: number,
  person: string,
): boolean {
  const pool = pools[rule];
  if (!policy.approvals[rule] || !pool) {
    return false;
  }
  const name = person.toLowerCase();
  return pool.users?.some(user => user.toLowerCase() === name) ?? true;
}

/** Why a person may not speak for a change, whatever the rules ask for. */
export function involvementOf(
  { policy, involved }: VoiceFacts,
  person: string,
): string | undefined {
  if (policy.selfApproval) {
    return undefined;
  }
  const name = person.toLowerCase();
  if (involved.requester?.toLowerCase() === name) {
    return 'They asked for this promotion, and nobody approves their own.';
  }
  if (involved.authors.some(author => author.toLowerCase() === name)) {
    return 'They wrote a commit of this release, and nobody approves their own change.';
  }
  return undefined;
}

/**
 * Why the voice of a person does not count for a promotion. Whether they have `deploy.approve` is asked
 * elsewhere.
 *
 * @param person - entity ref of a user
 * @returns A whole sentence; nothing if their voice counts, or no rule asks for voices.
 * @public
 */
export function voiceProblem(
  facts: VoiceFacts,
  person: string,
): string | undefined {
  const { approvals } = facts.policy;
  if (
    approvals.length > 0 &&
    !approvals.some((_, rule) => isAskedFor(facts, rule, person))
  ) {
    return 'They are not, or no longer, among those whose approval the policy asks for.';
  }
  return involvementOf(facts, person);
}
