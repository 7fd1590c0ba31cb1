/** A trust policy of IAM, as far as the generated ones go. */
export interface TrustPolicy {
  Version: string;
  Statement: Array<{
    Effect: string;
    Principal: { Federated: string };
    Action: string;
    Condition: Record<string, Record<string, string | string[]>>;
  }>;
}

/** Whether a value has the form of another one, in which `*` stands for any text and `?` for one character. */
const operators: Record<string, (value: string, wanted: string) => boolean> = {
  StringEquals: (value, wanted) => value === wanted,
  StringLike: (value, wanted) =>
    new RegExp(
      `^${wanted
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replace(/\*/g, '.*')
        .replace(/\?/g, '.')}$`,
      's',
    ).test(value),
};

/**
 * Whether STS would let a token in: all conditions of a statement hold, each by one of its values. A claim that the
 * token does not have fulfils none
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html).
 */
export function letsIn(
  policy: TrustPolicy,
  claims: Readonly<Record<string, unknown>>,
): boolean {
  return policy.Statement.some(({ Effect, Action, Principal, Condition }) => {
    if (Effect !== 'Allow' || Action !== 'sts:AssumeRoleWithWebIdentity') {
      throw new Error(`${Effect} ${Action}: not evaluated`);
    }
    const [, issuer] = Principal.Federated.split(':oidc-provider/');
    return (
      claims.iss === `https://${issuer}` &&
      Object.entries(Condition).every(([name, wanted]) => {
        if (!Object.hasOwn(operators, name)) {
          throw new Error(`${name}: not evaluated`);
        }
        return Object.entries(wanted).every(([key, values]) => {
          const value = claims[key.replace(`${issuer}:`, '')];
          return (
            typeof value === 'string' &&
            [values].flat().some(one => operators[name](value, one))
          );
        });
      })
    );
  });
}
