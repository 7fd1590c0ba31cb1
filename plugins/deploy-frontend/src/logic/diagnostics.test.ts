import { sampleDiagnostics } from '../__testUtils__/operationSamples';
import { diagnosticsText } from './diagnostics';

describe('diagnosticsText', () => {
  it('puts all of it into plain text', () => {
    const text = diagnosticsText(
      'component:default/vvp-verifier: production',
      sampleDiagnostics({
        events: [
          { at: '2026-11-21T03:00:00Z', level: 'error', message: 'It crashed' },
        ],
        problems: ['The logs need another role.'],
      }),
    );

    expect(text.split('\n')).toEqual([
      'component:default/vvp-verifier: production',
      'Degraded - 2 of 3 instances - Back-off restarting the failed container',
      'Provisioning state: Succeeded',
      'Running state: Degraded',
      '',
      'Events',
      '2026-11-21T03:00:00Z error It crashed',
      '',
      'Log of verifier',
      'listening on 8080',
      'witness pool is empty',
      'out of memory',
      '',
      'Could not be read',
      'The logs need another role.',
      '',
    ]);
  });
});
