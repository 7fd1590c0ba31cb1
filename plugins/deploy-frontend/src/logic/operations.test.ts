import {
  Operation,
  OperationKind,
  StepStatus,
} from '@vvp/backstage-plugin-deploy-common';
import { sampleOperation, sampleStep } from '../__testUtils__/operationSamples';
import {
  aheadText,
  canBeCancelled,
  cancelText,
  isOver,
  operationStatusText,
  outcomeText,
  progressText,
  referenceText,
} from './operations';

function stepsOf(...statuses: StepStatus[]) {
  return statuses.map((status, index) =>
    sampleStep({ name: `step-${index}`, status }),
  );
}

const failure = { message: 'It did not become healthy.' };

describe('operationStatusText', () => {
  it.each<[string, Partial<Operation>, string]>([
    ['queued', { status: 'queued' }, 'Queued'],
    ['running', {}, 'Running'],
    ['undoing', { steps: stepsOf('compensated', 'running') }, 'Undoing'],
    ['about to undo', { steps: stepsOf('succeeded', 'failed') }, 'Undoing'],
    [
      'parked',
      { parked: { message: 'No credential.', since: '2026-11-21T03:00:00Z' } },
      'Parked',
    ],
    ['unclear', { status: 'failed', outcome: 'unclear' }, 'Unclear'],
    [
      'failed',
      {
        status: 'failed',
        outcome: 'as-before',
        steps: stepsOf('compensated', 'failed'),
      },
      'Failed',
    ],
    ['succeeded', { status: 'succeeded', outcome: 'done' }, 'Succeeded'],
  ])('calls one that is %s by its name', (_name, part, label) => {
    expect(operationStatusText(sampleOperation(part)).label).toBe(label);
  });
});

describe('outcomeText', () => {
  it.each(['queued', 'running'] as const)('says nothing while %s', status => {
    expect(outcomeText(sampleOperation({ status }))).toBeUndefined();
  });

  it.each<[OperationKind, RegExp]>([
    [
      'rollback',
      /^Rolled back: vvp-verifier--0000008 \(v1.4.1, b2c3d4e\) is in place/,
    ],
    ['redeploy', /^Redeployed: .* is in place/],
    ['restart', /^Restarted/],
    ['rerun', /run again/],
    ['rerun-tests', /tests passed/],
    ['force-deploy', /^Deployed/],
  ])('says that a %s is done', (kind, title) => {
    const outcome = outcomeText(
      sampleOperation({ kind, status: 'succeeded', outcome: 'done' }),
    );

    expect(outcome).toMatchObject({ tone: 'success', loud: false });
    expect(outcome?.title).toMatch(title);
  });

  it('does not look all well when something is missing after the proof', () => {
    const outcome = outcomeText(
      sampleOperation({ status: 'succeeded', outcome: 'done', failure }),
    );

    expect(outcome).toMatchObject({ tone: 'attention', loud: false });
  });

  it('says that nothing had to be done', () => {
    const outcome = outcomeText(
      sampleOperation({ status: 'succeeded', outcome: 'already-there' }),
    );

    expect(outcome?.title).toMatch(/^Already there/);
    expect(outcome?.text).toBe('Nothing was changed.');
  });

  it.each<[string, StepStatus[], RegExp]>([
    ['undone', ['compensated', 'failed'], /what was changed was undone/],
    ['never begun', ['failed', 'skipped'], /nothing was changed/],
  ])('says what is left of one that was %s', (_name, statuses, text) => {
    const outcome = outcomeText(
      sampleOperation({
        status: 'failed',
        outcome: 'as-before',
        failure,
        steps: stepsOf(...statuses),
      }),
    );

    expect(outcome).toMatchObject({ title: 'Rollback failed', tone: 'error' });
    expect(outcome?.text).toMatch(text);
    expect(outcome?.text).toContain(
      'vvp-verifier--0000009 (v1.4.2, a1b2c3d) serves.',
    );
  });

  it('does not claim that all is as before where that is not known', () => {
    const outcome = outcomeText(sampleOperation({ status: 'failed', failure }));

    expect(outcome).toMatchObject({ title: 'Rollback failed', loud: false });
    expect(outcome?.text).toBeUndefined();
  });

  it.each(['failed', 'cancelled'] as const)(
    'is loud where nobody knows what a %s one has left',
    status => {
      expect(
        outcomeText(sampleOperation({ status, outcome: 'unclear', failure })),
      ).toMatchObject({
        title: 'Look at production now',
        tone: 'error',
        loud: true,
      });
    },
  );

  it('does not say of a promotion that something was undone', () => {
    const outcome = outcomeText(
      sampleOperation({
        kind: 'promote',
        status: 'failed',
        outcome: 'unclear',
        failure,
      }),
    );

    expect(outcome?.title).toBe('Look at production now');
    expect(outcome?.text).toContain('is not undone by the portal');
  });
});

describe('canBeCancelled', () => {
  it.each<[string, Partial<Operation>, boolean]>([
    ['queued', { status: 'queued' }, true],
    ['running', {}, true],
    [
      'asked to stop already',
      { cancelRequested: { by: 'user:default/omar', at: 'now' } },
      false,
    ],
    ['undoing', { steps: stepsOf('succeeded', 'failed') }, false],
    ['over', { status: 'succeeded' }, false],
  ])('tells for one that is %s', (_name, part, expected) => {
    expect(canBeCancelled(sampleOperation(part))).toBe(expected);
  });
});

describe('cancelText', () => {
  it.each<[Partial<Operation>, RegExp]>([
    [{ status: 'queued' }, /nothing was changed, and nothing will be/],
    [{ steps: stepsOf('running', 'pending') }, /may have begun/],
    [{ steps: stepsOf('succeeded', 'running') }, /in reverse order/],
  ])('says what stopping does', (part, text) => {
    expect(cancelText(sampleOperation(part))).toMatch(text);
  });
});

describe('small texts', () => {
  it.each([
    [undefined, 'Is about to begin'],
    [0, 'Is about to begin'],
    [1, 'Waits for 1 operation that goes first'],
    [3, 'Waits for 3 operations that go first'],
  ])('tells what waits before %s', (ahead, text) => {
    expect(aheadText(ahead)).toBe(text);
  });

  it('counts what is done or was not needed', () => {
    const operation = sampleOperation({
      steps: stepsOf('skipped', 'succeeded', 'running', 'pending'),
    });

    expect(progressText(operation)).toBe('2 of 4 steps done');
  });

  it.each([
    [undefined, undefined],
    [{}, undefined],
    [{ revision: 'r-7' }, 'r-7'],
    [{ commit: 'a1b2c3d4e5f6', version: 'v2' }, 'v2, a1b2c3d'],
    [{ revision: 'r-7', commit: 'a1b2c3d4e5f6' }, 'r-7 (a1b2c3d)'],
    [{ revision: 'a1b2c3d4e5f6', commit: 'a1b2c3d4e5f6' }, 'a1b2c3d'],
    [{ revision: 'a1b2c3d4e5'.repeat(4) }, 'a1b2c3d'],
  ])('names %j', (reference, text) => {
    expect(referenceText(reference)).toBe(text);
  });

  it.each([
    ['queued', false],
    ['running', false],
    ['succeeded', true],
    ['failed', true],
    ['cancelled', true],
  ] as const)('knows whether %s is the end', (status, over) => {
    expect(isOver({ status })).toBe(over);
  });
});
