import { redactUnless, SecretLooks } from '@vvp/backstage-plugin-deploy-common';
import { Command, commandsOf, substitutionsIn } from './commands';
import {
  KnownPrograms,
  onlySays,
  readsSecret,
  secretPartOf,
} from './secretOptions';

/** What stands in place of a secret, in the report and in `deploy.yaml`. */
export const MASK = '***';

/** A text without its secrets, and what these are called, as far as they are called anything. */
export interface Masked {
  text: string;
  isSecret: boolean;
  names: string[];
}

/** Words of a name that say that its value is a secret. */
const SECRET_WORDS = new Set(
  'password passwd passphrase pwd pass secret token credential credentials apikey creds'.split(
    ' ',
  ),
);

/** Words that nobody writes apart, such as those of PGPASSWORD. */
const GLUED =
  /(?:password|passwd|passphrase|(?<!pull)secret|apikey|accesskey|sshpass)$/;

/** Behind these a `key` is none that opens anything. */
const HARMLESS_KEYS = new Set(
  'cache restore prefix shared primary foreign partition sort public publishable object routing group index hash row lookup host project issue idempotency s3 kms'.split(
    ' ',
  ),
);

/** Words that say that a name is about a secret, and its value is none. */
const ABOUT = new Set(
  'url uri name file path dir id arn ref type ttl expiry expires age length count limit min max size header audience issuer endpoint host scope algorithm version enabled required rotation days minutes seconds stdin format mode source store provider manager scan scanning scanner detection check'.split(
    ' ',
  ),
);

/** Where a secret is, not what it is; switches; and names of secrets. */
const REFERENCE =
  /^(?:(?:secretref|keyvaultref|file|env|vault|ref):|arn:|@Microsoft\.KeyVault|https?:\/\/[^@\s]*$|[.~]?\/[\w./-]+$|(?:true|false|yes|no|on|off|none|null|inherit|read|write|optional|required)$)/i;

const NAME_OF_A_SECRET = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;

/** Inputs of actions that are run by a shell, or handed to a program as its arguments. */
const SCRIPTS = /^(?:inline-?)?script$|^(?:run|commands?|cmd|args|options)$/i;

/** What is put in while a workflow runs. Bounded: a long run of beginnings is not looked through from each of them. */
const EXPRESSION = /\$\{\{(?:(?!\}\})[\s\S]){0,500}\}\}/g;
const SHELL =
  /\$\{\{(?:(?!\}\})[\s\S]){0,500}\}\}|\$\{[^}]{0,200}\}|\$\([^)]{0,200}\)|`[^`]{0,200}`|\$\w+/g;

/** Whether a name, of a variable or an input, says that its value is a secret. */
export function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  const at = words.findIndex(
    (word, index) =>
      ((SECRET_WORDS.has(word) || GLUED.test(word)) &&
        words[index - 1] !== 'pull') ||
      (word === 'key' && index > 0 && !HARMLESS_KEYS.has(words[index - 1])),
  );
  return at >= 0 && !words.slice(at + 1).some(word => ABOUT.has(word));
}

/** A value that belongs to a name, such as a variable of `env` or an input of `with`. */
export function maskValue(name: string, value: string): Masked {
  if (isSecretName(name) && isLiteral(value) && !value.includes('${{')) {
    return { text: MASK, isSecret: true, names: [name] };
  }
  const script = SCRIPTS.test(name)
    ? maskScript(value, 0)
    : { text: value, isSecret: false, names: [] };
  const masked = maskText(script.text, EXPRESSION);
  const isSecret = script.isSecret || masked.isSecret;
  return {
    text: masked.text,
    isSecret,
    names: masked.isSecret ? [name, ...script.names] : script.names,
  };
}

/** Further commands stand in words, and further ones in theirs: as deep as people go. */
const DEPTH = 4;

/** More secrets in one command are no command of anybody: then it is shown by its words. */
const MOST_PARTS = 50;

/** The commands of a script, each with its words; what a shell puts in is no secret. */
export function maskCommands(
  commands: readonly Command[],
  depth = 0,
): MaskedCommand[] {
  return commands.map((command, index) => {
    const next = commands[index + 1]?.words ?? [];
    const isSecretSaid =
      command.feeds && onlySays(command.words) && readsSecret(next);
    return maskCommand(command, { isSecretSaid, depth });
  });
}

/** A command without its secrets. */
export interface MaskedCommand extends Masked {
  words: string[];
}

function maskCommand(
  { text, words }: Command,
  { isSecretSaid, depth }: { isSecretSaid: boolean; depth: number },
): MaskedCommand {
  const known = new KnownPrograms();
  const takesInput = words.includes('<<<') && readsSecret(words);
  const masked = words.map((word, index) => {
    const isSaid =
      (isSecretSaid && index > 0 && !/^-[neE]+$/.test(word)) ||
      (takesInput && words[index - 1] === '<<<');
    const one =
      isSaid && isFixed(word)
        ? { text: MASK, isSecret: true, names: [] }
        : maskWord(word, { option: words[index - 1] ?? '', known, depth });
    known.add(word);
    return one;
  });
  // As a shell sees it first: quotes and escapes hide nothing.
  const hidden = [
    ...new Set(
      words.flatMap((word, index) => partsOf(word, masked[index].text)),
    ),
  ].sort((left, right) => right.length - left.length);
  const isSimple =
    hidden.length <= MOST_PARTS && hidden.every(part => text.includes(part));
  const cleaned = isSimple
    ? hidden.reduce((left, part) => left.split(part).join(MASK), text)
    : masked.map(one => one.text).join(' ');
  const whole = maskText(cleaned, SHELL);
  const isSecret = whole.isSecret || masked.some(one => one.isSecret);
  return {
    text: whole.text,
    words: masked.map(one => one.text),
    isSecret,
    names: [...new Set(masked.flatMap(one => one.names))],
  };
}

function maskWord(
  word: string,
  {
    option,
    known,
    depth,
  }: { option: string; known: KnownPrograms; depth: number },
): Masked {
  const part = secretPartOf(word, option, known);
  if (part && isFixed(part.hidden)) {
    const names = part.name ? [part.name] : [];
    return { text: `${part.kept}${MASK}`, isSecret: true, names };
  }
  const [, name, value = ''] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? [];
  if (name && isSecretName(name) && isFixed(value) && isLiteral(value)) {
    return { text: `${name}=${MASK}`, isSecret: true, names: [name] };
  }
  const inner = maskInside(word, depth);
  const masked = maskText(inner.text, SHELL);
  return {
    text: masked.text,
    isSecret: inner.isSecret || masked.isSecret,
    names: masked.isSecret && name ? [name, ...inner.names] : inner.names,
  };
}

/** The commands in a word, such as that of `bash -c`, or of a substitution. */
function maskInside(word: string, depth: number): Masked {
  if (depth >= DEPTH || !/\s|\$\(/.test(word)) {
    return { text: word, isSecret: false, names: [] };
  }
  const inner = substitutionsIn(word);
  const masked = inner.map(({ from, to }) =>
    maskScript(word.slice(from, to), depth + 1),
  );
  const around = inner.map(({ from }, index) =>
    word.slice(inner[index - 1]?.to ?? 0, from),
  );
  const text =
    around.map((before, index) => before + masked[index].text).join('') +
    word.slice(inner[inner.length - 1]?.to ?? 0);
  const whole = /\s/.test(word) ? [maskScript(text, depth + 1)] : [];
  const all = [...masked, ...whole];
  const isSecret = all.some(one => one.isSecret);
  return {
    text: isSecret ? whole[0]?.text ?? text : word,
    isSecret,
    names: all.flatMap(({ names }) => names),
  };
}

/** A script without its secrets. */
function maskScript(script: string, depth: number): Masked {
  const commands = commandsOf(script);
  const masked = maskCommands(commands, depth);
  const texts = commands.map(({ offset, text }, index) => {
    const behind = commands[index + 1]?.offset ?? script.length;
    const between = script.slice(offset + text.length, behind);
    return masked[index].text + between;
  });
  return {
    text:
      script.slice(0, commands[0]?.offset ?? script.length) + texts.join(''),
    isSecret: masked.some(({ isSecret }) => isSecret),
    names: masked.flatMap(({ names }) => names),
  };
}

/** What was taken out of a word. */
function partsOf(word: string, masked: string): string[] {
  if (!masked.includes(MASK) || word === masked) {
    return [];
  }
  const [before] = masked.split(MASK, 1);
  const behind = masked.slice(masked.lastIndexOf(MASK) + MASK.length);
  const part = word.slice(before.length, word.length - behind.length);
  return part.length > 2 ? [part] : [];
}

function maskText(text: string, moving: RegExp): Masked {
  const puts: string[] = [];
  const still = text.replace(moving, found => {
    puts.push(found);
    return `\uE000${puts.length - 1}\uE001`;
  });
  let isSecret = false;
  const clean = redactUnless(still, found => {
    const isNone = isSpared(found);
    isSecret ||= !isNone;
    return isNone;
  });
  return {
    text: clean.replace(
      /\uE000(\d+)\uE001/g,
      (_, at) => puts[Number(at)] ?? '',
    ),
    isSecret,
    names: [],
  };
}

/** What only looks like a secret: what is put in later, a user without password, this very machine. */
function isSpared({ whole, hidden, behind }: SecretLooks): boolean {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(whole)) {
    const password = hidden.slice(hidden.indexOf(':') + 1);
    return (
      (!hidden.includes(':') && hidden.length < 16) ||
      !isFixed(password) ||
      /^@(?:localhost|127\.0\.0\.1|\[::1\])(?=[:/?\s"']|$)/.test(behind)
    );
  }
  const bare = hidden
    .replace(/^["']/, '')
    .replace(/^(?:bearer|basic|token|digest|negotiate|apikey)(?:\s+|$)/i, '')
    .split(/[\s"']/, 1)[0];
  if (!isFixed(bare) || /^(?:\uE000|id=)/.test(bare)) {
    return true;
  }
  const kept = whole.slice(0, whole.length - hidden.length);
  const [, name] = /([A-Za-z0-9_.-]+)["']?\s*[:=]\s*$/.exec(kept) ?? [];
  if (name === undefined || /^(?:.*authorization|.*cookie|x-.*)$/i.test(name)) {
    return false;
  }
  return !isSecretName(name) || !isLiteral(bare);
}

/** Whether it says something besides what is put in later. */
function isFixed(text: string): boolean {
  const rest = text
    .replace(/\uE000\d+\uE001/g, '')
    .replace(SHELL, '')
    .replace(/\*{3}/g, '');
  return /[A-Za-z0-9]/.test(rest);
}

/** Whether a value is what its name says, and not where that is to be found. */
function isLiteral(value: string): boolean {
  return (
    /[^\s*]/.test(value) &&
    !REFERENCE.test(value.trim()) &&
    !NAME_OF_A_SECRET.test(value.trim())
  );
}
