import { hasFailed, judgeHealth } from './judgeHealth';

const settings = {
  unit: 'signer.service',
  udp_port: 5070,
  health_url: 'http://127.0.0.1:8080/status',
  key_variable: 'KEY',
  environment_file: '/etc/vvp/signer.env',
  reload: '',
};
const nothing = { unit: '', udp_port: '', health_url: '', reload: '' };
const up = { active: 'active', sub: 'running', port: '1', http: '200' };

describe('judgeHealth', () => {
  it.each([
    ['all that is asked for holds', up, settings, { state: 'healthy' }],
    [
      'the unit has failed',
      { ...up, active: 'failed', sub: 'failed' },
      settings,
      {
        state: 'unhealthy',
        reason: 'systemd: signer.service is failed, failed.',
      },
    ],
    [
      'the unit is coming up',
      { ...up, active: 'activating', sub: 'auto-restart', port: '0' },
      settings,
      {
        state: 'degraded',
        reason:
          'systemd: signer.service is activating, auto-restart. Nothing listens on UDP port 5070.',
      },
    ],
    [
      'the key is missing',
      { ...up, http: 'no-key' },
      settings,
      {
        state: 'unhealthy',
        reason: 'KEY is not set in /etc/vvp/signer.env.',
      },
    ],
    [
      'the address answers something else',
      { ...up, http: '401' },
      settings,
      {
        state: 'unhealthy',
        reason: 'http://127.0.0.1:8080/status answers 401.',
      },
    ],
    [
      'the address does not answer',
      { ...up, http: '000' },
      settings,
      {
        state: 'unhealthy',
        reason: 'http://127.0.0.1:8080/status does not answer.',
      },
    ],
    [
      'nothing was seen',
      {},
      settings,
      expect.objectContaining({ state: 'unhealthy' }),
    ],
    [
      'FreeSWITCH is up',
      { freeswitch: '1' },
      { ...nothing, reload: 'freeswitch-xml' },
      { state: 'healthy' },
    ],
    [
      'FreeSWITCH is down',
      { freeswitch: '0' },
      { ...nothing, reload: 'freeswitch-xml' },
      { state: 'unhealthy', reason: 'FreeSWITCH does not answer fs_cli.' },
    ],
    [
      'nothing is asked for',
      {},
      nothing,
      expect.objectContaining({ state: 'unknown' }),
    ],
  ])('when %s', (_, seen, asked, health) => {
    expect(judgeHealth(seen, asked)).toEqual(health);
  });

  it.each([
    ['failed', true],
    ['activating', false],
    ['active', false],
  ])('knows whether systemd has given up: %s', (active, given) => {
    expect(hasFailed({ active })).toBe(given);
  });
});
