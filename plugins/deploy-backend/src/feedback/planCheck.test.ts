import { CheckAnnotation } from './gateAnnotations';
import { planCheck } from './planCheck';
import { RenderedCheck } from './renderCheck';

function annotations(count: number): CheckAnnotation[] {
  return Array.from({ length: count }, (_, index) => ({
    path: 'a.py',
    start_line: index + 1,
    end_line: index + 1,
    annotation_level: 'warning',
    title: 'Not covered by tests',
    message: 'This changed line is not run by any test.',
  }));
}

function check(more: Partial<RenderedCheck> = {}): RenderedCheck {
  return {
    name: 'coverage',
    status: 'completed',
    conclusion: 'failure',
    title: 'Too low',
    summary: 'Too low',
    annotations: [],
    externalId: 'gate-1',
    ...more,
  };
}

/** What stands in the table after a check was written. */
function written(one: RenderedCheck) {
  return { githubId: '7', digest: planCheck(one, undefined)?.digest };
}

const pending = check({ status: 'in_progress', conclusion: undefined });

describe('planCheck', () => {
  it.each([
    [0, [0]],
    [1, [1]],
    [50, [50]],
    [51, [50, 1]],
    [120, [50, 50, 20]],
  ])('sends %d annotations in %j', (count, sizes) => {
    const plan = planCheck(
      check({ annotations: annotations(count) }),
      undefined,
    );

    expect(plan?.githubId).toBeUndefined();
    expect(plan?.batches.map(batch => batch.length)).toEqual(sizes);
    expect(plan?.batches.flat()).toEqual(annotations(count));
  });

  it.each([0, 120])(
    'sends nothing if nothing is new, with %d annotations',
    count => {
      const one = check({ annotations: annotations(count) });

      expect(planCheck(one, written(one))).toBeUndefined();
    },
  );

  it.each<[string, RenderedCheck, RenderedCheck, number[]]>([
    ['another text', check(), check({ title: 'Better' }), [0]],
    ['another end', check(), check({ conclusion: 'neutral' }), [0]],
    ['an end', pending, check(), [0]],
    [
      'its first annotations',
      pending,
      check({ annotations: annotations(60) }),
      [50, 10],
    ],
    [
      'another text and the same annotations',
      check({ annotations: annotations(60) }),
      check({ annotations: annotations(60), title: 'Better' }),
      [0],
    ],
  ])('updates a run that gets %s', (_name, before, after, sizes) => {
    const plan = planCheck(after, written(before));

    expect(plan?.githubId).toBe('7');
    expect(plan?.batches.map(batch => batch.length)).toEqual(sizes);
  });

  it.each<[string, RenderedCheck, RenderedCheck]>([
    [
      'more annotations',
      check({ annotations: annotations(1) }),
      check({ annotations: annotations(2) }),
    ],
    [
      'no annotations any more',
      check({ annotations: annotations(1) }),
      check(),
    ],
    ['no end any more', check(), pending],
  ])('makes a new run if there are %s', (_name, before, after) => {
    const plan = planCheck(after, written(before));

    expect(plan).toBeDefined();
    expect(plan?.githubId).toBeUndefined();
    expect(plan?.batches.flat()).toEqual(after.annotations);
  });

  it('makes a new run if nobody knows which annotations GitHub has', () => {
    const one = check({ annotations: annotations(60) });
    const unsure = planCheck(one, undefined)?.unsureDigest;

    const plan = planCheck(one, { githubId: '7', digest: unsure });

    expect(plan).toMatchObject({ batches: [{ length: 50 }, { length: 10 }] });
    expect(plan?.githubId).toBeUndefined();
  });

  it('makes digests that fit their column', () => {
    const plan = planCheck(check({ annotations: annotations(1) }), undefined);

    expect(plan?.digest.length).toBeLessThanOrEqual(64);
    expect(plan?.digest).not.toBe(plan?.unsureDigest);
  });
});
