#!/usr/bin/env bash
# Counts the errors among the newest entries of a log, as the portal does: <file> <entries>, to "<errors> <entries>".
# Written by test/pipelines/kubernetesErrorsScript.ts out of the portal's own code.
set -euo pipefail

exec node - "$@" <<'JAVASCRIPT'
/** Names of levels as logs have them, in capitals, and whether they are errors. */
const isErrorLevel = new Map([
    ...[
        'ERROR',
        'ERR',
        'EROR',
        'SEVERE',
        'FATAL',
        'CRITICAL',
        'CRIT',
        'PANIC',
        'DPANIC',
        'ALERT',
        'EMERG',
        'EMERGENCY',
    ].map(name => [name, true]),
    ...[
        'TRACE',
        'TRCE',
        'FINEST',
        'FINER',
        'FINE',
        'CONFIG',
        'VERBOSE',
        'DEBUG',
        'DBUG',
        'SILLY',
        'HTTP',
        'INFO',
        'INFORMATION',
        'NOTICE',
        'LOG',
        'SUCCESS',
        'WARN',
        'WARNING',
    ].map(name => [name, false]),
]);
/** Every name, for patterns. */
const levelNames = [...isErrorLevel.keys()].join('|');
/** pino and bunyan: 50 is error, 60 fatal. */
const FIRST_ERROR_NUMBER = 50;
/** Whether a level is that of an error; undefined for what is no level. */
function isError(level) {
    if (typeof level === 'number') {
        return level >= FIRST_ERROR_NUMBER;
    }
    if (typeof level !== 'string') {
        return undefined;
    }
    return /^\d+$/.test(level)
        ? Number(level) >= FIRST_ERROR_NUMBER
        : isErrorLevel.get(level.trim().toUpperCase());
}
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
const logfmt = /^(?=\S*=).*?(?:^|\s)(?:level|lvl|severity|levelname)="?(\w+)"?(?:\s|$)/i;
const klog = /^([IWEF])\d{4} \d\d:\d\d:\d\d/;
/** Dates, times and numbers of seconds, as logs begin with them. */
const timestamp = /^(?:\d{4}[-/]\d\d[-/]\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?)?|\d\d:\d\d:\d\d(?:[.,]\d+)?|\d{10,13}(?:\.\d+)?|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d)(?:\s?(?:Z|UTC|[+-]\d\d:?\d\d))?(?=[\s\]|:,-]|$)[:,]?\s*/;
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
const crashes = [
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
function readLevel(line) {
    const text = line.slice(0, MAX_LENGTH).replace(colours, '').trim();
    const { rest, timed } = withoutTimestamp(text);
    return (ofJson(rest) ??
        ofKlog(rest) ??
        ofPlace(rest, timed) ??
        ofLogfmt(rest) ??
        (crashes.some(pattern => pattern.test(rest)) || undefined));
}
/** Whether an entry begins with this line for sure: it has a time, a level, or is JSON. */
function beginsEntry(line) {
    const text = line.slice(0, MAX_LENGTH).replace(colours, '');
    if (/^\s/.test(text)) {
        return false;
    }
    return (withoutTimestamp(text).timed ||
        parse(text) !== undefined ||
        klog.test(text) ||
        ofPlace(text, false) !== undefined ||
        ofLogfmt(text) !== undefined);
}
function withoutTimestamp(text) {
    const rest = text.replace(timestamp, '');
    return { rest, timed: rest.length < text.length };
}
function parse(text) {
    if (!text.startsWith('{') || !text.trimEnd().endsWith('}')) {
        return undefined;
    }
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}
function ofJson(text) {
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
    const nested = typeof log === 'object' && log !== null
        ? isError(log.level)
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
function ofKlog(text) {
    const letter = text.match(klog)?.[1];
    return letter === undefined ? undefined : letter === 'E' || letter === 'F';
}
function ofLogfmt(text) {
    return isError(text.match(logfmt)?.[1]);
}
/** Looks past time, thread and number of the process for the level. */
function ofPlace(line, timedBefore) {
    let text = line;
    let timed = timedBefore;
    for (let part = 0; part < 8; part++) {
        const level = text.match(bare)?.[1] ??
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
/** Goes on with what was written before, whatever that was. */
const goesOn = [
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
const dump = /^(?:panic: |fatal error: |thread '[^']*' (?:\(\d+\) )?panicked at )/;
/**
 * Counts the errors among the newest entries of a log. The lines of a stack trace are one entry with what
 * they follow, where this can be told.
 *
 * @param log - oldest first; an item may have several lines
 * @param most - how many of the newest entries are looked at
 *
 * @public
 */
function countErrors(log, most) {
    const entries = toEntries(log).slice(-most);
    return {
        errors: entries.filter(({ isError }) => isError).length,
        entries: entries.length,
    };
}
function toEntries(log) {
    const entries = [];
    for (const line of log.flatMap(item => item.split(/\r?\n/))) {
        const last = entries.at(-1);
        if (line.trim() === '') {
            if (last) {
                last.gap = true;
            }
        }
        else if (last && belongsTo(last, line)) {
            last.gap = false;
            if (python.test(line)) {
                last.kind = 'traceback';
            }
            else if (last.kind === 'traceback' && exception.test(line)) {
                last.kind = 'plain';
            }
        }
        else {
            entries.push({
                isError: readLevel(line) === true,
                kind: kindOf(line),
                gap: false,
            });
        }
    }
    return entries;
}
function kindOf(line) {
    if (python.test(line)) {
        return 'traceback';
    }
    return dump.test(line) ? 'dump' : 'plain';
}
function belongsTo(last, line) {
    if (goesOn.some(pattern => pattern.test(line))) {
        return true;
    }
    if (python.test(line)) {
        // What was logged together with the exception.
        return last.isError;
    }
    if (beginsEntry(line) &&
        !(last.kind === 'traceback' && exception.test(line))) {
        return false;
    }
    if (last.kind !== 'plain') {
        return true;
    }
    // Java writes the exception below the line that was logged.
    return (last.isError &&
        !last.gap &&
        /^(?:[a-z][\w$]*\.)+[A-Z][\w$]*(?:Exception|Error)\b/.test(line));
}

const [file, most] = process.argv.slice(2);
const counted = countErrors([require('node:fs').readFileSync(file, 'utf8')], Number(most));
console.log(`${counted.errors} ${counted.entries}`);
JAVASCRIPT
