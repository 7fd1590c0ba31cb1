import { PipelineDocument } from './schema';

type Report = (
  path: readonly string[],
  message: string,
  remedy: string,
) => void;

interface Field {
  name: string;
  from: number;
  to: number;
  names?: readonly string[];
}

const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const DAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');

/** What GitHub takes, in its order (https://docs.github.com/actions/reference/events-that-trigger-workflows#schedule). */
const FIELDS: readonly Field[] = [
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day of the month', from: 1, to: 31 },
  { name: 'month', from: 1, to: 12, names: MONTHS },
  { name: 'day of the week', from: 0, to: 6, names: DAYS },
];

/** Days of each month, of February in a leap year. */
const LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** What is wrong with five fields of cron; undefined if GitHub would run it at some time. */
export function scheduleProblem(schedule: string): string | undefined {
  const values = schedule.split(' ').map((text, index) => {
    const field = FIELDS[index];
    return field && valuesOf(text, field);
  });
  const wrong = FIELDS.findIndex((_, index) => values[index] === undefined);
  if (values.length !== FIELDS.length || wrong >= 0) {
    const { name, from, to } = FIELDS[Math.max(0, wrong)];
    return `GitHub takes ${from} to ${to} as the ${name}`;
  }
  const [, , days = [], months = []] = values;
  const isAnyWeekday = schedule.split(' ')[4].startsWith('*');
  return isAnyWeekday &&
    !months.some(month => days.some(day => day <= LENGTHS[month - 1]))
    ? 'there is no such day in these months'
    : undefined;
}

/** All values that a field stands for; undefined if it is none. */
function valuesOf(text: string, field: Field): number[] | undefined {
  const parts = text.split(',').map(part => partOf(part, field));
  return parts.every((part): part is number[] => part !== undefined)
    ? parts.flat()
    : undefined;
}

function partOf(text: string, field: Field): number[] | undefined {
  const found =
    /^(?:\*|([0-9A-Za-z]+)(?:-([0-9A-Za-z]+))?)(?:\/([0-9]+))?$/.exec(text);
  if (!found) {
    return undefined;
  }
  const [, first, last, step] = found;
  const from = first === undefined ? field.from : numberOf(first, field);
  // A start with a step goes on to the end.
  const open = first === undefined || step !== undefined ? field.to : from;
  const to = last === undefined ? open : numberOf(last, field);
  const by = Number(step ?? 1);
  if (
    from === undefined ||
    to === undefined ||
    from < field.from ||
    to > field.to ||
    from > to ||
    by < 1
  ) {
    return undefined;
  }
  return Array.from(
    { length: Math.floor((to - from) / by) + 1 },
    (_, index) => from + index * by,
  );
}

function numberOf(text: string, { from, names = [] }: Field) {
  const named = names.indexOf(text.toUpperCase());
  if (named >= 0) {
    return from + named;
  }
  return /^[0-9]+$/.test(text) ? Number(text) : undefined;
}

/** Refuses schedules that GitHub does not take, or that never come. */
export function checkSchedules(
  { spec }: PipelineDocument,
  report: Report,
): void {
  const places: [string[], string | undefined][] = [
    [['spec', 'pipeline', 'cleanup'], spec.pipeline?.cleanup?.schedule],
    ...Object.entries(spec.tests ?? {}).map(
      ([key, { schedule }]): [string[], string | undefined] => [
        ['spec', 'tests', key],
        schedule,
      ],
    ),
  ];
  for (const [path, schedule] of places) {
    const problem = schedule && scheduleProblem(schedule);
    if (problem) {
      report(
        [...path, 'schedule'],
        `the schedule "${schedule}" never runs: ${problem}`,
        'Write minute, hour, day, month and day of the week, such as "0 2 * * 1" for Mondays at two.',
      );
    }
  }
}
