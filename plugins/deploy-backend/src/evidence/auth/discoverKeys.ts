import { JSONWebKeySet } from 'jose';
import { fetchJson } from './fetchJson';
import { isLoopback } from './loopback';

const MAX_KEYS = 100;

/**
 * Reads the public keys of an issuer, from where its discovery document says. Throws an error that
 * says what is wrong if they cannot be had, or if the issuer is not who it is taken for.
 */
export async function discoverKeys(issuer: string): Promise<JSONWebKeySet> {
  const document = (await fetchJson(
    `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
  )) as { issuer?: unknown; jwks_uri?: unknown } | null;
  if (document?.issuer !== issuer) {
    throw new Error('its discovery document is of another issuer');
  }
  const keys = (await fetchJson(keysUrl(issuer, document.jwks_uri))) as {
    keys?: unknown;
  } | null;
  return { keys: usableKeys(keys?.keys) };
}

/** Keys from another host would be another party's word. */
function keysUrl(issuer: string, uri: unknown): string {
  const url =
    typeof uri === 'string' && URL.canParse(uri) ? new URL(uri) : undefined;
  const safe =
    url?.protocol === 'https:' ||
    (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (!url || !safe || url.host !== new URL(issuer).host) {
    throw new Error('its jwks_uri is not on its own host by https');
  }
  return url.href;
}

function usableKeys(keys: unknown): JSONWebKeySet['keys'] {
  if (!Array.isArray(keys) || keys.length > MAX_KEYS) {
    throw new Error('its list of keys is malformed');
  }
  const usable = keys.filter(
    key =>
      typeof key?.kid === 'string' && ['RSA', 'EC', 'OKP'].includes(key?.kty),
  );
  if (usable.length === 0) {
    throw new Error('its list of keys has none that can be used');
  }
  return usable;
}
