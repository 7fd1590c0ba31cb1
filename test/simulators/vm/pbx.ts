import { Machine } from './Machine';

/** Release directories as the pipeline names them: after commits. */
export const commits = {
  older: 'a'.repeat(40),
  previous: 'b'.repeat(40),
  current: 'c'.repeat(40),
  gone: 'd'.repeat(40),
  foreign: 'e'.repeat(40),
  pushed: 'f'.repeat(40),
};

/** Contents of the configuration file, by the backup that holds it. */
export const backups = {
  older: 'public.xml.20260105-090000',
  previous: 'public.xml.20260206-091500',
  current: 'public.xml.20260207-101500',
  gone: 'public.xml.20250101-000000',
  foreign: 'default.xml.20260207-101500',
  pushed: 'public.xml.20260301-120000',
};

export const SIGNER = '/opt/vvp/sip-redirect';
export const SIGNER_UNIT = 'vvp-sip-redirect.service';
export const VERIFIER = '/opt/vvp/sip-verify';
export const VERIFIER_UNIT = 'vvp-sip-verify.service';
export const DIALPLAN = '/etc/freeswitch/dialplan/public.xml';
export const BACKUPS = '/etc/freeswitch/dialplan/backup';

/** The key of the signer's status page; only ever in its environment file. */
export const KEY = 'status-key-"with\\quotes"-of-the-machine';

/** Where the signer tells its state, on the machine only. */
export const STATUS_URL = 'http://127.0.0.1:8080/status';

/** What a release or backup holds. */
export function dialplanOf(backup: string): string {
  return `<include><!-- ${backup} --></include>\n`;
}

/** VVP's PBX machine: two services in release directories, and the dialplan of FreeSWITCH. */
export async function furnishPbx(machine: Machine): Promise<void> {
  await machine.write(
    '/etc/vvp/sip-redirect.env',
    `# signer\nVVP_STATUS_ADMIN_KEY=overridden\nVVP_STATUS_ADMIN_KEY='${KEY}'\nVVP_REGION=uk\n`,
    { mode: 0o600 },
  );
  await machine.addUnit({
    unit: SIGNER_UNIT,
    directory: SIGNER,
    port: 5070,
    url: STATUS_URL,
    header: `X-API-Key: ${KEY.replace(/\\/g, '\\\\').replace(/"/g, '\\"')}`,
  });
  await machine.addUnit({
    unit: VERIFIER_UNIT,
    directory: VERIFIER,
    port: 5071,
  });
  await machine.addRelease(SIGNER, commits.older, 300_000);
  await machine.addRelease(SIGNER, commits.previous, 200_000);
  await machine.addRelease(SIGNER, commits.current, 100_000);
  await machine.deploy(SIGNER_UNIT, commits.current);
  await machine.addRelease(VERIFIER, commits.foreign, 200_000);
  await machine.addRelease(VERIFIER, commits.current, 100_000);
  await machine.deploy(VERIFIER_UNIT, commits.current);
  for (const [name, ageSeconds] of [
    [backups.older, 300_000],
    [backups.previous, 200_000],
    [backups.current, 100_000],
    [backups.foreign, 100_000],
  ] as const) {
    await machine.write(`${BACKUPS}/${name}`, dialplanOf(name), {
      mode: 0o640,
      ageSeconds,
    });
  }
  await machine.write(DIALPLAN, dialplanOf(backups.current), { mode: 0o640 });
  await machine.useFreeswitch(DIALPLAN);
}
