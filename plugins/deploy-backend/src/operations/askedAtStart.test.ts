import { Admission } from '@vvp/backstage-plugin-deploy-common';
import { AdmissionRequest } from '../restrictions/AdmissionDesk';
import { KnownEnvironment } from '../targets/TargetEnvironments';
import { admitAtStart } from './admitAtStart';
import { RunningOperation } from './engine/types';

const operation = {
  id: 'operation-1',
  kind: 'rerun',
  automatic: false,
  environmentId: 'verifier-production',
  context: { permission: 'deploy.deploy' },
} as unknown as RunningOperation;

const locked: Admission = {
  admitted: false,
  refusals: [
    { code: 'lock', message: 'It is locked.', remedy: 'Release the lock.' },
  ],
};

/** What is asked of the desk, and what comes of it. */
async function start(
  more: Partial<RunningOperation>,
  options: { untrusted?: string; lockedAt?: string } = {},
) {
  const asked: AdmissionRequest[] = [];
  const failure = await admitAtStart(
    {
      ask: async request => {
        asked.push(request);
        return request.environmentId === options.lockedAt
          ? locked
          : { admitted: true, refusals: [] };
      },
    },
    {
      find: async () => ({ untrusted: options.untrusted } as KnownEnvironment),
    },
    { ...operation, ...more },
  );
  return { asked, failure };
}

describe('admitAtStart', () => {
  const own = {
    kind: 'rerun',
    automatic: false,
    permission: { name: 'deploy.deploy', allowed: true },
    operationId: 'operation-1',
  };

  it('asks of every environment that the run deploys into', async () => {
    const context = {
      permission: 'deploy.deploy',
      alsoInto: [{ environmentId: 'issuer-production', releaseId: 'issuer-1' }],
    };

    const { asked, failure } = await start(
      { context, toReleaseId: 'verifier-1' },
      { lockedAt: 'issuer-production' },
    );

    expect(asked).toEqual([
      {
        ...own,
        environmentId: 'verifier-production',
        releaseId: 'verifier-1',
      },
      { ...own, environmentId: 'issuer-production', releaseId: 'issuer-1' },
    ]);
    expect(failure).toEqual({
      message: 'It is locked.',
      remedy: 'Release the lock.',
    });
  });

  it('tells what it brings in, and what was let pass of it before', async () => {
    const { asked, failure } = await start({
      to: { revision: 'issuer--2', artifact: 'sha256:2' },
      context: {
        permission: 'deploy.promote',
        promotionClass: 'hotfix',
        endsCanary: true,
        override: {
          reason: 'Payments fail for everybody',
          waived: [
            { code: 'too-old', message: 'It is old.' },
            {
              code: 'freeze',
              message: 'It is frozen.',
              freezes: ['weekend/1'],
            },
          ],
        },
      },
    });

    expect(asked).toEqual([
      {
        ...own,
        permission: { name: 'deploy.promote', allowed: true },
        environmentId: 'verifier-production',
        revision: { revision: 'issuer--2', artifact: 'sha256:2' },
        promotionClass: 'hotfix',
        endsCanary: true,
        override: {
          reason: 'Payments fail for everybody',
          allowed: true,
          codes: ['too-old', 'freeze'],
          freezes: ['weekend/1'],
        },
      },
    ]);
    expect(failure).toBeUndefined();
  });

  it('lets nothing into an environment that is not trusted by now', async () => {
    const { asked, failure } = await start(
      {},
      { untrusted: 'Another entity names this repository.' },
    );

    expect(failure).toEqual({
      message: 'Another entity names this repository.',
    });
    expect(asked).toEqual([]);
  });
});
