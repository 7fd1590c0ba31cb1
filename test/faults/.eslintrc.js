// These tests run an engine without the plugin around it, which the plugin does not offer to others.
// Some files declare tests on behalf of others.
module.exports = {
  rules: {
    '@backstage/no-forbidden-package-imports': 'off',
    'jest/no-export': 'off',
  },
};
