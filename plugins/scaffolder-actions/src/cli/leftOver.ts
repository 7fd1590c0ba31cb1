import {
  readHeader,
  ROLE_FILES,
  SUMS,
  TRUST_FOLDERS,
  trustLeftOver,
} from '../generate';

/** What of a repository has to be looked at. */
export interface RepositoryFiles {
  /** Names in a folder; none if there is no such folder. */
  files(folder: string): Promise<string[]>;
  folders(folder: string): Promise<string[]>;
  /** Undefined if it is not there. */
  read(path: string): Promise<string | undefined>;
}

/** Files of an earlier `deploy.yaml` that say what clouds have to trust, in their order. */
export async function findTrustLeftOver(
  { files, folders, read }: RepositoryFiles,
  planned: ReadonlySet<string>,
): Promise<string[]> {
  const roles = await folders(TRUST_FOLDERS.aws);
  const names = [
    ...(await files(TRUST_FOLDERS.azure)).map(
      name => `${TRUST_FOLDERS.azure}/${name}`,
    ),
    `${TRUST_FOLDERS.aws}/oidc-provider.json`,
    ...roles.flatMap(role =>
      ROLE_FILES.map(name => `${TRUST_FOLDERS.aws}/${role}/${name}`),
    ),
  ].filter(name => name.endsWith('.json'));
  const texts = await Promise.all(
    names.map(async name => [name, await read(name)] as const),
  );
  const trust = trustLeftOver(
    new Map(
      texts.flatMap(([name, text]) =>
        text === undefined ? [] : [[name, text] as const],
      ),
    ),
    planned,
  );
  const sums = planned.has(SUMS) ? undefined : await read(SUMS);
  return sums !== undefined && readHeader(sums) ? [...trust, SUMS] : trust;
}
