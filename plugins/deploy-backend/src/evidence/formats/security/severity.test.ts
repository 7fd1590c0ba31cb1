import {
  severityOfRating,
  severityOfScore,
  severityOfVector,
  severityOfWord,
  worst,
} from './severity';

describe('severity', () => {
  it.each([
    ['critical', 10],
    ['critical', '9.0'],
    ['high', 8.9],
    ['high', '7'],
    ['medium', 6.9],
    ['medium', '4.0'],
    ['low', 3.9],
    ['low', 0.1],
    ['info', 0],
  ])('is %s for the score %s', (expected, score) => {
    const severity = severityOfScore(score, 'score');

    expect(severity).toBe(expected);
  });

  it.each([-0.1, 10.1, NaN, Infinity, 'high', '', '7 %', undefined, {}])(
    'refuses the score %s',
    score => {
      const reading = () => severityOfScore(score, 'results[3].score');

      expect(reading).toThrow(/^results\[3\]\.score: /);
    },
  );

  // Scores by FIRST's own calculator.
  it.each([
    ['critical', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'],
    ['high', 'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H'],
    ['medium', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N'],
    ['low', 'CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N'],
    ['high', 'AV:N/AC:L/Au:N/C:P/I:P/A:P'],
    [
      'critical',
      'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N',
    ],
    [undefined, 'CVSS:3.1/AV:N'],
    [undefined, 'nonsense'],
    [undefined, ''],
    [undefined, undefined],
  ])('is %s for the vector %s', (expected, vector) => {
    const severity = severityOfVector(vector);

    expect(severity).toBe(expected);
  });

  it.each([
    ['critical', 'CRITICAL'],
    ['high', 'Important'],
    ['medium', 'moderate'],
    ['low', ' Low '],
    ['info', 'negligible'],
    [undefined, 'UNKNOWN'],
    [undefined, 'constructor'],
    [undefined, undefined],
  ])('is %s for the word %s', (expected, word) => {
    const severity = severityOfWord(word);

    expect(severity).toBe(expected);
  });

  it.each([
    ['high', 'HIGH'],
    ['high', '7.5'],
    [undefined, undefined],
    [undefined, null],
  ])('is %s for the rating %s', (expected, rating) => {
    const severity = severityOfRating(rating, 'rating');

    expect(severity).toBe(expected);
  });

  it.each([
    ['critical', ['low', 'critical', undefined] as const],
    ['low', ['info', 'low'] as const],
    [undefined, [undefined] as const],
  ])('%s is the worst of %j', (expected, found) => {
    const severity = worst(found);

    expect(severity).toBe(expected);
  });
});
