import { GateState } from '@vvp/backstage-plugin-deploy-common';
import { sampleGate, sampleGates } from '../__testUtils__/evidenceSamples';
import { actualText, canBeWaived, gatesText, thresholdText } from './gates';

function gates(...states: GateState[]) {
  return sampleGates(states.map(state => sampleGate({ state })));
}

describe('gatesText', () => {
  it.each<[GateState[], string]>([
    [[], 'No gates'],
    [['none'], 'No gates'],
    [['pass'], 'The gate passes'],
    [['pass', 'pass'], 'All 2 gates pass'],
    [['fail'], 'The gate fails'],
    [['fail', 'pass', 'fail', 'pass', 'pending'], '2 of 5 gates fail'],
    [['fail', 'pass'], '1 of 2 gates fails'],
    [['fail', 'fail'], 'All 2 gates fail'],
    [['pending', 'pass', 'waived'], '1 of 3 gates is pending'],
    [['waived', 'pass', 'waived'], '2 of 3 gates are waived'],
  ])('says of %j: %s', (states, text) => {
    expect(gatesText(gates(...states))).toBe(text);
  });

  it.each<[GateState[], number, string]>([
    [['pass'], 1, '1 of 2 gates passes, 1 is awaited after the deployment'],
    [
      ['fail', 'pass'],
      2,
      '1 of 4 gates fails, 2 are awaited after the deployment',
    ],
    [
      ['pending'],
      1,
      '1 of 2 gates is pending, 1 is awaited after the deployment',
    ],
    [[], 1, 'The gate is awaited after the deployment'],
    [[], 2, 'All 2 gates are awaited after the deployment'],
  ])(
    'tells apart, beside %j, what is measured once the release is there',
    (states, awaited, text) => {
      const after = sampleGate({
        state: 'pending',
        afterDeployment: true,
        evidenceIds: [],
      });

      expect(
        gatesText(
          sampleGates([
            ...states.map(state => sampleGate({ state })),
            ...Array(awaited).fill(after),
          ]),
        ),
      ).toBe(text);
    },
  );

  it('says that a report is missing where it is overdue after the deployment', () => {
    const overdue = sampleGate({
      state: 'fail',
      afterDeployment: true,
      evidenceIds: [],
    });

    expect(gatesText(sampleGates([sampleGate(), overdue]))).toBe(
      '1 of 2 gates fails',
    );
  });
});

describe('what was measured and what is asked', () => {
  it('does not show a value that fails as the limit', () => {
    const gate = sampleGate({ actual: 78.996, checks: [] });

    expect(actualText(gate)).toBe('78.99 %');
    expect(thresholdText(gate)).toBe('79 %');
  });

  it.each([
    ['minimum', 'at least 79 %'],
    ['maximum', 'at most 79 %'],
    ['moreThan', 'more than 79 %'],
    ['lessThan', 'less than 79 %'],
    ['baseline', '79 %'],
  ])('takes the word from the check that decides: %s', (operator, text) => {
    const gate = sampleGate();
    const decides = { ...gate.checks[0], operator };
    const other = { ...decides, operator: 'maxAge', actual: 3, unit: 's' };

    expect(thresholdText({ ...gate, checks: [other, decides] })).toBe(text);
  });

  it('has nothing to say where the rule is not about a number', () => {
    const gate = sampleGate({ actual: undefined, threshold: undefined });

    expect([actualText(gate), thresholdText(gate)]).toEqual([
      undefined,
      undefined,
    ]);
  });
});

describe('canBeWaived', () => {
  it.each<[GateState, boolean]>([
    ['fail', true],
    ['pending', true],
    ['waived', false],
    ['pass', false],
    ['none', false],
  ])('%s: %s', (state, waivable) => {
    expect(canBeWaived(sampleGate({ state }))).toBe(waivable);
  });
});
