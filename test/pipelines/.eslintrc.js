// These tests drive a plugin by its own test harness, which it does not offer to others.
module.exports = {
  rules: { '@backstage/no-forbidden-package-imports': 'off' },
};
