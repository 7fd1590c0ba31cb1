import { Report } from './checkGateRule';
import { globProblem } from './checkGlobs';
import {
  HotfixDocument,
  PromotionDocument,
  secondsOf,
} from './normalisePromotion';
import { quote } from './suggest';

type Path = readonly string[];
type Rules = NonNullable<HotfixDocument['approvals']>;

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;

/** GitHub lets no job wait longer than 30 days; a soak time longer than a year is a slip of the pen. */
const maxDays = { soak: 366, expiresAfter: 30 };

/** Checks what one place says of promotions, by itself. */
export function checkPromotionRule(
  document: PromotionDocument,
  path: Path,
  report: Report,
): void {
  checkShared(document, path, report);
  const { hotfix } = document;
  if (hotfix === true) {
    report(
      [...path, 'hotfix'],
      '"hotfix" is true, which says nothing',
      'Say what is different for a hotfix, write false if none is let in, or remove it.',
    );
  } else if (hotfix) {
    checkShared(hotfix, [...path, 'hotfix'], report);
  }
}

function checkShared(document: HotfixDocument, path: Path, report: Report) {
  checkApprovals(document.approvals ?? [], [...path, 'approvals'], report);
  checkTimes(document, path, report);
  for (const kind of ['branches', 'tags'] as const) {
    (document.refs?.[kind] ?? []).forEach((glob, index) => {
      const problem = globProblem(glob);
      if (problem) {
        report(
          [...path, 'refs', kind, String(index)],
          `the glob ${quote(glob)} ${problem[0]}`,
          problem[1],
        );
      }
    });
  }
}

function checkApprovals(rules: Rules, path: Path, report: Report) {
  const pools = new Map<string, number>();
  rules.forEach(({ from, required = 1 }, index) => {
    const rulePath = [...path, String(index)];
    const people = from?.map(ref => ref.toLocaleLowerCase('en-US'));
    people?.forEach((ref, position) => {
      if (people.indexOf(ref) < position) {
        report(
          [...rulePath, 'from', String(position)],
          `${quote(ref)} is named twice`,
          'Keep one of the two.',
        );
      }
    });
    const users = new Set(people?.filter(ref => ref.startsWith('user:')));
    if (
      people &&
      users.size === new Set(people).size &&
      required > users.size
    ) {
      report(
        [...rulePath, 'required'],
        `this rule asks for ${required} voices of ${users.size} ${
          users.size === 1 ? 'person' : 'people'
        }`,
        'Ask for fewer, or name more people or a group.',
      );
    }
    const pool = JSON.stringify(people ? [...new Set(people)].sort() : []);
    const earlier = pools.get(pool);
    if (earlier !== undefined) {
      report(
        rulePath,
        `rules ${earlier + 1} and ${index + 1} are about the same people`,
        'Make one rule of the two: "required" says how many voices.',
      );
    }
    pools.set(pool, earlier ?? index);
  });
}

function checkTimes(
  { soak, order, expiresAfter }: HotfixDocument,
  path: Path,
  report: Report,
) {
  const times = { soak, expiresAfter };
  for (const key of ['soak', 'expiresAfter'] as const) {
    const value = times[key];
    if (value !== undefined && secondsOf(value) > maxDays[key] * DAY) {
      report(
        [...path, key],
        `"${key}" is more than ${maxDays[key]} days`,
        'Write a shorter time.',
      );
    }
  }
  if (expiresAfter !== undefined && secondsOf(expiresAfter) < MINUTE) {
    report(
      [...path, 'expiresAfter'],
      '"expiresAfter" is less than a minute: nobody could decide in time',
      'Write a longer time, such as 7 days.',
    );
  }
  if (order === 'none' && soak !== undefined && secondsOf(soak) > 0) {
    report(
      [...path, 'soak'],
      'there is a soak time, but "order" asks for no environment in which it would pass',
      'Write order: previous, or remove "soak".',
    );
  }
}
