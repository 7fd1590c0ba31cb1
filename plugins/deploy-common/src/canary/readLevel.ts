import { isError, levelNames } from './levels';

/** Longer lines are judged by their beginning. */
const MAX_LENGTH = 64 * 1024;

// eslint-disable-next-line no-control-regex
const colours = /\u001b\[[0-9;]*[A-Za-z]/g;

/** Of JSON logs, the first that is there decides. */
const jsonMembers = [
  'level',
  'severity',
  'lvl',
  'levelname',
  'log.level',
  '@level',
  'severity_text',
  'severityText',
];
/** Where a platform wraps what a container wrote. */
const wrapped = ['log', 'Log'];

const logfmt =
  /^(?=\S*=).*?(?:^|\s)(?:level|lvl|severity|levelname)="?(\w+)"?(?:\s|$)/i;
const klog = /^([IWEF])\d{4} \d\d:\d\d:\d\d/;
/** Dates, times and numbers of seconds, as logs begin with them. */
const timestamp =
  /^(?:\d{4}[-/]\d\d[-/]\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?)?|\d\d:\d\d:\d\d(?:[.,]\d+)?|\d{10,13}(?:\.\d+)?|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d)(?:\s?(?:Z|UTC|[+-]\d\d:?\d\d))?(?=[\s\]|:,-]|$)[:,]?\s*/;
const bracket = /^[[(<]([^\])>]{1,100})[\])>]:?\s*/;
const separator = /^[|–-]\s+/;
/** `vvp.api - ERROR - …`, as of Python. */
const dashed = new RegExp(`^[\\w.:$/-]+ - (${levelNames}) - `);
const loggerFirst = new RegExp(`^[\\w.:$/-]+\\s+(${levelNames})(?=[\\s:])`);
const bare = new RegExp(`^(${levelNames})(?=$|[\\s:|,\\]-])(?!\\s*=)`);
const withColon = new RegExp(`^(${levelNames}):(?=\\s|$|\\w)`, 'i');
const lowerAfterTime = new RegExp(`^(${levelNames})(?=\\t| {2,}| *\\|)`, 'i');
/** `error: none` says that there is none. */
const nothing = /^\w+:\s*(?:null|none|nil|undefined|false|no|0|""|'')\s*\.?$/i;

/** What a crash writes without a level. */
const crashes: readonly RegExp[] = [
  /^(?:Uncaught |Unhandled )?(?:[\w$.]+\.)?[A-Z]?\w*(?:Error|Exception)(?: \[[\w]+\])?: \S/,
  /^Unhandled exception\b/i,
  /^Traceback \(most recent call last\):/,
  /^thread '[^']*' (?:\(\d+\) )?panicked at /,
  /^panic: /,
  /^fatal error: /,
  /^Exception in thread /,
  /^Segmentation fault\b/,
];

/**
 * Whether a line of a log says at the place of its level that it is an error; undefined if it has no level.
 * What the message says besides does not count: a line of level INFO may speak of errors.
 *
 * @public
 */
export function readLevel(line: string): boolean | undefined {
  const text = line.slice(0, MAX_LENGTH).replace(colours, '').trim();
  const { rest, timed } = withoutTimestamp(text);
  return (
    ofJson(rest) ??
    ofKlog(rest) ??
    ofPlace(rest, timed) ??
    ofLogfmt(rest) ??
    (crashes.some(pattern => pattern.test(rest)) || undefined)
  );
}

/** Whether an entry begins with this line for sure: it has a time, a level, or is JSON. */
export function beginsEntry(line: string): boolean {
  const text = line.slice(0, MAX_LENGTH).replace(colours, '');
  if (/^\s/.test(text)) {
    return false;
  }
  return (
    withoutTimestamp(text).timed ||
    parse(text) !== undefined ||
    klog.test(text) ||
    ofPlace(text, false) !== undefined ||
    ofLogfmt(text) !== undefined
  );
}

function withoutTimestamp(text: string): { rest: string; timed: boolean } {
  const rest = text.replace(timestamp, '');
  return { rest, timed: rest.length < text.length };
}

function parse(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{') || !text.trimEnd().endsWith('}')) {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function ofJson(text: string): boolean | undefined {
  const entry = parse(text);
  if (!entry) {
    return undefined;
  }
  for (const member of jsonMembers) {
    const found = isError(entry[member]);
    if (found !== undefined) {
      return found;
    }
  }
  const { log } = entry;
  const nested =
    typeof log === 'object' && log !== null
      ? isError((log as { level?: unknown }).level)
      : undefined;
  if (nested !== undefined) {
    return nested;
  }
  for (const member of wrapped) {
    const inner = entry[member];
    if (typeof inner === 'string' && !inner.trimStart().startsWith('{"log"')) {
      return readLevel(inner);
    }
  }
  // JSON without a level is no error, whatever its members are called.
  return false;
}

function ofKlog(text: string): boolean | undefined {
  const letter = text.match(klog)?.[1];
  return letter === undefined ? undefined : letter === 'E' || letter === 'F';
}

function ofLogfmt(text: string): boolean | undefined {
  return isError(text.match(logfmt)?.[1]);
}

/** Looks past time, thread and number of the process for the level. */
function ofPlace(line: string, timedBefore: boolean): boolean | undefined {
  let text = line;
  let timed = timedBefore;
  for (let part = 0; part < 8; part++) {
    const level =
      text.match(bare)?.[1] ??
      text.match(withColon)?.[1] ??
      (timed ? text.match(lowerAfterTime)?.[1] : undefined) ??
      text.match(dashed)?.[1] ??
      (timed ? text.match(loggerFirst)?.[1] : undefined);
    if (level !== undefined) {
      return isError(level) && !nothing.test(text);
    }
    const inside = text.match(bracket)?.[1].trim();
    const ofBracket = inside === undefined ? undefined : isError(inside);
    if (ofBracket !== undefined && !/^\d+$/.test(inside ?? '')) {
      return ofBracket;
    }
    const shorter = text
      .replace(timestamp, '')
      .replace(bracket, '')
      .replace(separator, '');
    if (shorter.length === text.length) {
      return undefined;
    }
    timed = true;
    text = shorter;
  }
  return undefined;
}
