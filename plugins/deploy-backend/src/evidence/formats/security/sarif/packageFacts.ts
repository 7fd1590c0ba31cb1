import { text } from '../../json';

/** What a scanner of dependencies writes into the text of a result, as SARIF has no place for it. */
export interface PackageFacts {
  name?: string;
  version?: string;
  fixedVersion?: string;
  /** As the tool spells it. */
  severity?: string;
}

const osvScanner = /^Package '([^']+)@([^'@]*)' is vulnerable/;

/** Reads `Package: openssl` and the like of Trivy and Grype, and the sentence of OSV-Scanner. */
export function packageFacts(message: string): PackageFacts {
  const sentence = osvScanner.exec(message);
  if (sentence) {
    return { name: sentence[1], version: text(sentence[2]) };
  }
  const lines = new Map<string, string>();
  for (const line of message.slice(0, 5_000).split('\n', 20)) {
    const at = line.indexOf(': ');
    if (at > 0 && at < 20) {
      lines.set(line.slice(0, at), line.slice(at + 2).trim());
    }
  }
  const get = (...keys: string[]) =>
    keys.map(key => text(lines.get(key))).find(Boolean);
  return {
    name: get('Package'),
    version: get('Installed Version', 'Version'),
    fixedVersion: get('Fixed Version', 'Fix Version'),
    severity: get('Severity'),
  };
}
