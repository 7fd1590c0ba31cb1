import { beginsEntry, readLevel } from './readLevel';

/** Goes on with what was written before, whatever that was. */
const goesOn: readonly RegExp[] = [
  /^\s+\S/,
  /^Caused by: /,
  /^Suppressed: /,
  /^\.\.\. \d+ (?:more|common frames)/,
  /^stack backtrace:/,
  /^note: run with `RUST_BACKTRACE/,
  /^goroutine \d+ \[/,
  /^During handling of the above exception/,
  /^The above exception was the direct cause/,
];

const python = /^Traceback \(most recent call last\):/;
/** `ValueError: no`, `vvp.errors.Bad: no`, `KeyboardInterrupt`. */
const exception = /^(?:[\w$]+\.)*[A-Z][\w$]*(?::\s.*)?$/;
const dump =
  /^(?:panic: |fatal error: |thread '[^']*' (?:\(\d+\) )?panicked at )/;

/** What the entry so far lets follow. */
type Kind = 'plain' | 'traceback' | 'dump';

interface Entry {
  isError: boolean;
  kind: Kind;
  /** The line before was empty. */
  gap: boolean;
}

/**
 * Counts the errors among the newest entries of a log. The lines of a stack trace are one entry with what
 * they follow, where this can be told.
 *
 * @param log - oldest first; an item may have several lines
 * @param most - how many of the newest entries are looked at
 *
 * @public
 */
export function countErrors(
  log: readonly string[],
  most: number,
): { errors: number; entries: number } {
  const entries = toEntries(log).slice(-most);
  return {
    errors: entries.filter(({ isError }) => isError).length,
    entries: entries.length,
  };
}

function toEntries(log: readonly string[]): Entry[] {
  const entries: Entry[] = [];
  for (const line of log.flatMap(item => item.split(/\r?\n/))) {
    const last = entries.at(-1);
    if (line.trim() === '') {
      if (last) {
        last.gap = true;
      }
    } else if (last && belongsTo(last, line)) {
      last.gap = false;
      if (python.test(line)) {
        last.kind = 'traceback';
      } else if (last.kind === 'traceback' && exception.test(line)) {
        last.kind = 'plain';
      }
    } else {
      entries.push({
        isError: readLevel(line) === true,
        kind: kindOf(line),
        gap: false,
      });
    }
  }
  return entries;
}

function kindOf(line: string): Kind {
  if (python.test(line)) {
    return 'traceback';
  }
  return dump.test(line) ? 'dump' : 'plain';
}

function belongsTo(last: Entry, line: string): boolean {
  if (goesOn.some(pattern => pattern.test(line))) {
    return true;
  }
  if (python.test(line)) {
    // What was logged together with the exception.
    return last.isError;
  }
  if (
    beginsEntry(line) &&
    !(last.kind === 'traceback' && exception.test(line))
  ) {
    return false;
  }
  if (last.kind !== 'plain') {
    return true;
  }
  // Java writes the exception below the line that was logged.
  return (
    last.isError &&
    !last.gap &&
    /^(?:[a-z][\w$]*\.)+[A-Z][\w$]*(?:Exception|Error)\b/.test(line)
  );
}
