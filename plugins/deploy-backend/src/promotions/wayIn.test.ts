import { Seam } from '@vvp/backstage-plugin-deploy-common';
import { Dispatch } from '../protection/types';
import { wayInOf } from './wayIn';

const commit = 'a'.repeat(40);
const concern = { environmentId: 'e1', environment: 'production', commit };
const promoted: Dispatch = {
  operationId: 'o1',
  kind: 'promote',
  status: 'running',
  promotionId: 'p1',
  environmentId: 'e1',
  commit,
};

describe('wayInOf', () => {
  it.each<[string, Dispatch | 'unsure' | undefined, Seam | undefined, string]>([
    ['a run of a push', undefined, 'protection-rule', 'promotion'],
    ['a run where no policy is known', undefined, undefined, 'promotion'],
    ['any run where the portal starts all', undefined, 'dispatch', 'reject'],
    ['a run that may be its own', 'unsure', 'protection-rule', 'wait'],
    ['its own run', promoted, 'dispatch', 'dispatch'],
    ['its own run after the seam changed', promoted, 'review', 'dispatch'],
    [
      'its own run for another commit',
      { ...promoted, commit: 'b'.repeat(40) },
      'dispatch',
      'reject',
    ],
    [
      'its own run at another environment',
      { ...promoted, environmentId: 'e2' },
      'dispatch',
      'reject',
    ],
    [
      'its own run of a promotion that is unknown',
      { ...promoted, promotionId: undefined },
      'dispatch',
      'reject',
    ],
    [
      'its own run, again after its operation failed',
      { ...promoted, status: 'failed' },
      'dispatch',
      'reject',
    ],
    [
      'its own run, again after its operation was cancelled',
      { ...promoted, status: 'cancelled' },
      'dispatch',
      'reject',
    ],
    [
      'its own run after its operation ended well',
      { ...promoted, status: 'succeeded' },
      'dispatch',
      'dispatch',
    ],
    [
      'its own run, again while its operation looks what it left',
      { ...promoted, hasEnded: true },
      'dispatch',
      'reject',
    ],
    [
      'the run of a rollback, again while that puts back what was there',
      { ...promoted, kind: 'rollback', isUndoing: true, hasEnded: true },
      'protection-rule',
      'reject',
    ],
    [
      'a rollback',
      { ...promoted, kind: 'rollback' },
      'protection-rule',
      'operation',
    ],
    [
      'a rollback of another service',
      { ...promoted, kind: 'rollback', environmentId: 'e2' },
      'protection-rule',
      'reject',
    ],
    [
      'a rollback that is over',
      { ...promoted, kind: 'rollback', status: 'failed' },
      'dispatch',
      'reject',
    ],
    [
      'a redeployment where runs ask by themselves',
      { ...promoted, kind: 'redeploy' },
      'protection-rule',
      'promotion',
    ],
    [
      'a redeployment where the portal starts all',
      { ...promoted, kind: 'redeploy' },
      'dispatch',
      'operation',
    ],
  ])('of %s', (_, dispatch, seam, expected) => {
    const way = wayInOf({ ...(dispatch && { dispatch }) }, concern, seam);

    expect(way.by === 'nobody' ? way.decision : way.by).toBe(expected);
  });

  it('says what to do instead', () => {
    expect(wayInOf({}, concern, 'dispatch')).toMatchObject({
      why: expect.stringMatching(/production.*Ask for the promotion/),
    });
  });

  it('tells where a rollback puts back what it changed', () => {
    const dispatch: Dispatch = {
      ...promoted,
      kind: 'rollback',
      isUndoing: true,
    };

    expect(wayInOf({ dispatch }, concern, 'dispatch')).toEqual({
      by: 'operation',
      isUndoing: true,
    });
  });

  it('lets a redeployment in only if the release runs there', () => {
    expect(
      wayInOf(
        { dispatch: { ...promoted, kind: 'redeploy' } },
        concern,
        'dispatch',
      ),
    ).toMatchObject({ unless: expect.stringContaining('Ask for') });
  });
});
