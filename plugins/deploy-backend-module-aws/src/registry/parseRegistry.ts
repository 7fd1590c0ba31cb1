/** A registry of ECR: one for each account and region. */
export interface EcrRegistry {
  account: string;
  region: string;
}

const hosts: readonly RegExp[] = [
  /^(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z]{2}(?:-[a-z]+){1,3}-\d)\.amazonaws\.com(?:\.cn)?$/,
  // Dual-stack.
  /^(\d{12})\.dkr-ecr(?:-fips)?\.([a-z]{2}(?:-[a-z]+){1,3}-\d)\.on\.aws$/,
];

/**
 * Account and region of a registry of ECR; `undefined` for any other host.
 *
 * https://docs.aws.amazon.com/general/latest/gr/ecr.html
 *
 * @param host - of an image, lower case
 */
export function parseRegistry(host: string): EcrRegistry | undefined {
  for (const pattern of hosts) {
    const [, account, region] = pattern.exec(host) ?? [];
    if (account !== undefined) {
      return { account, region };
    }
  }
  return undefined;
}
