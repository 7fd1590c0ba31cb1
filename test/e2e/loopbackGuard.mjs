// Loaded into every Node process of the demo (`--import`): a connection to anything but this machine is written down
// and refused.
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import net from 'node:net';

const record = process.env.LOOPBACK_GUARD_FILE;

function isLoopback(host) {
  return (
    host === undefined ||
    host === 'localhost' ||
    host === '::1' ||
    host === '[::1]' ||
    (net.isIPv4(host) && host.startsWith('127.'))
  );
}

function refuse(what) {
  appendFileSync(record, `${process.argv[1] ?? 'node'}: ${what}\n`);
  return Object.assign(new Error(`Not on this machine: ${what}`), {
    code: 'ECONNREFUSED',
  });
}

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function guardedConnect(...args) {
  // Node hands over its own normalised arguments as one nested array
  const [target, second] = Array.isArray(args[0]) ? args[0] : args;
  const isOptions = typeof target === 'object' && target !== null;
  const isPath = isOptions
    ? target.path !== undefined
    : typeof target === 'string' && !/^\d+$/.test(target);
  const named = isOptions ? target.host : second;
  const host = typeof named === 'string' ? named : undefined;
  if (!isPath && !isLoopback(host)) {
    const error = refuse(`connection to ${host}`);
    process.nextTick(() => this.destroy(error));
    return this;
  }
  return connect.apply(this, args);
};

const lookup = dns.lookup;
dns.lookup = function guardedLookup(host, ...rest) {
  if (!isLoopback(host) && net.isIP(host) === 0) {
    const error = refuse(`look-up of ${host}`);
    process.nextTick(() => rest.at(-1)(error));
    return undefined;
  }
  return lookup.call(dns, host, ...rest);
};

const lookupPromise = dns.promises.lookup;
dns.promises.lookup = async function guardedLookupPromise(host, ...rest) {
  if (!isLoopback(host) && net.isIP(host) === 0) {
    throw refuse(`look-up of ${host}`);
  }
  return lookupPromise.call(dns.promises, host, ...rest);
};
