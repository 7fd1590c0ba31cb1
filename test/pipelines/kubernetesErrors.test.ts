import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countErrors } from '@vvp/backstage-plugin-deploy-common';
import { ERRORS_SCRIPT, errorsScript } from './kubernetesErrorsScript';

describe('the script that counts errors on a runner', () => {
  const folder = mkdtempSync(join(tmpdir(), 'log-'));

  afterAll(() => rmSync(folder, { recursive: true }));

  it("is made of the portal's code; npx tsx pipelines/kubernetesErrorsScript.ts --write", () => {
    expect(readFileSync(ERRORS_SCRIPT, 'utf8')).toBe(errorsScript());
  });

  it.each([100, 4, 1])('counts as the portal: %i entries', most => {
    const log = [
      'INFO fine',
      'ERROR call failed',
      '\tat org.example.test.Issuer.call(Issuer.java:12)',
      'WARN level=error is what it says',
      '',
      '{"level":50,"msg":"pino"}',
      "thread 'main' panicked at src/main.rs:10:5:",
      'stack backtrace:',
      'error: none',
    ];
    const file = join(folder, 'log');
    writeFileSync(file, `${log.join('\n')}\n`);

    const counted = countErrors(log, most);

    expect(counted.entries).toBeGreaterThan(0);
    expect(
      execFileSync(ERRORS_SCRIPT, [file, String(most)], { encoding: 'utf8' }),
    ).toBe(`${counted.errors} ${counted.entries}\n`);
  });
});
