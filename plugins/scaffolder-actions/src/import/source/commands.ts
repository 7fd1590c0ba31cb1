/** A command of a script. */
export interface Command {
  /** As it is written, without the blanks around it. */
  text: string;
  /** Without quotes; expressions of GitHub stay whole. */
  words: readonly string[];
  /** Where it begins in the script. */
  offset: number;
  /** Part of a condition, a loop, a pipe or the like: what it does cannot be told from its words. */
  isPart: boolean;
  /** Whether the next one reads what it writes. */
  feeds: boolean;
}

const OPENING = new Set(['if', 'for', 'while', 'until', 'case', '{', '(']);
const CLOSING = new Set(['fi', 'done', 'esac', '}', ')']);

/**
 * Takes a script of a shell apart into its commands, as far as that is certain. What is not, such as the lines of a
 * loop, is marked as a part of something.
 */
export function commandsOf(script: string): Command[] {
  const commands: Command[] = [];
  let depth = 0;
  let offset = 0;
  while (offset < script.length) {
    const read = readCommand(script, offset);
    if (read.words.length > 0) {
      const [first] = read.words;
      const opens = OPENING.has(first) || read.text.endsWith('{');
      depth += opens ? 1 : 0;
      commands.push({
        text: read.text,
        words: read.words,
        offset: read.begin,
        isPart: depth > 0 || read.isPart,
        feeds: read.feeds,
      });
      depth -= CLOSING.has(first) && depth > 0 ? 1 : 0;
      // What stands behind `|` or `||` belongs to what stands before it.
      if (read.joins && commands.length > 0) {
        commands[commands.length - 1].isPart = true;
      }
    }
    offset = read.end;
  }
  return joined(commands, script);
}

/** Whatever follows a `|` or `||` is a part as well. */
function joined(commands: Command[], script: string): Command[] {
  return commands.map(command => ({
    ...command,
    isPart: command.isPart || followsPipe(script, command.offset),
  }));
}

function followsPipe(script: string, offset: number): boolean {
  let at = offset - 1;
  while (at >= 0 && /\s/.test(script[at])) {
    at -= 1;
  }
  return script[at] === '|';
}

interface Reading {
  text: string;
  words: string[];
  begin: number;
  end: number;
  isPart: boolean;
  joins: boolean;
  feeds: boolean;
}

function readCommand(script: string, start: number): Reading {
  const words: string[] = [];
  let word: string | undefined;
  let at = start;
  let begin = -1;
  let isPart = false;
  let joins = false;
  let feeds = false;
  let heredoc: string | undefined;
  const add = (text: string) => {
    word = (word ?? '') + text;
    begin = begin < 0 ? at : begin;
  };
  const flush = () => {
    if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  };
  let last = start;
  for (; at < script.length; ) {
    const rest = script.slice(at, at + 3);
    const char = script[at];
    if (rest.startsWith('${{')) {
      const close = script.indexOf('}}', at);
      const stop = close < 0 ? script.length : close + 2;
      add(script.slice(at, stop));
      at = stop;
    } else if (char === '\\') {
      if (script[at + 1] !== '\n') {
        add(script[at + 1] ?? '');
      }
      at += 2;
    } else if (char === "'" || char === '"') {
      const stop = endOfQuote(script, at);
      const inside = script.slice(at + 1, stop);
      add(char === '"' ? inside.replace(/\\(["\\$`])/g, '$1') : inside);
      isPart ||= char === '"' && inside.includes('`');
      at = stop + 1;
    } else if (rest.startsWith('$(')) {
      const stop = endOfSubstitution(script, at);
      add(script.slice(at, stop));
      at = stop;
    } else if (char === '#' && word === undefined) {
      const stop = script.indexOf('\n', at);
      at = stop < 0 ? script.length : stop;
    } else if (char === '\n' || char === ';' || char === '&' || char === '|') {
      const twice = script[at + 1] === char;
      // `2>&1` goes on; a bare `&` sends it into the background.
      if (char === '&' && /[<>]/.test(script[at - 1] ?? '')) {
        add(char);
        at += 1;
      } else {
        joins = char === '|';
        feeds = joins && !twice;
        isPart ||= char === '&' && !twice;
        last = at;
        at += twice && char !== '\n' ? 2 : 1;
        if (heredoc !== undefined && char === '\n') {
          const found = script
            .slice(at)
            .search(
              new RegExp(`^\\s*${heredoc.replace(/\W/g, '\\$&')}\\s*$`, 'm'),
            );
          const line = found < 0 ? -1 : script.indexOf('\n', at + found + 1);
          at = line < 0 ? script.length : line + 1;
          last = at;
        } else if (words.length === 0 && word === undefined) {
          continue;
        }
        break;
      }
    } else if (/\s/.test(char)) {
      flush();
      at += 1;
    } else {
      if (rest.startsWith('<<') && rest !== '<<<') {
        heredoc = /^<<-?\s*["']?([A-Za-z_]\w*)/.exec(script.slice(at))?.[1];
      }
      isPart ||= /[<>`]/.test(char);
      add(char);
      at += 1;
    }
    last = at;
  }
  flush();
  return {
    text: script.slice(Math.max(begin, 0), last).trim(),
    words,
    begin: Math.max(begin, 0),
    end: at,
    isPart,
    joins,
    feeds,
  };
}

function endOfQuote(script: string, start: number): number {
  const quote = script[start];
  for (let at = start + 1; at < script.length; at += 1) {
    if (quote === '"' && script[at] === '\\') {
      at += 1;
    } else if (quote === '"' && script.startsWith('$(', at)) {
      at = endOfSubstitution(script, at) - 1;
    } else if (script[at] === quote) {
      return at;
    }
  }
  return script.length;
}

/** Where scripts stand in `$( )` in a text; of those in each other, the outer ones. */
export function substitutionsIn(text: string): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  let at = text.indexOf('$(');
  while (at >= 0) {
    const stop = endOfSubstitution(text, at);
    found.push({ from: at + 2, to: Math.max(stop - 1, at + 2) });
    at = text.indexOf('$(', stop);
  }
  return found;
}

/** Behind the parenthesis that closes `$(`. */
function endOfSubstitution(script: string, start: number): number {
  let depth = 0;
  for (let at = start + 1; at < script.length; at += 1) {
    const char = script[at];
    if (char === "'" || char === '"') {
      at = endOfQuote(script, at);
    } else if (char === '(') {
      depth += 1;
    } else if (char === ')') {
      depth -= 1;
      if (depth === 0) {
        return at + 1;
      }
    }
  }
  return script.length;
}

/** Where the values of an option stand, `--name value` or `--name=value`, by any of its names. */
export function optionsIn(
  words: readonly string[],
  ...names: readonly string[]
): { at: number; value: string }[] {
  return words.flatMap((word, index) => {
    const name = names.find(one => word === one || word.startsWith(`${one}=`));
    if (name === undefined) {
      return [];
    }
    const at = word === name ? index + 1 : index;
    const value = word === name ? words[at] : word.slice(name.length + 1);
    return value === undefined ? [] : [{ at, value }];
  });
}

/** Options that are not among the known ones; their values are not told apart from other words. */
export function furtherOptions(
  words: readonly string[],
  ...known: readonly string[]
): string[] {
  return words.filter(
    word =>
      word.startsWith('-') &&
      word.length > 1 &&
      !known.some(one => word === one || word.startsWith(`${one}=`)),
  );
}
