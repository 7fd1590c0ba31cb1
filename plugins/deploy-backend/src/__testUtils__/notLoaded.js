/**
 * In place of clients that Backstage's services load at once, although no test calls them: to load them
 * takes each test file longer than all of this plugin.
 */
module.exports = new Proxy(
  {},
  {
    get: (_, name) =>
      name === '__esModule'
        ? undefined
        : function NotLoaded() {
            throw new Error(
              `${String(
                name,
              )} is left out of tests: see moduleNameMapper of jest.`,
            );
          },
  },
);
