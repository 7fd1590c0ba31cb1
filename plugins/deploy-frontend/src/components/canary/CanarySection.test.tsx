import { ConflictError } from '@backstage/errors';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { DeployApi, Promotion } from '@vvp/backstage-plugin-deploy-common';
import {
  sampleCanary,
  sampleCanaryPromotion,
} from '../../__testUtils__/promotionSamples';
import {
  createDeployApi,
  renderWithDeployApi,
  TestSignals,
} from '../../__testUtils__/renderWithDeployApi';
import { PromotionPanel } from '../PromotionPanel';

const entityRef = 'component:default/vvp-verifier';

function show(
  promotion: Promotion | (() => Promotion),
  part: Partial<DeployApi> = {},
) {
  const signals = new TestSignals();
  const deployApi = createDeployApi({
    getPromotion: jest.fn(async () =>
      typeof promotion === 'function' ? promotion() : promotion,
    ),
    ...part,
  });
  renderWithDeployApi(
    <PromotionPanel
      id="promotion-1"
      entityRef={entityRef}
      backLabel="Back"
      onBack={jest.fn()}
    />,
    { deployApi, signals },
  );
  return {
    deployApi,
    refresh: () =>
      act(async () => signals.send(`deploy:${entityRef}`, { type: 'changed' })),
  };
}

const section = async (name: string) =>
  within(await screen.findByRole('region', { name }));

describe('CanarySection', () => {
  it('shows who has how much of the traffic, how long, how many errors, and where its steps are', async () => {
    show(sampleCanaryPromotion({ errors: 3, health: { state: 'healthy' } }));

    const canary = await section('Canary watched');

    expect(
      canary.getByRole('img', {
        name: 'The new revision has 10 % of the traffic, what ran before 90 %',
      }),
    ).toBeInTheDocument();
    expect(canary.getByText('New, 10 %').nextElementSibling).toHaveTextContent(
      'vvp-verifier--0000012',
    );
    expect(
      canary.getByText('Before, 90 %').nextElementSibling,
    ).toHaveTextContent('vvp-verifier--0000011');
    expect(canary.getByRole('timer')).toHaveTextContent(/^[23]m/);
    expect(
      canary.getByText('3 errors in 100 log entries, 5 are let pass.'),
    ).toBeInTheDocument();
    expect(canary.getByText('Healthy')).toBeInTheDocument();
    expect(
      canary.getByRole('link', { name: 'Steps and logs' }),
    ).toHaveAttribute(
      'href',
      '/catalog/default/component/vvp-verifier/rollback?operation=operation-1',
    );
  });

  it('shows nothing where there is no canary', async () => {
    show(sampleCanaryPromotion({}, { canary: undefined }));

    expect(await screen.findByText('Executing')).toBeInTheDocument();
    expect(
      screen.queryByRole('region', { name: /Canary/ }),
    ).not.toBeInTheDocument();
  });

  it('pauses with a comment, and shows what the backend answers', async () => {
    let now = sampleCanaryPromotion();
    const pausePromotion = jest.fn(async () => {
      now = sampleCanaryPromotion(
        { phase: 'paused', pausedBy: 'user:default/dana' },
        { mayPause: { allowed: false, why: 'It is paused already.' } },
      );
      return now;
    });
    show(() => now, { pausePromotion });

    await userEvent.type(
      await screen.findByLabelText(/^Comment on a pause/),
      ' Odd latency ',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Pause' }));

    const canary = await section('Canary paused');
    expect(pausePromotion).toHaveBeenCalledWith('promotion-1', {
      comment: 'Odd latency',
    });
    expect(canary.getByText('Paused by').nextElementSibling).toHaveTextContent(
      'dana',
    );
    const button = canary.getByRole('button', { name: 'Pause' });
    expect(button).toBeDisabled();
    expect(button).toHaveAccessibleDescription('Pause: It is paused already.');
    expect(canary.queryByLabelText(/^Comment/)).not.toBeInTheDocument();
  });

  it('says why it was not paused, and loads anew', async () => {
    let now = sampleCanaryPromotion();
    show(() => now, {
      pausePromotion: async () => {
        now = sampleCanaryPromotion({ phase: 'continuing' });
        throw new ConflictError('It gets all of the traffic already.');
      },
    });

    await userEvent.click(await screen.findByRole('button', { name: 'Pause' }));

    expect(await screen.findByRole('alert')).toHaveTextContent(
      'It was not paused: It gets all of the traffic already. What you see now was loaded anew.',
    );
    expect(
      await screen.findByRole('region', { name: 'Canary continuing' }),
    ).toBeInTheDocument();
  });

  it('says how it stands before it gets all of the traffic, and sends that once', async () => {
    const continuePromotion = jest.fn(() => new Promise<Promotion>(() => {}));
    show(sampleCanaryPromotion({ errors: 5, health: { state: 'degraded' } }), {
      continuePromotion,
    });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Continue to 100 %…' }),
    );
    const dialog = within(
      screen.getByRole('dialog', {
        name: 'Give v1.5.0, 9f8e7d6 all of the traffic of production?',
      }),
    );
    expect(
      dialog.getByRole('group', { name: 'How it stands' }),
    ).toHaveTextContent(
      /Degraded.*5 errors in 100 log entries, 5 are let pass\./,
    );
    expect(continuePromotion).not.toHaveBeenCalled();
    await userEvent.type(dialog.getByLabelText(/^Comment/), ' Looked at it ');
    await userEvent.dblClick(
      dialog.getByRole('button', { name: 'Continue to 100 %' }),
    );

    expect(
      await dialog.findByRole('button', { name: 'Continuing…' }),
    ).toBeDisabled();
    expect(continuePromotion).toHaveBeenCalledTimes(1);
    expect(continuePromotion).toHaveBeenCalledWith('promotion-1', {
      comment: 'Looked at it',
    });
  });

  it('does not continue what is taken back meanwhile', async () => {
    let now = sampleCanaryPromotion();
    const { refresh } = show(() => now);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Continue to 100 %…' }),
    );

    now = sampleCanaryPromotion(
      { phase: 'aborting' },
      { mayContinue: { allowed: false, why: 'It is being aborted already.' } },
    );
    await refresh();

    const dialog = within(screen.getByRole('dialog'));
    expect(
      await dialog.findByText('It is being aborted already.'),
    ).toBeInTheDocument();
    expect(
      dialog.getByRole('button', { name: 'Continue to 100 %' }),
    ).toBeDisabled();
  });

  it('says why it was not continued, and loads anew', async () => {
    let now = sampleCanaryPromotion();
    show(() => now, {
      continuePromotion: async () => {
        now = sampleCanaryPromotion({ phase: 'aborting' });
        throw new ConflictError('It is being aborted.');
      },
    });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Continue to 100 %…' }),
    );
    const dialog = within(screen.getByRole('dialog'));
    await userEvent.click(
      dialog.getByRole('button', { name: 'Continue to 100 %' }),
    );
    expect(await dialog.findByRole('alert')).toHaveTextContent(
      'It was not continued: It is being aborted.',
    );
    await userEvent.click(dialog.getByRole('button', { name: 'Not yet' }));

    expect(
      await screen.findByRole('region', { name: 'Canary aborting' }),
    ).toBeInTheDocument();
  });

  it('aborts with a reason and the name of the service in production', async () => {
    const abortPromotion = jest.fn(async () =>
      sampleCanaryPromotion({ phase: 'aborting' }),
    );
    show(sampleCanaryPromotion(), { abortPromotion });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Abort…' }),
    );
    const dialog = within(screen.getByRole('dialog'));
    expect(
      within(dialog.getByRole('list', { name: 'What will happen' })).getByText(
        /vvp-verifier--0000011 gets all of the traffic/,
      ),
    ).toBeInTheDocument();
    const submit = dialog.getByRole('button', { name: 'Abort and roll back' });
    expect(submit).toBeDisabled();
    await userEvent.type(dialog.getByLabelText(/^Reason/), 'Calls are refused');
    expect(submit).toBeDisabled();
    await userEvent.type(
      dialog.getByLabelText(/^Type vvp-verifier to confirm/),
      'vvp-verifier',
    );
    await userEvent.dblClick(submit);

    await waitFor(() =>
      expect(abortPromotion).toHaveBeenCalledWith('promotion-1', {
        reason: 'Calls are refused',
        confirm: 'vvp-verifier',
      }),
    );
    expect(abortPromotion).toHaveBeenCalledTimes(1);
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
  });

  it('keeps what was typed, and sends nothing, if the canary ends meanwhile', async () => {
    let now = sampleCanaryPromotion();
    const { refresh } = show(() => now);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Abort…' }),
    );
    const dialog = within(screen.getByRole('dialog'));
    await userEvent.type(dialog.getByLabelText(/^Reason/), 'Calls are refused');

    now = sampleCanaryPromotion({ phase: 'done', percent: 100 });
    await refresh();

    expect(
      await dialog.findByText(/The canary is over: there is nothing to abort/),
    ).toBeInTheDocument();
    expect(dialog.getByLabelText(/^Reason/)).toHaveValue('Calls are refused');
    expect(
      dialog.getByRole('button', { name: 'Abort and roll back' }),
    ).toBeDisabled();
  });

  it('says once why nothing can be moved', async () => {
    const why = 'This needs the permission deploy.promote for production.';
    show(
      sampleCanaryPromotion(
        {},
        {
          mayPause: { allowed: false, why },
          mayContinue: { allowed: false, why },
          mayAbort: { allowed: false, why: 'This needs deploy.rollback.' },
        },
      ),
    );

    const canary = await section('Canary watched');

    expect(canary.getByText(`Pause, Continue: ${why}`)).toBeVisible();
    expect(
      canary.getByRole('button', { name: 'Continue to 100 %…' }),
    ).toHaveAccessibleDescription(`Pause, Continue: ${why}`);
    expect(
      canary.getByRole('button', { name: 'Abort…' }),
    ).toHaveAccessibleDescription('Abort: This needs deploy.rollback.');
    expect(canary.queryByLabelText(/^Comment/)).not.toBeInTheDocument();
  });

  it.each`
    phase        | name                | text
    ${'done'}    | ${'Canary done'}    | ${'The new revision has all of the traffic.'}
    ${'aborted'} | ${'Canary aborted'} | ${'What ran before has all of the traffic.'}
    ${'failed'}  | ${'Canary failed'}  | ${'It could be moved neither way: the new revision has 10 % of the traffic. Look at the platform and at the steps, or roll back.'}
  `('offers nothing once it is $phase, and says why', async given => {
    show(
      sampleCanaryPromotion({
        phase: given.phase,
        notes: ['7 errors in 100 log entries.'],
      }),
    );

    const canary = await section(given.name);

    expect(canary.getByText(given.text)).toBeInTheDocument();
    expect(
      canary.getByText('7 errors in 100 log entries.'),
    ).toBeInTheDocument();
    expect(canary.queryByRole('button')).not.toBeInTheDocument();
    expect(canary.queryByRole('timer')).not.toBeInTheDocument();
  });

  it('leads to the rollback where it could be moved neither way', async () => {
    show(sampleCanaryPromotion({ phase: 'failed' }));

    const canary = await section('Canary failed');

    expect(
      canary.getByRole('link', { name: 'To the rollback of vvp-verifier' }),
    ).toHaveAttribute(
      'href',
      '/catalog/default/component/vvp-verifier/rollback',
    );
  });

  it('says first that it is about to fail', async () => {
    show(sampleCanaryPromotion({ errors: 5, health: { state: 'degraded' } }));

    const canary = await section('Canary watched');

    expect(
      canary.getByText(
        'The next error takes it back. The new revision is degraded.',
      ),
    ).toBeVisible();
  });

  it('writes the moments in its notes as everywhere else', async () => {
    const since = '2026-11-21T12:00:00.000Z';
    show(
      sampleCanaryPromotion({
        notes: [`The platform could not be asked since ${since}: 503`],
      }),
    );

    const notes = await screen.findByRole('list', {
      name: 'Notes on the canary',
    });

    expect(notes).toHaveTextContent(/since .*2026.*: 503/);
    expect(notes).not.toHaveTextContent(since);
    expect(within(notes).getByText(/2026/)).toHaveAttribute('dateTime', since);
  });

  it('says that the clock stands where a later look took nothing off it', async () => {
    let now = sampleCanaryPromotion({ watchSecondsLeft: 192 });
    const { refresh } = show(() => now);
    expect(await screen.findByRole('timer')).toBeInTheDocument();

    now = sampleCanaryPromotion({
      watchSecondsLeft: 192,
      lookedAt: new Date(Date.now() + 1).toISOString(),
    });
    await refresh();

    expect(await screen.findByText(/stands still/)).toBeInTheDocument();
    expect(screen.getByRole('timer')).toHaveTextContent('3m, 12s');
  });

  it('does not count down while paused', async () => {
    show(
      sampleCanaryPromotion({
        phase: 'paused',
        lookedAt: sampleCanary().startedAt,
        watchSecondsLeft: 192,
      }),
    );

    expect(await screen.findByRole('timer')).toHaveTextContent('3m, 12s');
  });
});
