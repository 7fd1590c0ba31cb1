module.exports = {
  rootDir: __dirname,
  testMatch: ['**/*.e2e.ts'],
  testEnvironment: 'node',
  transform: {
    '\\.ts$': [
      require.resolve(
        '@backstage/cli-module-test-jest/config/jestSwcTransform',
      ),
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } },
    ],
  },
  globalSetup: '<rootDir>/globalSetup.ts',
  globalTeardown: '<rootDir>/globalTeardown.ts',
  testTimeout: 600_000,
};
