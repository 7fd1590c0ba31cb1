import { nameOfSubject } from './trust';

/** Where the files lie that say what clouds have to trust; those of AWS in a folder for each role. */
export const TRUST_FOLDERS = {
  azure: 'deploy/azure/federated-credentials',
  aws: 'deploy/aws',
} as const;

/** Names of the files of a role at AWS. */
export const ROLE_FILES = ['trust-policy.json', 'permissions.json'] as const;

const ISSUER = 'https://token.actions.githubusercontent.com';

/**
 * Files of an earlier `deploy.yaml` that say what a cloud has to trust. JSON has no comments to tell whose it is: only
 * what looks just as it is generated is taken for it.
 *
 * @param present - the texts of the JSON files in {@link TRUST_FOLDERS}, by path
 */
export function trustLeftOver(
  present: ReadonlyMap<string, string>,
  planned: ReadonlySet<string>,
): string[] {
  return [...present.keys()]
    .filter(path => !planned.has(path) && isGenerated(path, present))
    .sort();
}

function isGenerated(
  path: string,
  present: ReadonlyMap<string, string>,
): boolean {
  const at = path.lastIndexOf('/');
  const [folder, name] = [path.slice(0, at), path.slice(at + 1)];
  const text = present.get(path) ?? '';
  if (folder === TRUST_FOLDERS.azure) {
    return isCredential(text, name);
  }
  if (folder === TRUST_FOLDERS.aws) {
    return isWritten(text, ({ Url }) => Url === ISSUER);
  }
  return (
    isWritten(text, () => true) &&
    isTrustPolicy(present.get(`${folder}/${ROLE_FILES[0]}`) ?? '')
  );
}

function isCredential(text: string, name: string): boolean {
  return isWritten(
    text,
    ({ issuer, subject, description }) =>
      issuer === ISSUER &&
      typeof subject === 'string' &&
      name === `${nameOfSubject(subject)}.json` &&
      String(description).startsWith('Jobs: '),
  );
}

/** The account is left for whoever applies it. */
function isTrustPolicy(text: string): boolean {
  return isWritten(text, ({ Statement }) =>
    /"Federated":"arn:[\w-]+:iam::<account>:oidc-provider\/token\.actions\.githubusercontent\.com"/.test(
      JSON.stringify(Statement),
    ),
  );
}

/** Whether a text is laid out as this tool writes JSON, and says something. */
function isWritten(
  text: string,
  says: (value: Record<string, unknown>) => boolean,
): boolean {
  try {
    const value = JSON.parse(text);
    return (
      value !== null &&
      typeof value === 'object' &&
      `${JSON.stringify(value, null, 2)}\n` === text &&
      says(value)
    );
  } catch {
    return false;
  }
}
