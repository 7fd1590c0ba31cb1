// The kit is called by tests, and expects on their behalf.
module.exports = {
  rules: {
    'jest/no-standalone-expect': 'off',
    'jest/expect-expect': 'off',
    'jest/no-export': 'off',
  },
};
