/** Parameters that may contain slashes, which GitHub's description cannot say. */
const LONG_PARAMETERS: RegExp[] = [
  /^(\/repos\/[^/]+\/[^/]+\/contents\/)(.+)$/,
  /^(\/repos\/[^/]+\/[^/]+\/git\/refs?\/)(.+)$/,
  /^(\/repos\/[^/]+\/[^/]+\/git\/trees\/)(.+)$/,
  /^(\/repos\/[^/]+\/[^/]+\/branches\/)(.+)(\/protection)$/,
  /^(\/repos\/[^/]+\/[^/]+\/branches\/)(.+)$/,
  /^(\/repos\/[^/]+\/[^/]+\/tarball\/)(.+)$/,
  /^(\/repos\/[^/]+\/[^/]+\/compare\/)(.+)$/,
  /^(\/repos\/[^/]+\/[^/]+\/commits\/)(.+)(\/status|\/statuses|\/check-runs|\/pulls)$/,
  /^(\/repos\/[^/]+\/[^/]+\/commits\/)(.+)$/,
];

/** A path in which every parameter is one segment. */
export function encodeSegments(path: string): string {
  const isRootFolder = /^\/repos\/[^/]+\/[^/]+\/contents\/?$/.test(path);
  if (isRootFolder) return `${path.replace(/\/$/, '')}/%2F`;
  for (const pattern of LONG_PARAMETERS) {
    const found = pattern.exec(path);
    if (!found) continue;
    const [, before, parameter, after = ''] = found;
    return `${before}${parameter.replaceAll('/', '%2F')}${after}`;
  }
  return path;
}
