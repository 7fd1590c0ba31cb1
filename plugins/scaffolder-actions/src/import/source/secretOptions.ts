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

/** By which programs are told to read a secret from what comes to them. */
const FROM_INPUT = /^--(?:[a-z]+-)?stdin$|^--with-token$|^--passphrase-fd/;

/** The secret in a word, by the words before it and how programs read them; undefined for none. */
export function secretPartOf(
  word: string,
  before: readonly string[],
): SecretPart | undefined {
  const option = before[before.length - 1] ?? '';
  const [, long] = LONG.exec(option) ?? [];
  if (long) {
    // openssl says what kind of thing it is: pass:abc, env:NAME, file:path.
    const [kept = ''] = /^(?:pass:)?/.exec(word) ?? [];
    const isElsewhere = /^(?:env|file|fd|stdin)(?::|$)/.test(word);
    return isElsewhere
      ? undefined
      : { kept, hidden: word.slice(kept.length), name: long };
  }
  return ofLetter(word, option, before) ?? ofAccount(word, option, before);
}

function ofLetter(
  word: string,
  option: string,
  before: readonly string[],
): SecretPart | undefined {
  const programs = before.map(programOf);
  const known = SHORT.filter(([program]) =>
    programs.some(one => program.test(one)),
  );
  const behind = known.find(([, letter, where]) => {
    const isAttached = word.startsWith(letter) && word.length > 2;
    return where !== 'next' && isAttached;
  });
  const isNext =
    known.some(
      ([, letter, where]) => where !== 'attached' && option === letter,
    ) ||
    (option === '-p' &&
      before.includes('login') &&
      programs.some(one => LOGINS.test(one)));
  if (behind) {
    return { kept: behind[1], hidden: word.slice(2), name: 'PASSWORD' };
  }
  return isNext ? { kept: '', hidden: word, name: 'PASSWORD' } : undefined;
}

/** `user:password`, as curl has it and others. */
function ofAccount(
  word: string,
  option: string,
  before: readonly string[],
): SecretPart | undefined {
  const programs = before.map(programOf);
  const attached =
    /^(?:--(?:proxy-)?user=|--(?:[a-z]+-)?creds=|-u(?=[^:]*:))/.exec(word)?.[0];
  const isNext =
    /^(?:-[a-zA-Z]*u|--(?:proxy-)?user|--(?:[a-z]+-)?creds)$/.test(option) ||
    (/^-[aA]$/.test(option) &&
      programs.some(one => /^(?:https?|xhs?|ab)$/.test(one))) ||
    (option === '-U' && programs.includes('smbclient'));
  if (
    (attached === undefined && !isNext) ||
    (programs.some(one => RUNNERS.test(one)) && !programs.includes('curl'))
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
  const programs = words.map(programOf);
  return (
    words.some(word => FROM_INPUT.test(word)) ||
    programs.includes('chpasswd') ||
    (programs.includes('sudo') && words.includes('-S')) ||
    (/^(?:gh|docker|wrangler|fly|flyctl|vault)$/.test(programs[0] ?? '') &&
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
