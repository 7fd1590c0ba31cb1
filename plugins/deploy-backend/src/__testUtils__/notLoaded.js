/**
 * In place of clients that Backstage's services load at once, although no test calls them: to load them
 * takes each test file longer than all of this plugin. They may be made, but nothing can be asked of them.
 */
const refuse = (_, name) => {
  // Whoever makes one may look at whether it can be awaited.
  if (name === 'then') {
    return undefined;
  }
  throw new Error(
    `${String(name)} is left out of tests: see moduleNameMapper of jest.`,
  );
};

module.exports = new Proxy(
  {},
  {
    get: (_, name) =>
      name === '__esModule'
        ? undefined
        : function NotLoaded() {
            return new Proxy({}, { get: refuse });
          },
  },
);
