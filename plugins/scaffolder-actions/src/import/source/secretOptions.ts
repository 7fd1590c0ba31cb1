/** A part of a word that some program takes for a secret. */
export interface SecretPart {
  /** What stands before it in the word. */
  kept: string;
  hidden: string;
  /** What the option calls it, if it says so. */
  name?: string;
}

/** Options whose next word is a secret, whatever the program. */
const LONG =
  /^--?(password|passwd|passphrase|pass|storepass|keypass|api-?key|client-secret|oauth2-bearer|(?:(?:access|auth|refresh)-)?token)$/;

/** Programs that take a password by one letter: behind it, or as the next word, or both. */
const SHORT: readonly (readonly [
  program: RegExp,
  option: string,
  where: 'attached' | 'next' | 'both',
])[] = [
  [/^(?:mysql|mariadb)[\w-]*$/, '-p', 'attached'],
  [/^(?:7z[ar]?|7zz|rar|unrar)$/, '-p', 'attached'],
  [/^mongo[a-z]*$/, '-p', 'both'],
  [/^sshpass$/, '-p', 'both'],
  [/^redis-cli$/, '-a', 'both'],
  [/^ldap[a-z]+$/, '-w', 'both'],
  [/^(?:sqlcmd|bcp|zip|unzip)$/, '-P', 'both'],
  [/^twine$/, '-p', 'next'],
];

/** Programs that are logged in to by `login`, with the password behind `-p`. */
const LOGINS = /^(?:docker|podman|buildah|skopeo|nerdctl|helm|oras|az|oc|cf)$/;

/** To these, `--user` is who runs something, and `1000:1000` no password. */
const RUNNERS = /^(?:docker|podman|nerdctl|sudo|setpriv|chroot|gosu|su-exec)$/;

const KNOWN = new RegExp(
  [
    ...SHORT.map(([program]) => program.source),
    LOGINS.source,
    RUNNERS.source,
    '^(?:login|curl|https?|xhs?|ab|smbclient)$',
  ].join('|'),
);

/** By which programs are told to read a secret from what comes to them. */
const FROM_INPUT = /^--(?:[a-z]+-)?stdin$|^--with-token$|^--passphrase-fd/;

/** Further ones of one command are looked at by nobody. */
const MOST_PROGRAMS = 20;

/** The programs that a command has named so far, of those that take secrets: others may run them, as `docker exec` does. */
export class KnownPrograms {
  readonly #names = new Set<string>();

  add(word: string): void {
    const name = programOf(word);
    if (this.#names.size < MOST_PROGRAMS && KNOWN.test(name)) {
      this.#names.add(name);
    }
  }

  has(program: RegExp): boolean {
    return [...this.#names].some(name => program.test(name));
  }
}

/** The secret in a word, by the one before it and how programs read it; undefined for none. */
export function secretPartOf(
  word: string,
  option: string,
  known: KnownPrograms,
): SecretPart | undefined {
  const [, long] = LONG.exec(option) ?? [];
  if (long) {
    // openssl says what kind of thing it is: pass:abc, env:NAME, file:path.
    const [kept = ''] = /^(?:pass:)?/.exec(word) ?? [];
    const isElsewhere = /^(?:env|file|fd|stdin)(?::|$)/.test(word);
    return isElsewhere
      ? undefined
      : { kept, hidden: word.slice(kept.length), name: long };
  }
  return ofLetter(word, option, known) ?? ofAccount(word, option, known);
}

function ofLetter(
  word: string,
  option: string,
  known: KnownPrograms,
): SecretPart | undefined {
  const letters = SHORT.filter(([program]) => known.has(program));
  const behind = letters.find(
    ([, letter, where]) =>
      where !== 'next' && word.startsWith(letter) && word.length > 2,
  );
  const isNext =
    letters.some(
      ([, letter, where]) => where !== 'attached' && option === letter,
    ) ||
    (option === '-p' && known.has(/^login$/) && known.has(LOGINS));
  if (behind) {
    return { kept: behind[1], hidden: word.slice(2), name: 'PASSWORD' };
  }
  return isNext ? { kept: '', hidden: word, name: 'PASSWORD' } : undefined;
}

/** `user:password`, as curl has it and others. */
function ofAccount(
  word: string,
  option: string,
  known: KnownPrograms,
): SecretPart | undefined {
  const attached =
    /^(?:--(?:proxy-)?user=|--(?:[a-z]+-)?creds=|-u(?=[^:]*:))/.exec(word)?.[0];
  const isNext =
    /^(?:-[a-zA-Z]*u|--(?:proxy-)?user|--(?:[a-z]+-)?creds)$/.test(option) ||
    (/^-[aA]$/.test(option) && known.has(/^(?:https?|xhs?|ab)$/)) ||
    (option === '-U' && known.has(/^smbclient$/));
  if (
    (attached === undefined && !isNext) ||
    (known.has(RUNNERS) && !known.has(/^curl$/))
  ) {
    return undefined;
  }
  const account = word.slice(attached?.length ?? 0);
  const [, kept, hidden] = /^([^:%,\s/]+[:%,])([^\s/].*)$/s.exec(account) ?? [];
  return hidden === undefined
    ? undefined
    : { kept: `${attached ?? ''}${kept}`, hidden };
}

/** Whether a command reads a secret from what is piped to it, or written behind `<<<`. */
export function readsSecret(words: readonly string[]): boolean {
  const programs = new Set(words.map(programOf));
  const [first = ''] = programs;
  return (
    words.some(word => FROM_INPUT.test(word)) ||
    programs.has('chpasswd') ||
    (programs.has('sudo') && words.includes('-S')) ||
    (/^(?:gh|docker|wrangler|fly|flyctl|vault)$/.test(first) &&
      words.some(word => /^(?:secrets?|login)$/.test(word)))
  );
}

/** Whether all that a command does is to say what it is given. */
export function onlySays([program]: readonly string[]): boolean {
  return program === 'echo' || program === 'printf';
}

function programOf(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1);
}
