/** Names of levels as logs have them, in capitals, and whether they are errors. */
const isErrorLevel: ReadonlyMap<string, boolean> = new Map([
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
  ].map(name => [name, true] as const),
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
  ].map(name => [name, false] as const),
]);

/** Every name, for patterns. */
export const levelNames = [...isErrorLevel.keys()].join('|');

/** pino and bunyan: 50 is error, 60 fatal. */
const FIRST_ERROR_NUMBER = 50;

/** Whether a level is that of an error; undefined for what is no level. */
export function isError(level: unknown): boolean | undefined {
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
