import {
  currentAnew,
  nextAnew,
} from '@vvp/backstage-plugin-deploy-backend/src/freezes/__testUtils__/windowsAnew';
import { RecurringWindow } from '@vvp/backstage-plugin-deploy-backend/src/freezes/windows/RecurringWindows';
import {
  currentWindow,
  nextWindow,
} from '@vvp/backstage-plugin-deploy-backend/src/freezes/windows/windowsOf';
import { report } from './report';

const FREEZES = 50;
const PASSES = 5;
const NOW = Date.parse('2026-06-06T00:20:00Z');
const hours = [...Array(24).keys()].join(',');

/** As many windows a day as may be, on the days of a weekend, which follow on one another. */
const freezes = Array.from({ length: FREEZES }, (_, index): RecurringWindow => {
  const month = String((index % 12) + 1).padStart(2, '0');
  const day = String(Math.floor(index / 12) + 1).padStart(2, '0');
  return {
    rrule: `FREQ=DAILY;BYDAY=SA;BYHOUR=${hours}`,
    timeZone: 'Europe/Berlin',
    start: `2025-${month}-${day}T00:00`,
    duration: 'PT1H',
  };
});

type Ask = (window: RecurringWindow, at: number) => unknown;

/** Milliseconds for one question about each; nothing else happens meanwhile. */
function ask(current: Ask, next: Ask): { took: number; answers: unknown[] } {
  const start = performance.now();
  const answers = freezes.map(window => [
    current(window, NOW),
    next(window, NOW),
  ]);
  return { took: performance.now() - start, answers };
}

const anew = ask(currentAnew, nextAnew);
const first = ask(currentWindow, nextWindow);
const more = Array.from({ length: PASSES }, () =>
  ask(currentWindow, nextWindow),
);
if (
  [first, ...more].some(
    ({ answers }) => JSON.stringify(answers) !== JSON.stringify(anew.answers),
  )
) {
  throw new Error('The windows are not those that are worked out anew');
}

const baseline = anew.took / FREEZES;
report({
  name: 'freezes: asked for the first time, 24 windows a day',
  value: first.took / FREEZES,
  unit: 'ms/freeze',
  baseline,
});
report({
  name: 'freezes: asked again, 24 windows a day',
  value: Math.min(...more.map(({ took }) => took)) / FREEZES,
  unit: 'ms/freeze',
  baseline,
});
