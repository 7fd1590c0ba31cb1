// Benches measure parts that a package does not offer to others.
module.exports = {
  rules: { '@backstage/no-forbidden-package-imports': 'off' },
};
