import { RollbackPreview } from '@vvp/backstage-plugin-deploy-common';
import { sampleGate, sampleGates } from '../__testUtils__/evidenceSamples';
import { samplePreview } from '../__testUtils__/operationSamples';
import { previewChecks } from './previewChecks';

function checkOf(part: Partial<RollbackPreview>, key: string) {
  return previewChecks(samplePreview(part)).find(each => each.key === key);
}

describe('previewChecks', () => {
  it('says of a harmless rollback that all is well', () => {
    expect(previewChecks(samplePreview()).map(({ tone }) => tone)).toEqual([
      'success',
      'success',
      'success',
      'success',
    ]);
  });

  it('puts the worst first', () => {
    const checks = previewChecks(
      samplePreview({
        artifact: { state: 'missing', message: 'The tag was deleted.' },
        notRestored: ['ConfigMaps'],
        problems: ['GitHub did not answer.'],
      }),
    );

    expect(checks.map(({ key, tone }) => [key, tone])).toEqual([
      ['artifact', 'error'],
      ['not-restored', 'attention'],
      ['problems', 'neutral'],
      ['migrations', 'success'],
      ['runs', 'success'],
      ['configuration', 'success'],
    ]);
  });

  it.each<[string, RollbackPreview['migrations'], string, RegExp]>([
    ['unknown to the spec', undefined, 'neutral', /not known/],
    [
      'not found out',
      { state: 'unknown', files: [], irreversible: [] },
      'attention',
      /could not be found out/,
    ],
    [
      'perhaps more',
      { state: 'partial', files: [], irreversible: [] },
      'attention',
      /There may be more/,
    ],
    [
      'one that stays',
      { state: 'known', files: ['a.sql'], irreversible: [] },
      'attention',
      /^1 database migration will stay: a rollback does not undo it\.$/,
    ],
    [
      'some that stay',
      { state: 'known', files: ['a.sql', 'b.sql'], irreversible: [] },
      'attention',
      /^2 database migrations will stay: a rollback does not undo them\.$/,
    ],
    [
      'one that cannot be undone',
      { state: 'known', files: ['a.sql'], irreversible: ['a.sql'] },
      'error',
      /cannot be undone/,
    ],
  ])('weighs migrations: %s', (_name, migrations, tone, text) => {
    const check = checkOf({ migrations }, 'migrations');

    expect(check).toMatchObject({ tone, text: expect.stringMatching(text) });
  });

  it('names what differs in the configuration, never a value', () => {
    const check = checkOf(
      {
        configuration: [
          { name: 'env DB_HOST', change: 'changed' },
          { name: 'env NEW', change: 'removed' },
          { name: 'secret reference key', change: 'added' },
        ],
      },
      'configuration',
    );

    expect(check?.details).toEqual([
      'env DB_HOST changes',
      'env NEW goes away',
      'secret reference key comes back',
    ]);
  });

  it('says which gates of the release that comes back do not pass', () => {
    const check = checkOf(
      {
        gates: sampleGates([
          sampleGate({ state: 'fail', reason: 'It is 71 %.' }),
          sampleGate({ name: 'latency', title: 'Latency' }),
        ]),
      },
      'gates',
    );

    expect(check).toMatchObject({
      tone: 'attention',
      details: ['Line coverage: Fails. It is 71 %.'],
    });
  });

  it('names other services of the run, and counts the runs that are stopped', () => {
    const part: Partial<RollbackPreview> = {
      sameRun: [
        {
          entityRef: 'component:default/vvp-issuer',
          environment: 'production',
        },
      ],
      runsInFlight: [{ runId: '1', status: 'in_progress' }],
    };

    expect(checkOf(part, 'same-run')?.details).toEqual([
      'component:default/vvp-issuer in production',
    ]);
    expect(checkOf(part, 'runs')?.text).toMatch(
      /^1 run of the pipeline will be stopped/,
    );
  });
});
