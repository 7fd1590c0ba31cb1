// This package keeps no `src` folder, which is where Backstage's own configuration looks.
module.exports = {
  rootDir: __dirname,
  displayName: '@vvp/test',
  id: 'vvp-test',
  runtime: require.resolve('../scripts/lib/jestRuntime.cjs'),
  testEnvironment: require.resolve('jest-environment-node'),
  testMatch: ['**/*.test.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  // Backstage's services load them at once, and no test calls them.
  moduleNameMapper: {
    '^(@keyv/(redis|valkey|memcache)|@azure/storage-blob|@google-cloud/storage|@aws-sdk/client-(s3|codecommit)|@manypkg/get-packages|archiver)$':
      '<rootDir>/../plugins/deploy-backend/src/__testUtils__/notLoaded.js',
  },
  transform: {
    '\\.(mjs|cjs|js)$': [
      require.resolve('@backstage/cli/config/jestSwcTransform'),
      {
        module: { ignoreDynamic: true, exportInteropAnnotation: true },
        jsc: { parser: { syntax: 'ecmascript' } },
      },
    ],
    '\\.ts$': [
      require.resolve('@backstage/cli/config/jestSwcTransform'),
      {
        module: { ignoreDynamic: true, exportInteropAnnotation: true },
        jsc: { parser: { syntax: 'typescript' } },
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?:ajv|jest-.*|knex|typescript)/'],
};
