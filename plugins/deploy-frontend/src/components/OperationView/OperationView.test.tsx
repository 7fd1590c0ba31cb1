import { NotAllowedError, NotFoundError } from '@backstage/errors';
import {
  act,
  fireEvent,
  screen,
  waitFor,
  within,
} from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { DeployApi, Operation } from '@vvp/backstage-plugin-deploy-common';
import {
  sampleOperation,
  sampleStep,
} from '../../__testUtils__/operationSamples';
import {
  createDeployApi,
  renderWithDeployApi,
  TestSignals,
} from '../../__testUtils__/renderWithDeployApi';
import { minutesAgo } from '../../__testUtils__/samples';
import { OperationView } from './OperationView';

const entityRef = 'component:default/vvp-verifier';

function show(
  operation: Operation | (() => Operation),
  part: Partial<DeployApi> = {},
) {
  const signals = new TestSignals();
  const deployApi = createDeployApi({
    getOperation: jest.fn(async () =>
      typeof operation === 'function' ? operation() : operation,
    ),
    ...part,
  });
  renderWithDeployApi(
    <OperationView entityRef={entityRef} id="operation-1" onBack={jest.fn()} />,
    { deployApi, signals },
  );
  return {
    deployApi,
    refresh: () =>
      act(async () => signals.send(`deploy:${entityRef}`, { type: 'changed' })),
  };
}

async function steps() {
  const list = await screen.findByRole('list', { name: 'Steps' });
  return [...list.children].map(each => within(each as HTMLElement));
}

describe('OperationView', () => {
  it('says what was waived, and why', async () => {
    show(
      sampleOperation({
        override: {
          reason: 'The broken release answers HTML',
          waived: [
            { code: 'version-unusable', message: 'It could not be proven.' },
          ],
        },
      }),
    );

    const why = await screen.findByText('The broken release answers HTML');

    expect(why.closest('dd')).toHaveTextContent('It could not be proven.');
    expect(screen.getByText('Went ahead all the same')).toBeInTheDocument();
  });

  it('says who, why, from where to where', async () => {
    show(sampleOperation());

    expect(
      await screen.findByText('Every third call fails since v1.4.2'),
    ).toBeInTheDocument();
    expect(screen.getByText('dana')).toBeInTheDocument();
    expect(screen.getByText('vvp-verifier--0000009')).toBeInTheDocument();
    expect(screen.getByText('vvp-verifier--0000008')).toBeInTheDocument();
    expect(screen.getByText('1 of 3 steps done')).toBeInTheDocument();
  });

  it('shows each step, and opens the log of the one that runs', async () => {
    show(sampleOperation());

    const [activate, shift, verify] = await steps();

    expect(activate.getByText('Done')).toBeInTheDocument();
    expect(activate.queryByRole('list')).not.toBeInTheDocument();
    expect(shift.getByText('Traffic 0 % -> 100 %')).toBeInTheDocument();
    expect(verify.getByText('Pending')).toBeInTheDocument();
    expect(verify.queryByRole('button')).not.toBeInTheDocument();
  });

  it('follows the operation to its end', async () => {
    let operation = sampleOperation();
    const { refresh } = show(() => operation);
    expect(
      await screen.findByRole('button', { name: 'Stop and undo…' }),
    ).toBeInTheDocument();

    operation = sampleOperation({
      status: 'succeeded',
      outcome: 'done',
      finishedAt: minutesAgo(0),
      steps: [sampleStep()],
    });
    await refresh();

    expect(
      await screen.findByText(
        'Rolled back: vvp-verifier--0000008 (v1.4.1, b2c3d4e) is in place and was verified',
      ),
    ).toBeInTheDocument();
    expect(
      screen.queryByRole('button', { name: 'Stop and undo…' }),
    ).not.toBeInTheDocument();
  });

  it('says that it undoes, and what is left after that', async () => {
    const failed = sampleStep({
      name: 'verify',
      title: 'Verify that it serves',
      status: 'failed',
      attempts: 3,
      failure: { message: '502 for two minutes.', remedy: 'Look at its log.' },
    });
    let operation = sampleOperation({ steps: [sampleStep(), failed] });
    const { refresh } = show(() => operation);
    expect(
      await screen.findByText('Undoing what was done'),
    ).toBeInTheDocument();

    operation = sampleOperation({
      status: 'failed',
      outcome: 'as-before',
      failure: failed.failure,
      steps: [sampleStep({ status: 'compensated' }), failed],
    });
    await refresh();

    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('Rollback failed');
    expect(alert).toHaveTextContent(/Everything is as before/);
    expect(alert).toHaveTextContent('What to do: Look at its log.');
    const [activate, verify] = await steps();
    expect(activate.getByText('Undone')).toBeInTheDocument();
    expect(verify.getByText('Failed', { exact: false })).toBeInTheDocument();
    expect(verify.getByText(/attempt 3/)).toBeInTheDocument();
  });

  it('is loud where nobody knows what is left', async () => {
    show(
      sampleOperation({
        status: 'failed',
        outcome: 'unclear',
        failure: {
          message: 'Undoing was refused.',
          remedy: 'Shift the traffic by hand.',
        },
      }),
    );

    const alert = await screen.findByRole('alert');

    expect(alert).toHaveTextContent('Look at production now');
    expect(alert).toHaveTextContent('Undoing was refused.');
    expect(alert).toHaveTextContent('What to do: Shift the traffic by hand.');
  });

  it('says why it is parked', async () => {
    show(
      sampleOperation({
        parked: {
          message: 'The client secret has expired.',
          remedy: 'Renew it.',
          since: minutesAgo(3),
        },
      }),
    );

    const alert = await screen.findByRole('alert');

    expect(alert).toHaveTextContent('The client secret has expired.');
    expect(alert).toHaveTextContent('What to do: Renew it.');
    expect(alert).toHaveTextContent('It is tried again by itself');
  });

  it('says how many go first', async () => {
    show(sampleOperation({ status: 'queued', ahead: 2, startedAt: undefined }));

    expect(
      await screen.findByText('Waits for 2 operations that go first'),
    ).toBeInTheDocument();
  });

  it('stops and undoes after a question', async () => {
    const stopping = sampleOperation({
      cancelRequested: { by: 'user:default/omar', at: minutesAgo(0) },
    });
    let operation = sampleOperation();
    const cancelOperation = jest.fn(async () => {
      operation = stopping;
      return stopping;
    });
    show(() => operation, { cancelOperation });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Stop and undo…' }),
    );
    const dialog = within(await screen.findByRole('dialog'));
    expect(dialog.getByText(/undoes what it did/)).toBeInTheDocument();
    expect(cancelOperation).not.toHaveBeenCalled();
    await userEvent.click(dialog.getByRole('button', { name: 'Stop it' }));

    expect(
      await screen.findByText('Stopping before the next step'),
    ).toBeInTheDocument();
    expect(cancelOperation).toHaveBeenCalledTimes(1);
    expect(cancelOperation).toHaveBeenCalledWith('operation-1');
    expect(screen.getByText('Rollback · production')).toHaveFocus();
  });

  it('lets it go on where the question is answered with no', async () => {
    const cancelOperation = jest.fn();
    show(sampleOperation(), { cancelOperation });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Stop and undo…' }),
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Let it go on' }),
    );

    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
    expect(cancelOperation).not.toHaveBeenCalled();
  });

  it('says why it could not be stopped', async () => {
    show(sampleOperation(), {
      cancelOperation: async () => {
        throw new NotAllowedError('This needs deploy.operate.');
      },
    });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Stop and undo…' }),
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Stop it' }),
    );

    expect(await screen.findByRole('alert')).toHaveTextContent(
      'It was not stopped: This needs deploy.operate.',
    );
  });

  it('shows where lines of a log were dropped, and how bad the others are', async () => {
    show(
      sampleOperation({
        steps: [
          sampleStep({
            status: 'running',
            finishedAt: undefined,
            droppedLines: 1204,
            log: [
              { sequence: 1, at: '', level: 'info', text: 'begins' },
              { sequence: 1206, at: '', level: 'warn', text: 'is slow' },
              { sequence: 1207, at: '', level: 'error', text: 'is broken' },
            ],
          }),
        ],
      }),
    );

    const log = await screen.findByRole('list', { name: /^Log: Activate/ });

    expect([...log.children].map(each => each.textContent)).toEqual([
      'begins',
      '… 1,204 lines dropped here …',
      'Warning: is slow',
      'Error: is broken',
    ]);
  });

  it('keeps a log closed that somebody has closed', async () => {
    const { refresh } = show(() => sampleOperation());
    await screen.findByText('Traffic 0 % -> 100 %');

    await userEvent.click(
      screen.getByRole('button', { name: /^Log of: Shift/ }),
    );
    await refresh();

    expect(screen.queryByText('Traffic 0 % -> 100 %')).not.toBeInTheDocument();
  });

  it('follows the end of a log until somebody scrolls up', async () => {
    let lines = 1;
    const { refresh } = show(() =>
      sampleOperation({
        steps: [
          sampleStep({
            status: 'running',
            log: Array.from({ length: lines }, (_unused, index) => ({
              sequence: index,
              at: '',
              level: 'info' as const,
              text: `line ${index}`,
            })),
          }),
        ],
      }),
    );
    const log = await screen.findByRole('list', { name: /^Log:/ });
    Object.defineProperty(log, 'scrollHeight', { value: 1000 });
    Object.defineProperty(log, 'clientHeight', { value: 300 });

    lines = 2;
    await refresh();
    await screen.findByText('line 1');
    expect(log.scrollTop).toBe(1000);

    log.scrollTop = 200;
    fireEvent.scroll(log);
    const toEnd = await screen.findByRole('button', { name: 'To the end' });
    lines = 3;
    await refresh();
    await screen.findByText('line 2');
    expect(log.scrollTop).toBe(200);

    await userEvent.click(toEnd);
    expect(log.scrollTop).toBe(1000);
  });

  it.each<[string, Partial<DeployApi>, RegExp]>([
    [
      'unknown',
      {
        getOperation: async () => {
          throw new NotFoundError('gone');
        },
      },
      /no such operation/,
    ],
    [
      "another service's",
      {
        getOperation: async () =>
          sampleOperation({ entityRef: 'component:default/vvp-issuer' }),
      },
      /no such operation/,
    ],
    [
      'not to be seen',
      {
        getOperation: async () => {
          throw new NotAllowedError('no');
        },
      },
      /You may not see this operation/,
    ],
    [
      'out of reach',
      {
        getOperation: async () => {
          throw new Error('connect ECONNREFUSED');
        },
      },
      /The operation could not be loaded/,
    ],
  ])('says that an operation is %s', async (_name, part, text) => {
    show(sampleOperation(), part);

    expect(await screen.findByText(text)).toBeInTheDocument();
    expect(screen.queryByText(/Every third call/)).not.toBeInTheDocument();
  });

  it('keeps what was known while the backend is away, and says how old it is', async () => {
    let away = false;
    const { refresh } = show(() => {
      if (away) {
        throw new Error('connect ECONNREFUSED');
      }
      return sampleOperation();
    });
    await steps();

    away = true;
    await refresh();

    expect(
      await screen.findByText(/It may be out of date/),
    ).toBeInTheDocument();
    expect(screen.getByText(/Every third call fails/)).toBeInTheDocument();
  });
});
