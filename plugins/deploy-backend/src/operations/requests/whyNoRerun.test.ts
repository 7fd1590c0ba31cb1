import { Deployment } from '@vvp/backstage-plugin-deploy-common';
import { FailedRun } from '../../workflows';
import { whyNoRerun } from './whyNoRerun';

const context = {
  repository: 'example-org/vvp',
  now: new Date('2026-03-01T12:00:00Z'),
};
const deployment: Pick<Deployment, 'status' | 'source'> = {
  status: 'failed',
  source: 'github:example-org/vvp:7:2:70',
};
const run: FailedRun = {
  repository: 'example-org/vvp',
  runId: '7',
  newestAttempt: 2,
  inFlight: false,
  event: 'push',
  createdAt: '2026-02-20T12:00:00Z',
  replaced: false,
  others: [],
};

describe('whyNoRerun', () => {
  it.each(['failed', 'errored', 'cancelled'] as const)(
    'has nothing against one that is %s',
    status => {
      expect(whyNoRerun({ ...deployment, status }, run, context)).toBe(
        undefined,
      );
    },
  );

  it('has nothing against a run of which only the jobs are known', () => {
    expect(
      whyNoRerun(deployment, { ...run, event: undefined }, context),
    ).toBeUndefined();
  });

  it.each<[Partial<Deployment>, RegExp]>([
    [{ status: 'succeeded' }, /did not fail.*Redeploy/],
    [{ status: 'superseded' }, /did not fail/],
    [{ status: 'rolled_back' }, /did not fail/],
    [{ status: 'queued' }, /still under way.*Wait/],
    [{ status: 'waiting' }, /still under way/],
    [{ status: 'in_progress' }, /still under way/],
    [{ source: 'operation:o-1' }, /An operation made.*again/],
    [{ source: 'observed:abc' }, /GitHub Actions.*Redeploy/],
    [{ source: 'github-deployment:9' }, /GitHub Actions/],
  ])('refuses %j', (part, reason) => {
    expect(whyNoRerun({ ...deployment, ...part }, run, context)).toMatch(
      reason,
    );
  });

  it.each<[Partial<FailedRun>, RegExp]>([
    [{ newestAttempt: 3 }, /newer attempt, 3/],
    [{ inFlight: true }, /Other jobs .* under way/],
    [{ event: 'pull_request' }, /pull request/],
    [{ event: 'pull_request_target' }, /pull request/],
    [{ createdAt: '2026-01-30T11:59:59Z' }, /older than 30 days/],
    [{ repository: 'example-org/other' }, /example-org\/other/],
    [{ dispatchedBy: 'o-1' }, /by operation o-1/],
    [{ replaced: true }, /deployed here since/],
  ])('refuses a run with %j', (part, reason) => {
    expect(whyNoRerun(deployment, { ...run, ...part }, context)).toMatch(
      reason,
    );
  });

  it('lets a run of just 30 days through', () => {
    expect(
      whyNoRerun(
        deployment,
        { ...run, createdAt: '2026-01-30T12:00:00Z' },
        context,
      ),
    ).toBeUndefined();
  });

  it('refuses a deployment whose run is not known any more', () => {
    expect(whyNoRerun(deployment, undefined, context)).toMatch(
      /GitHub Actions/,
    );
  });
});
