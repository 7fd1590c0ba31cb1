/* global jest */
const { createRequire } = require('node:module');
const { configure, getConfig } = require('@testing-library/react');

// No test is about time: a machine that is busy with others may take its own.
jest.setTimeout(240_000);

// React brings its own version of it.
const scheduler = createRequire(require.resolve('react-dom'))('scheduler');

/** Waits until React has done what it had begun, effects and what they set among it. */
function reactIsIdle() {
  return new Promise(resolve => {
    scheduler.unstable_scheduleCallback(
      scheduler.unstable_IdlePriority,
      resolve,
    );
  });
}

const { asyncWrapper } = getConfig();

configure({
  asyncUtilTimeout: 60_000,
  // What was found may have been put there a moment ago, with its effects to come. On a busy machine a test would be
  // in between them with what it does next, which nobody at a browser is: a Material-UI button that takes the focus
  // there breaks ("pulsate" of null), and takes the page with it.
  asyncWrapper: callback =>
    asyncWrapper(async () => {
      const result = await callback();
      await reactIsIdle();
      return result;
    }),
});

/** What dependencies say of themselves on every page, and nobody here can mend. */
const known = [
  // Material-UI 4 with the last React that has it
  /^Warning: findDOMNode is deprecated/,
  // jsdom, of media queries inside of style sheets
  /\[JSS\] processedRuleToParse is not defined/,
];

for (const level of ['error', 'warn']) {
  const say = console[level];
  console[level] = (...args) => {
    if (!known.some(text => text.test(String(args[0])))) {
      say(...args);
    }
  };
}
