import { LookupAddress, promises } from 'node:dns';
import { isIP } from 'node:net';
import { until } from '../commits/until';
import { whyNotAsked } from './judgeAddress';
import { hostOf } from './judgeUrl';
import { VersionProblem } from './VersionProblem';

/** All addresses of a name. */
export type Lookup = (hostname: string) => Promise<LookupAddress[]>;

const lookupAll: Lookup = hostname =>
  promises.lookup(hostname, { all: true, verbatim: true });

/**
 * The addresses of a host, all of which may be asked. Of several a single one that may not spoils them
 * all: whoever has such a name wants somebody to reach it.
 */
export async function checkedAddresses(
  url: URL,
  options: { allowLoopback: boolean; lookup?: Lookup; signal: AbortSignal },
): Promise<LookupAddress[]> {
  const host = hostOf(url);
  const family = isIP(host);
  const addresses =
    family === 0
      ? await resolve(host, options.lookup ?? lookupAll, options.signal)
      : [{ address: host, family }];
  for (const { address } of addresses) {
    const problem = whyNotAsked(address, options);
    if (problem) {
      throw new VersionProblem(
        'forbidden',
        `${host} is not asked for its version: its address ${address} ${problem}.`,
        'Correct the host in version.url of deploy.yaml, or its entry in the name service.',
      );
    }
  }
  return addresses;
}

async function resolve(
  host: string,
  lookup: Lookup,
  signal: AbortSignal,
): Promise<LookupAddress[]> {
  let addresses: LookupAddress[];
  try {
    // The system's name service cannot be told to stop.
    addresses = await until(signal, lookup(host));
  } catch (error) {
    if ((error as { code?: unknown })?.code !== 'ENOTFOUND') {
      throw error;
    }
    addresses = [];
  }
  if (addresses.length === 0) {
    throw new VersionProblem(
      'unusable',
      `The name ${host} is not known.`,
      'Correct the host in version.url of deploy.yaml, or see that the portal can resolve it.',
    );
  }
  return addresses;
}
