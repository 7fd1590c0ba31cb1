import {
  ApproverPool,
  PolicyFinding,
  PromotionPolicy,
  validatePolicy,
} from '@vvp/backstage-plugin-deploy-common';
import { EnvironmentPolicies } from './PromotionPolicies';

/** A policy that a release can never meet, or that says nothing sensible. */
export interface PolicyProblem {
  environment: string;
  /** Whole sentences that begin with the key they are about. */
  message: string;
}

/** Keys as they are written. */
const writtenKeys: Record<string, string> = {
  soakSeconds: 'soak',
  expiresAfterSeconds: 'expiresAfter',
};

/**
 * What is wrong with the policies of an environment.
 *
 * @param poolsOf - Who may speak for each rule of a policy.
 */
export async function policyProblems(
  { name, earlier, regular, hotfix }: EnvironmentPolicies,
  poolsOf: (policy: PromotionPolicy) => Promise<ApproverPool[]>,
): Promise<PolicyProblem[]> {
  const told = async (policy: PromotionPolicy) =>
    validatePolicy(policy, { pools: await poolsOf(policy), earlier }).map(tell);
  const ofRegular = await told(regular);
  const ofHotfix = 'refusal' in hotfix ? [] : await told(hotfix);
  return [
    ...ofRegular,
    ...ofHotfix
      .filter(message => !ofRegular.includes(message))
      .map(message => `hotfix.${message}`),
  ].map(message => ({ environment: name, message }));
}

function tell({ path, message, remedy }: PolicyFinding): string {
  return `${writtenKeys[path] ?? path}: ${message} ${remedy}`;
}
