import ipaddr from 'ipaddr.js';
import { isIP } from 'node:net';

/**
 * Where clouds tell virtual machines and containers about themselves, and hand out credentials, beside the
 * link-local addresses, which are all refused.
 *
 * Sources: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html,
 * https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16,
 * https://cloud.google.com/compute/docs/metadata/querying-metadata,
 * https://www.alibabacloud.com/help/ecs/user-guide/view-instance-metadata
 */
const METADATA = [
  'fd00:ec2::/32',
  'fd20:ce::254/128',
  '168.63.129.16/32',
  '100.100.100.200/32',
].map(range => ipaddr.parseCIDR(range));

/** Ranges that services answer at. */
const SERVED = ['unicast', 'private', 'carrierGradeNat', 'uniqueLocal'];

/** The deprecated IPv6 form of IPv4 addresses; one that is refused may hide in it. */
const IPV4_COMPATIBLE = ipaddr.parseCIDR('::/96');

/**
 * Why an address may not be asked; undefined if it may. Private networks are fine: services inside a company
 * answer there.
 */
export function whyNotAsked(
  address: string,
  options: { allowLoopback: boolean },
): string | undefined {
  if (isIP(address) === 0) {
    return 'is no IP address';
  }
  const parsed = ipaddr.parse(address);
  const inner = parsed instanceof ipaddr.IPv6 && embeddedIn(parsed);
  if (inner) {
    return whyNotAsked(inner, options);
  }
  const range = parsed.range();
  if (range === 'loopback') {
    return options.allowLoopback
      ? undefined
      : 'is a loopback address, which deploy.allowLoopback in app-config does not allow';
  }
  if (METADATA.some(one => matches(parsed, one))) {
    return 'is where a cloud keeps metadata and credentials';
  }
  if (range === 'linkLocal') {
    return 'is link-local, where clouds keep metadata and credentials';
  }
  return SERVED.includes(range) && !matches(parsed, IPV4_COMPATIBLE)
    ? undefined
    : `is in a range that no service answers at (${range})`;
}

type Address = ReturnType<typeof ipaddr.parse>;
type Range = ReturnType<typeof ipaddr.parseCIDR>;

function matches(address: Address, [network, bits]: Range): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}

/** The IPv4 address that a mapped one or one of NAT64 stands for. */
function embeddedIn(address: ipaddr.IPv6): string | undefined {
  if (address.isIPv4MappedAddress()) {
    return address.toIPv4Address().toString();
  }
  const nat64 = ipaddr.parseCIDR('64:ff9b::/96');
  return matches(address, nat64)
    ? address.toByteArray().slice(12).join('.')
    : undefined;
}
