/** A repository of images, and where it is. */
export interface ImageName {
  /** Host of the registry, with its port unless that is the usual one; lower case. */
  host: string;
  path: string;
}

/** The registry that is meant where none is named, and what it is called besides. */
const USUAL = 'docker.io';
const OTHERWISE: readonly string[] = [USUAL, 'index.docker.io'];

/**
 * Takes the name of a repository of images apart as whatever pulls it does
 * (https://github.com/distribution/reference): what is before the first slash is a host if it has a dot, a colon or an
 * upper case letter, or is `localhost`; Docker's own is meant where there is none, and there its `library`.
 *
 * @param name - without tag and digest, such as `docker.io/example/shop`
 */
export function imageNameOf(name: string): ImageName {
  const [first, ...rest] = name.split('/');
  const isHost =
    rest.length > 0 &&
    (/[.:]/.test(first) ||
      first === 'localhost' ||
      first !== first.toLowerCase());
  // Hosts have no case, and registries are asked by HTTPS.
  const host = isHost ? first.toLowerCase().replace(/:443$/, '') : USUAL;
  const path = isHost ? rest.join('/') : name;
  if (!OTHERWISE.includes(host)) {
    return { host, path };
  }
  return { host: USUAL, path: path.includes('/') ? path : `library/${path}` };
}

/**
 * What two names of one repository have in common: `index.docker.io/shop` and `shop` are the same.
 *
 * @param name - without tag and digest
 * @public
 */
export function canonicalImageName(name: string): string {
  const { host, path } = imageNameOf(name);
  return `${host}/${path.toLowerCase()}`;
}
