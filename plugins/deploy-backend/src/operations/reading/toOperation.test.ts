import { JoinedOperationRow, toOperationSummary } from './toOperation';

const now = new Date('2026-01-05T12:10:00.000Z');
const since = '2026-01-05T12:00:00.000Z';

function rowWith(part: Partial<JoinedOperationRow>): JoinedOperationRow {
  return {
    id: 'operation-1',
    position: 1,
    service_id: 'service',
    environment_id: 'environment',
    entity_ref: 'component:default/issuer',
    environment: 'production',
    ahead: 0,
    kind: 'rollback',
    status: 'running',
    phase: 'forward',
    lock_key: 'test:issuer',
    requested_by: 'user:default/dana',
    automatic: false,
    reason: null,
    from: null,
    to: null,
    from_release_id: null,
    to_release_id: null,
    context: '{}',
    idempotency: null,
    request_digest: null,
    created_at: since,
    started_at: since,
    finished_at: null,
    due_at: since,
    lease_owner: null,
    lease_until: null,
    fence: 1,
    cancel_requested_by: null,
    cancel_requested_at: null,
    parked: null,
    outcome: null,
    failure: null,
    ...part,
  };
}

describe('a parked operation', () => {
  const parkedFor = (resumedAt?: string) =>
    toOperationSummary(
      rowWith({
        parked: JSON.stringify({
          message: 'There is no client secret.',
          remedy: 'Set it.',
          since,
          at: '2026-01-05T12:09:00.000Z',
          attempts: 9,
          resumedAt,
        }),
      }),
      [],
      now,
    ).parked;

  it.each([
    ['between two attempts', undefined],
    ['for a moment while it is tried again', '2026-01-05T12:09:50.000Z'],
    ['while the clock of another process is ahead', '2026-01-05T12:10:02.000Z'],
  ])('says why %s, and no more than that', (_when, resumedAt) => {
    expect(parkedFor(resumedAt)).toEqual({
      message: 'There is no client secret.',
      remedy: 'Set it.',
      since,
    });
  });

  it('goes on, as far as anybody knows, once an attempt takes its time', () => {
    expect(parkedFor('2026-01-05T12:09:40.000Z')).toBeUndefined();
  });
});

it('is not parked when it never was', () => {
  expect(toOperationSummary(rowWith({}), [], now)).not.toHaveProperty('parked');
});
