import { GateFacts, GateRule } from './types';

/**
 * The environment that a rule means by a name: `here` and `previous` are told by what is known. Nothing
 * for no name, and for `previous` in the first environment.
 */
export function placeOf(
  name: string | undefined,
  facts: Pick<GateFacts, 'environment' | 'previousEnvironment'>,
): string | undefined {
  switch (name) {
    case 'here':
      return facts.environment;
    case 'previous':
      return facts.previousEnvironment;
    default:
      return name;
  }
}

/**
 * A rule with the name of an environment wherever it says `previous`.
 *
 * @param previous - Of the environment that the rule is for; without one the rule stays as it is, and
 * {@link judgeGate} fails it.
 * @public
 */
export function withPrevious(
  rule: GateRule,
  previous: string | undefined,
): GateRule {
  if (previous === undefined) {
    return rule;
  }
  const named = (place: string) => (place === 'previous' ? previous : place);
  const { evidence, passedIn, succeededIn, soak } = rule;
  return {
    ...rule,
    ...(evidence?.environment && {
      evidence: { ...evidence, environment: named(evidence.environment) },
    }),
    ...(passedIn && { passedIn: named(passedIn) }),
    ...(succeededIn && { succeededIn: named(succeededIn) }),
    ...(soak && { soak: { ...soak, environment: named(soak.environment) } }),
  };
}
