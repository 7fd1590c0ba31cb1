// This package keeps no `src` folder, which is where Backstage's own configuration looks.
module.exports = {
  rootDir: __dirname,
  displayName: '@vvp/test',
  id: 'vvp-test',
  testEnvironment: require.resolve('jest-environment-node'),
  testMatch: ['**/*.test.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
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
