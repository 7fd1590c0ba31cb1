import { Config } from '@backstage/config';
import { isLoopback } from './loopback';

/** An issuer of ID tokens that is trusted to say which job a report comes from. */
export interface OidcIssuer {
  /** Exactly as in the claim `iss`. */
  issuer: string;
  /** What the claim `aud` has to be. */
  audience: string;
  /** Host of the repositories that it speaks for, with port if it has one: `github.com`. */
  host: string;
}

const KEY = 'deploy.evidence.oidc';
const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';
const DEFAULT_AUDIENCE = 'deploy';

/**
 * The issuers of app-config's `deploy.evidence.oidc`; without that key GitHub's own, for the
 * audience `deploy`. An empty list trusts none. Throws an error that names the key.
 */
export function readOidcIssuers(config: Config): OidcIssuer[] {
  const entries = config.has(KEY)
    ? config.getConfigArray(KEY).map(entry => toIssuer(entry))
    : [toIssuer()];
  const known = new Set<string>();
  for (const { issuer } of entries) {
    if (known.has(issuer)) {
      throw new Error(
        `${KEY}: the issuer ${issuer} is there twice. Leave one of the two out.`,
      );
    }
    known.add(issuer);
  }
  return entries;
}

function toIssuer(entry?: Config): OidcIssuer {
  const issuer = entry?.getOptionalString('issuer') ?? GITHUB_ISSUER;
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  const safe =
    url?.protocol === 'https:' ||
    (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (!url || !safe || url.search || url.hash || url.username) {
    throw new Error(
      `${KEY}: issuer "${issuer}" is no address of an issuer. Write it as it stands in the claim iss, such as https://github.example.test/_services/token; http is for loopback alone.`,
    );
  }
  return {
    issuer,
    audience: entry?.getOptionalString('audience') ?? DEFAULT_AUDIENCE,
    host: (
      entry?.getOptionalString('host') ?? repositoryHostOf(url)
    ).toLocaleLowerCase('en-US'),
  };
}

/** GitHub's cloud issues its tokens on a host of their own; GitHub Enterprise on that of the repositories. */
function repositoryHostOf(issuer: URL): string {
  if (issuer.host === 'token.actions.githubusercontent.com') {
    return 'github.com';
  }
  return issuer.host.replace(/^token\.actions\.(?=[^.]+\.ghe\.com$)/, '');
}
