import {
  DrivenEnvironment,
  KnownEnvironment,
} from '../../targets/TargetEnvironments';
import { newOperation } from './newOperation';
import { releaseReference, revisionReference } from './references';
import { Caller } from './types';

const known: KnownEnvironment = {
  id: 'environment-1',
  serviceId: 'service-1',
  entityRef: 'component:default/issuer',
  serviceName: 'issuer',
  repository: 'example-org/vvp',
  name: 'staging',
  tier: 'staging',
  enforced: false,
  reviewed: false,
};
const caller: Caller = {
  by: 'user:default/dana',
  automatic: false,
  permission: { name: 'deploy.rollback', allowed: true },
};
const driven = {
  target: { describe: () => ({ lockKey: 'azure-vm:vvp/pbx' }) },
  environment: { environment: 'staging' },
} as unknown as DrivenEnvironment;
const step = (runner: string) => ({
  runner,
  name: runner,
  title: '',
  input: {},
});

describe('newOperation', () => {
  it('says who asked for what, and what its steps need to know', () => {
    expect(
      newOperation(known, undefined, 'rerun-tests', caller, {
        steps: [step('workflows')],
        reason: 'To see whether it is well now',
      }),
    ).toEqual({
      serviceId: 'service-1',
      environmentId: 'environment-1',
      kind: 'rerun-tests',
      lockKey: 'environment:environment-1',
      requestedBy: 'user:default/dana',
      automatic: false,
      reason: 'To see whether it is well now',
      context: { repository: 'example-org/vvp', permission: 'deploy.rollback' },
      steps: [step('workflows')],
    });
  });

  it.each([
    ['target', driven, 'azure-vm:vvp/pbx'],
    ['workflows', driven, 'environment:environment-1'],
    ['target', undefined, 'environment:environment-1'],
  ])('locks what steps of %s use', (runner, drives, lockKey) => {
    const operation = newOperation(known, drives, 'restart', caller, {
      steps: [step(runner)],
    });

    expect(operation.lockKey).toBe(lockKey);
    expect(operation.context.environment).toEqual(drives?.environment);
  });

  it('keeps an override only with what it was needed for', () => {
    const override = { reason: 'It burns', allowed: true };
    const waived = [
      { code: 'frozen' as const, message: 'Frozen.', remedy: 'Wait.' },
    ];
    const overrideOf = (parts: object, by: Caller) =>
      newOperation(known, driven, 'rollback', by, { steps: [], ...parts })
        .context.override;

    expect(overrideOf({ waived }, { ...caller, override })).toEqual({
      reason: 'It burns',
      waived: [{ code: 'frozen', message: 'Frozen.' }],
    });
    expect(overrideOf({ waived: [] }, { ...caller, override })).toBeUndefined();
    expect(overrideOf({ waived }, caller)).toBeUndefined();
  });

  it('tells what was never served, and where else something comes in', () => {
    const alsoInto = [
      { environmentId: 'environment-2', releaseId: 'release-1' },
    ];
    const { context } = newOperation(known, driven, 'rerun', caller, {
      steps: [],
      neverServed: true,
      endsCanary: true,
      alsoInto,
    });

    expect(context).toMatchObject({
      neverServed: true,
      endsCanary: true,
      alsoInto,
    });
  });
});

describe('references', () => {
  it('tell what is known of a release rather than what the platform says', () => {
    const revision = { id: 'r2', commit: 'b'.repeat(7), current: false };
    const release = { id: 'release-2', commit: 'b'.repeat(40), version: '2' };

    expect(revisionReference(revision)).toMatchObject({
      revision: 'r2',
      commit: 'b'.repeat(7),
    });
    expect(revisionReference(revision, release)).toMatchObject({
      revision: 'r2',
      commit: 'b'.repeat(40),
      version: '2',
    });
    expect(releaseReference(release)).toEqual({
      commit: 'b'.repeat(40),
      version: '2',
    });
  });
});
