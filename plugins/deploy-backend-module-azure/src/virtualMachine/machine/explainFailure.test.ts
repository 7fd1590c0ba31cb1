import { explainFailure, mayBeMachine } from './explainFailure';

function restError(statusCode: number, code: string) {
  return Object.assign(new Error('of the platform'), {
    name: 'RestError',
    statusCode,
    details: { error: { code, message: 'of the platform' } },
  });
}

const conflict = restError(409, 'Conflict');
const notRunning = restError(409, 'OperationNotAllowed');
const agent = new Error(
  'The long-running operation has failed. VMAgentStatusCommunicationError. It says more.',
);

describe('explainFailure', () => {
  it.each([
    ['a turn', conflict, {}, 'busy', /one at a time/],
    [
      'a turn on a stopped machine',
      conflict,
      { power: 'stopped' },
      'busy',
      /./,
    ],
    [
      'a machine that is deallocated',
      notRunning,
      { power: 'deallocated' },
      'unhealthy',
      /^The virtual machine vvp-pbx is deallocated\.$/,
    ],
    ['an agent that fails', agent, {}, 'transient', /agent/],
    [
      'an agent that is not ready',
      notRunning,
      { power: 'running', agentReady: false },
      'transient',
      /agent/,
    ],
    [
      'extensions that are not allowed',
      notRunning,
      { power: 'running', agentReady: true },
      'invalid',
      /OperationNotAllowed/,
    ],
    [
      'a script that a later one took the place of',
      new Error('Operation was canceled'),
      {},
      'transient',
      /run a script on the virtual machine vvp-pbx/,
    ],
    [
      'a script that is refused for a later change of the machine',
      restError(409, 'OperationPreempted'),
      { power: 'running', agentReady: true },
      'busy',
      /OperationPreempted/,
    ],
    ['no permission', restError(403, 'AuthorizationFailed'), {}, 'denied', /./],
    ['no machine', restError(404, 'ResourceNotFound'), {}, 'not-found', /./],
  ])('tells of %s', (_, cause, state, kind, message) => {
    expect(explainFailure(cause, 'vvp-pbx', state)).toMatchObject({
      kind,
      message: expect.stringMatching(message),
    });
  });

  it.each([
    [conflict, false],
    [notRunning, true],
    [agent, true],
    [restError(403, 'AuthorizationFailed'), false],
    [undefined, false],
    ['text', false],
  ])('knows when to ask for the state of the machine (%#)', (cause, asks) => {
    expect(mayBeMachine(cause)).toBe(asks);
  });
});
