const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * Tests of the whole begin first. On a clean clone jest knows no times and goes by the size of a file, so that the
 * slowest ones, which are short, would be what is left for the end.
 */
module.exports = class extends Sequencer {
  sort(tests) {
    const isWhole = ({ path }) =>
      /[\\/]test[\\/](targets|faults)[\\/]/.test(path);
    const sorted = super.sort(tests);
    return [
      ...sorted.filter(isWhole),
      ...sorted.filter(test => !isWhole(test)),
    ];
  }
};
