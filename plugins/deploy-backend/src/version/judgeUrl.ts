/** Which hosts may be asked. */
export interface VersionHosts {
  /** The environment's own address. */
  environmentUrl?: string;
  /** `host` or `host:port`; `deploy.versionHosts` of app-config. */
  allowedHosts: readonly string[];
}

/**
 * Why an address may not be asked for its version; undefined if it may, as far as the address tells. The
 * host has to be the environment's or an allowed one, the port the usual one or the one named there.
 */
export function whyNotAllowed(
  url: URL,
  hosts: VersionHosts,
): string | undefined {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return 'is neither http nor https';
  }
  if (url.username || url.password) {
    return 'has a user name or a password in it';
  }
  const ports = portsOf(hostOf(url), hosts);
  if (ports === undefined) {
    return "is neither on the host of the environment's url nor on one of deploy.versionHosts in app-config";
  }
  return url.port === '' || ports.has(portOf(url))
    ? undefined
    : "has a port that neither the environment's url nor deploy.versionHosts in app-config names";
}

/** Why a redirect may not be followed; undefined if it may, as far as the addresses tell. */
export function whyNotFollowed(
  to: URL,
  from: URL,
  hosts: VersionHosts,
): string | undefined {
  if (hostOf(to) !== hostOf(from)) {
    return 'is on another host';
  }
  const isDowngrade = from.protocol === 'https:' && to.protocol === 'http:';
  return (
    whyNotAllowed(to, hosts) ?? (isDowngrade ? 'is not encrypted' : undefined)
  );
}

/** Without brackets, and without the dot that a full name may end with. */
export function hostOf(url: URL): string {
  return url.hostname.toLowerCase().replace(/^\[|\]$|\.$/g, '');
}

/** Ports that are named for a host; undefined if nobody names the host. */
function portsOf(
  host: string,
  { environmentUrl, allowedHosts }: VersionHosts,
): Set<string> | undefined {
  const named = [
    environmentUrl,
    ...allowedHosts.map(allowed => `https://${allowed}`),
  ]
    .flatMap(address =>
      address !== undefined && URL.canParse(address) ? [new URL(address)] : [],
    )
    .filter(one => hostOf(one) === host);
  return named.length === 0 ? undefined : new Set(named.map(portOf));
}

function portOf(url: URL): string {
  const usual = url.protocol === 'http:' ? '80' : '443';
  return url.port || usual;
}
