module.exports = {
  root: true,
  extends: ['eslint:recommended', 'plugin:@backstage/recommended'],
  env: { node: true, es2022: true },
  parserOptions: { ecmaVersion: 2022, sourceType: 'module' },
};
