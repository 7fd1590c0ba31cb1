import { ConflictError, NotAllowedError } from '@backstage/errors';
import { DeployApi } from '@vvp/backstage-plugin-deploy-common';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  currentRevision,
  sampleOperation,
  samplePreview,
  sampleRevision,
} from '../../__testUtils__/operationSamples';
import {
  createDeployApi,
  renderWithDeployApi,
} from '../../__testUtils__/renderWithDeployApi';
import { sampleEnvironment } from '../../__testUtils__/samples';
import { RollbackDialog } from './RollbackDialog';

const entityRef = 'component:default/vvp-verifier';
const earlier = 'vvp-verifier--0000008';
const entries = [
  currentRevision(),
  sampleRevision(),
  sampleRevision({
    id: 'quarantined',
    quarantine: { by: 'user:default/dana', reason: 'It lost calls', since: '' },
  }),
  sampleRevision({ id: 'gone', unavailable: 'its image is gone' }),
];

function open(part: Partial<DeployApi> = {}, revision?: string) {
  const deployApi = createDeployApi({
    previewRollback: jest.fn(async () => samplePreview()),
    rollBack: jest.fn(async () => ({ id: 'operation-1' })),
    ...part,
  });
  const onClose = jest.fn();
  const onStarted = jest.fn();
  renderWithDeployApi(
    <RollbackDialog
      entityRef={entityRef}
      environment={sampleEnvironment({ operable: true })}
      entries={entries}
      revision={revision}
      onClose={onClose}
      onStarted={onStarted}
    />,
    { deployApi },
  );
  return { deployApi, onClose, onStarted };
}

async function fillIn(reason: string, word: string) {
  const field = await screen.findByLabelText(/Reason/);
  await userEvent.click(field);
  await userEvent.paste(reason);
  if (word) {
    await userEvent.click(screen.getByLabelText(/to confirm/));
    await userEvent.paste(word);
  }
}

function goButton() {
  // By its text: to look for roles in the whole dialog takes a second each time.
  return screen.getByText('Roll back now', { selector: 'button *' })
    .parentElement as HTMLButtonElement;
}

describe('RollbackDialog', () => {
  it('has nothing chosen, and leaves out what runs now', async () => {
    const { deployApi } = open();

    const options = await screen.findAllByRole('radio');

    expect(options.map(each => each.getAttribute('value'))).toEqual([
      earlier,
      'quarantined',
      'gone',
    ]);
    options.forEach(option => expect(option).not.toBeChecked());
    expect(
      screen.getByRole('button', { name: 'Look at it first' }),
    ).toBeDisabled();
    expect(deployApi.previewRollback).not.toHaveBeenCalled();
  });

  it.each([
    ['quarantined', /Quarantined: It lost calls/],
    ['gone', /Cannot be put back: its image is gone/],
  ])('cannot choose the one that is %s, and says why', async (id, why) => {
    open();

    const option = await screen.findByRole('radio', { name: new RegExp(id) });

    expect(option).toBeDisabled();
    expect(option).toHaveAccessibleName(expect.stringMatching(why));
  });

  it('says that there is nothing to go back to', async () => {
    renderWithDeployApi(
      <RollbackDialog
        entityRef={entityRef}
        environment={sampleEnvironment()}
        entries={[currentRevision()]}
        onClose={jest.fn()}
        onStarted={jest.fn()}
      />,
      { deployApi: createDeployApi() },
    );

    expect(
      await screen.findByText('There is no other revision to go back to.'),
    ).toBeInTheDocument();
  });

  it('goes from choice to preview to operation', async () => {
    const { deployApi, onStarted } = open();

    await userEvent.click(
      await screen.findByRole('radio', { name: /0000008/ }),
    );
    await userEvent.click(
      screen.getByRole('button', { name: 'Look at it first' }),
    );
    await fillIn('  Every third call fails ', 'vvp-verifier');
    await userEvent.click(goButton());

    await waitFor(() => expect(onStarted).toHaveBeenCalledWith('operation-1'));
    expect(deployApi.previewRollback).toHaveBeenCalledWith({
      entityRef,
      environment: 'production',
      revision: earlier,
    });
    expect(deployApi.rollBack).toHaveBeenCalledWith(
      {
        entityRef,
        environment: 'production',
        revision: earlier,
        reason: 'Every third call fails',
        confirm: 'vvp-verifier',
      },
      { idempotencyKey: expect.stringMatching(/^[0-9a-f]{32}$/) },
    );
  });

  it('shows what it would do', async () => {
    open({}, earlier);

    expect(await screen.findByText('1 commit is taken out.')).toBeVisible();
    expect(screen.getByRole('link', { name: /#398/ })).toHaveAttribute(
      'href',
      'https://github.example.test/example-org/vvp/pull/398',
    );
    expect(
      within(screen.getByRole('list', { name: 'What to know' })).getByText(
        'What it runs is still there.',
      ),
    ).toBeVisible();
    expect(
      screen.getByText('Shift the traffic to vvp-verifier--0000008'),
    ).toBeVisible();
  });

  it.each([
    ['the reason is too short', 'too bad', 'vvp-verifier'],
    ['the word is missing', 'Every third call fails', ''],
    ['the word is wrong', 'Every third call fails', 'vvp-issuer'],
    ['the word is in capitals', 'Every third call fails', 'VVP-VERIFIER'],
  ])('does nothing while %s', async (_name, reason, word) => {
    const { deployApi } = open({}, earlier);

    await fillIn(reason, word);
    await userEvent.keyboard('{Enter}');

    expect(goButton()).toBeDisabled();
    expect(deployApi.rollBack).not.toHaveBeenCalled();
  });

  it('asks for no word where none has to be typed', async () => {
    const { deployApi } = open(
      {
        previewRollback: async () => samplePreview({ confirmation: undefined }),
      },
      earlier,
    );

    await fillIn('Every third call fails', '');
    await userEvent.click(goButton());

    expect(screen.queryByLabelText(/to confirm/)).not.toBeInTheDocument();
    expect(deployApi.rollBack).toHaveBeenCalledWith(
      expect.not.objectContaining({ confirm: expect.anything() }),
      expect.anything(),
    );
  });

  it('is sent once by two quick clicks', async () => {
    const { deployApi } = open(
      { rollBack: jest.fn(() => new Promise<never>(() => undefined)) },
      earlier,
    );
    await fillIn('Every third call fails', 'vvp-verifier');

    const button = goButton();
    act(() => {
      // Both before anything is rendered anew.
      button.click();
      button.click();
    });

    expect(deployApi.rollBack).toHaveBeenCalledTimes(1);
    expect(screen.getByRole('button', { name: 'Starting…' })).toBeDisabled();
  });

  it('tries again with the same key after the connection broke', async () => {
    const rollBack = jest
      .fn()
      .mockRejectedValueOnce(new Error('Failed to fetch'))
      .mockResolvedValueOnce({ id: 'operation-1' });
    const { onStarted } = open({ rollBack }, earlier);
    await fillIn('Every third call fails', 'vvp-verifier');

    await userEvent.click(goButton());
    expect(await screen.findByRole('alert')).toHaveTextContent(
      /The rollback was not started: Failed to fetch.*it is done only once/,
    );
    await userEvent.click(goButton());

    await waitFor(() => expect(onStarted).toHaveBeenCalledTimes(1));
    expect(rollBack.mock.calls[1]).toEqual(rollBack.mock.calls[0]);
  });

  it('leads to the operation that is in the way', async () => {
    open(
      {
        rollBack: async () => {
          throw new ConflictError('A restart is under way here.');
        },
        listOperations: jest.fn(async () => ({
          items: [sampleOperation({ id: 'other' })],
        })),
      },
      earlier,
    );
    await fillIn('Every third call fails', 'vvp-verifier');

    await userEvent.click(goButton());

    expect(
      await screen.findByRole('link', {
        name: 'Look at the operation under way',
      }),
    ).toHaveAttribute(
      'href',
      '/catalog/default/component/vvp-verifier/rollback?operation=other',
    );
    expect(screen.getByRole('alert')).toHaveTextContent(
      'A restart is under way here.',
    );
  });

  it('says so where the server refuses it', async () => {
    open(
      {
        rollBack: async () => {
          throw new NotAllowedError(
            'This needs the permission deploy.rollback.',
          );
        },
      },
      earlier,
    );
    await fillIn('Every third call fails', 'vvp-verifier');

    await userEvent.click(goButton());

    expect(await screen.findByRole('alert')).toHaveTextContent(
      /This needs the permission deploy.rollback. Ask the owner/,
    );
    expect(goButton()).toBeEnabled();
  });

  it('shows every refusal beforehand, and cannot be sent', async () => {
    const { deployApi } = open(
      {
        previewRollback: async () =>
          samplePreview({
            admission: {
              admitted: false,
              refusals: [
                {
                  code: 'lock',
                  message: 'omar locked this environment: migration',
                  remedy: 'Release the lock, or ask its owner to.',
                  clearedBy: 'deploy.lock',
                },
                {
                  code: 'too-old',
                  message: 'This revision last ran here 90 days ago.',
                  remedy: 'Choose a newer revision.',
                },
              ],
            },
          }),
      },
      earlier,
    );

    const refusal = await screen.findByRole('alert');

    expect(refusal).toHaveTextContent(
      /omar locked this environment: migration Release the lock, or ask its owner to. It takes the permission deploy.lock./,
    );
    expect(refusal).toHaveTextContent(/90 days ago. Choose a newer revision./);
    expect(goButton()).toBeDisabled();
    expect(screen.queryByRole('textbox')).not.toBeInTheDocument();
    expect(deployApi.rollBack).not.toHaveBeenCalled();
  });

  it('warns of a migration that cannot be undone', async () => {
    open(
      {
        previewRollback: async () =>
          samplePreview({
            migrations: {
              state: 'known',
              files: ['0041_drop.sql'],
              irreversible: ['0041_drop.sql'],
            },
          }),
      },
      earlier,
    );

    expect(
      await screen.findByText(/1 database migration cannot be undone/),
    ).toBeVisible();
    expect(screen.getByText('0041_drop.sql')).toBeVisible();
  });

  it('cannot be sent without a preview, which can be asked for again', async () => {
    const previewRollback = jest
      .fn()
      .mockRejectedValueOnce(new Error('Azure does not answer'))
      .mockResolvedValue(samplePreview());
    open({ previewRollback }, earlier);

    expect(await screen.findByText('Azure does not answer')).toBeVisible();
    expect(goButton()).toBeDisabled();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));

    expect(await screen.findByText('What to know')).toBeVisible();
  });

  it('keeps the reason, but not the word, when another revision is looked at', async () => {
    open({}, earlier);
    await fillIn('Every third call fails', 'vvp-verifier');

    await userEvent.click(
      screen.getByRole('button', { name: 'Choose another' }),
    );
    expect(screen.getByRole('radio', { name: /0000008/ })).toBeChecked();
    await userEvent.click(
      screen.getByRole('button', { name: 'Look at it first' }),
    );

    expect(await screen.findByLabelText(/Reason/)).toHaveValue(
      'Every third call fails',
    );
    expect(screen.getByLabelText(/to confirm/)).toHaveValue('');
  });

  it('is closed by Escape without doing anything', async () => {
    const { deployApi, onClose } = open({}, earlier);
    await fillIn('Every third call fails', 'vvp-verifier');

    await userEvent.keyboard('{Escape}');

    expect(onClose).toHaveBeenCalledTimes(1);
    expect(deployApi.rollBack).not.toHaveBeenCalled();
  });

  it('stays open while it is being sent', async () => {
    const { onClose } = open(
      { rollBack: () => new Promise<never>(() => undefined) },
      earlier,
    );
    await fillIn('Every third call fails', 'vvp-verifier');
    await userEvent.click(goButton());

    await userEvent.keyboard('{Escape}');

    expect(onClose).not.toHaveBeenCalled();
  });

  it('can be used with the keyboard alone', async () => {
    const { onStarted } = open();
    await screen.findAllByRole('radio');

    await userEvent.tab();
    await userEvent.keyboard(' ');
    expect(screen.getByRole('radio', { name: /0000008/ })).toBeChecked();
    await userEvent.keyboard('{Enter}');
    const reason = await screen.findByLabelText(/Reason/);
    for (let tabs = 0; document.activeElement !== reason && tabs < 20; tabs++) {
      await userEvent.tab();
    }
    await userEvent.paste('Every third call fails');
    await userEvent.tab();
    await userEvent.paste('vvp-verifier');
    await userEvent.keyboard('{Enter}');

    await waitFor(() => expect(onStarted).toHaveBeenCalledWith('operation-1'));
  });
});
