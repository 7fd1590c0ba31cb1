import { JsonObject } from '@backstage/types';
import { TargetHealth } from '@vvp/backstage-plugin-deploy-common';
import { ScriptValues } from './machine/scripts';

/** States of a unit that pass by themselves. */
const passing: readonly string[] = [
  'activating',
  'reloading',
  'refreshing',
  'deactivating',
];

/**
 * How well a service runs, out of what a script saw on the machine. All that the spec asks for has to hold.
 *
 * @param seen - the members that `health.sh` prints
 * @param settings - see `readSettings`
 */
export function judgeHealth(
  seen: JsonObject,
  settings: ScriptValues,
): TargetHealth {
  const problems = [
    ...unitProblems(seen, String(settings.unit)),
    ...portProblems(seen, String(settings.udp_port)),
    ...addressProblems(seen, settings),
    ...(settings.reload === 'freeswitch-xml' && seen.freeswitch !== '1'
      ? ['FreeSWITCH does not answer fs_cli.']
      : []),
  ];
  if (problems.length > 0) {
    const comingUp = passing.includes(String(seen.active));
    return {
      state: comingUp ? 'degraded' : 'unhealthy',
      reason: problems.join(' '),
    };
  }
  const asked = [
    settings.unit,
    settings.udp_port,
    settings.health_url,
    settings.reload,
  ];
  return asked.some(value => value !== '')
    ? { state: 'healthy' }
    : {
        state: 'unknown',
        reason:
          'deploy.yaml says neither reload nor health for this file: nothing tells whether it works.',
      };
}

/** Whether systemd has given up: waiting longer brings nothing. */
export function hasFailed(seen: JsonObject): boolean {
  return seen.active === 'failed';
}

function unitProblems(seen: JsonObject, unit: string): string[] {
  if (unit === '' || seen.active === 'active') {
    return [];
  }
  const state = [seen.active, seen.sub].filter(Boolean).join(', ');
  return [`systemd: ${unit} is ${state || 'not known'}.`];
}

function portProblems(seen: JsonObject, port: string): string[] {
  return port === '' || seen.port === '1'
    ? []
    : [`Nothing listens on UDP port ${port}.`];
}

function addressProblems(seen: JsonObject, settings: ScriptValues): string[] {
  const url = String(settings.health_url);
  if (url === '' || seen.http === '200') {
    return [];
  }
  if (seen.http === 'no-key') {
    return [
      `${settings.key_variable} is not set in ${settings.environment_file}.`,
    ];
  }
  return [
    seen.http === '' || seen.http === '000'
      ? `${url} does not answer.`
      : `${url} answers ${seen.http}.`,
  ];
}
