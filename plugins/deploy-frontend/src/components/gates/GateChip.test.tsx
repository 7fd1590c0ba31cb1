import { NotAllowedError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  deployWaivePermission,
  GateResult,
  GateState,
} from '@vvp/backstage-plugin-deploy-common';
import { sampleGate, sampleGates } from '../../__testUtils__/evidenceSamples';
import {
  createDeployApi,
  renderWithDeployApi,
} from '../../__testUtils__/renderWithDeployApi';
import { minutesAgo, sampleCommit } from '../../__testUtils__/samples';
import { gateTexts } from '../../logic/gates';
import { GateChip } from './GateChip';

const entityRef = 'component:default/vvp-verifier';

async function openPanel(results: GateResult[]) {
  renderWithDeployApi(
    <GateChip
      entityRef={entityRef}
      environment="production"
      gates={sampleGates(results)}
      onWaived={() => undefined}
    />,
    { deployApi: createDeployApi() },
  );
  await userEvent.click(
    await screen.findByRole('button', { name: /show the gates/ }),
  );
  return within(
    await screen.findByRole('dialog', { name: 'Gates of production' }),
  );
}

describe('GateChip', () => {
  it.each<[GateState[], string]>([
    [['fail', 'fail', 'pass', 'pass', 'pending'], '2 of 5 gates fail'],
    [['pending', 'pass'], '1 of 2 gates is pending'],
    [['waived'], 'The gate is waived'],
    [['pass', 'pass'], 'All 2 gates pass'],
    [[], 'No gates'],
  ])('says how %j stand, as sign and words', async (states, text) => {
    renderWithDeployApi(
      <GateChip
        entityRef={entityRef}
        environment="production"
        gates={sampleGates(states.map(state => sampleGate({ state })))}
        onWaived={() => undefined}
      />,
      { deployApi: createDeployApi() },
    );

    const chip = await screen.findByRole('button', {
      name: `${text} for a1b2c3d in production: show the gates`,
    });
    expect(chip).toHaveTextContent(text);
    expect(chip.querySelector('svg')).toBeInTheDocument();
  });

  it('opens and closes by the keyboard alone, and gives the focus back', async () => {
    const user = userEvent.setup();
    renderWithDeployApi(
      <GateChip
        entityRef={entityRef}
        environment="production"
        gates={sampleGates([sampleGate()])}
        onWaived={() => undefined}
      />,
      { deployApi: createDeployApi() },
    );
    const chip = await screen.findByRole('button', { name: /show the gates/ });

    while (document.activeElement !== chip) {
      await user.tab();
    }
    await user.keyboard('{Enter}');
    const panel = await screen.findByRole('dialog');
    expect(panel.closest('[role="presentation"]')).toContainElement(
      document.activeElement as HTMLElement,
    );
    await user.keyboard('{Escape}');

    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
    expect(chip).toHaveFocus();
  });

  it('says where no rule asks for anything', async () => {
    const panel = await openPanel([]);

    expect(panel.getByText(/No rule asks for anything/)).toBeInTheDocument();
  });
});

describe('the gates in the panel', () => {
  it.each<[GateState]>([['fail'], ['pending'], ['waived'], ['pass'], ['none']])(
    'shows %s as a word with a sign',
    async state => {
      const panel = await openPanel([sampleGate({ state })]);

      const label = panel.getByText(gateTexts[state].label);
      expect(label).toHaveAttribute('title', gateTexts[state].meaning);
      expect(label.querySelector('svg')).toBeInTheDocument();
    },
  );

  it('names reason, numbers, commit and age, and never rounds up to the threshold', async () => {
    const panel = await openPanel([
      sampleGate({
        state: 'fail',
        reason: 'Line coverage is too low.',
        actual: 78.996,
        checks: [
          {
            operator: 'minimum',
            state: 'fail',
            reason: 'Line coverage is too low.',
            actual: 78.996,
            threshold: 79,
            unit: 'percent',
          },
        ],
      }),
    ]);

    const gate = panel.getByRole('listitem');
    expect(gate).toHaveTextContent(/Line coverage is too low\./);
    expect(gate).toHaveTextContent(/Measured 78\.99 %, asked at least 79 %/);
    expect(gate).toHaveTextContent(/measured on a1b2c3d, this release/);
    expect(gate).toHaveTextContent(/1 hour ago/);
    expect(gate).not.toHaveTextContent(/Carried forward/);
  });

  it('marks what is carried forward from another commit', async () => {
    const panel = await openPanel([
      sampleGate({
        carriedForward: true,
        measuredCommit: sampleCommit('5e5e5e5'),
      }),
    ]);

    const gate = panel.getByRole('listitem');
    expect(gate).toHaveTextContent(/Carried forward\s*measured on 5e5e5e5/);
    expect(gate).not.toHaveTextContent(/this release/);
  });

  it('lists every part of a rule of several parts', async () => {
    const panel = await openPanel([
      sampleGate({
        checks: [
          { operator: 'maximum', state: 'pass', reason: 'None is open.' },
          { operator: 'completed', state: 'fail', reason: 'It broke off.' },
        ],
      }),
    ]);

    const parts = within(
      panel.getByRole('list', { name: 'What the rule asks for' }),
    ).getAllByRole('listitem');
    expect(parts.map(part => part.textContent)).toEqual([
      'Passes: None is open.',
      'Fails: It broke off.',
    ]);
  });

  it('leads to the reports it was judged on', async () => {
    const panel = await openPanel([
      sampleGate({ evidenceIds: ['a/b', 'c'], evidenceType: 'security' }),
    ]);

    expect(
      panel.getAllByRole('link').map(link => link.getAttribute('href')),
    ).toEqual([
      '/catalog/default/component/vvp-verifier/evidence?report=a%2Fb#security',
      '/catalog/default/component/vvp-verifier/evidence?report=c#security',
    ]);
  });

  it('says who waived a gate, why, and until when', async () => {
    const panel = await openPanel([
      sampleGate({
        state: 'waived',
        waiver: {
          id: 'w',
          grantedBy: 'user:default/omar',
          reason: '<b>Rebuilt</b> tonight',
          grantedAt: minutesAgo(5),
          expiresAt: '2036-11-21T20:00:00Z',
        },
      }),
    ]);

    expect(panel.getByText('“<b>Rebuilt</b> tonight”')).toBeInTheDocument();
    expect(panel.getByRole('listitem')).toHaveTextContent(
      /Waived by omar until .*2036/,
    );
    expect(
      panel.queryByRole('button', { name: /Waive the gate/ }),
    ).not.toBeInTheDocument();
  });
});

describe('waiving a gate', () => {
  const failing = sampleGate({ state: 'fail', id: 'gate-1' });

  async function openDialog(options: {
    waiveGate: jest.Mock;
    onWaived?: () => void;
  }) {
    const { waiveGate, onWaived = () => undefined } = options;
    renderWithDeployApi(
      <GateChip
        entityRef={entityRef}
        environment="production"
        gates={sampleGates([failing])}
        onWaived={onWaived}
      />,
      { deployApi: createDeployApi({ waiveGate }) },
    );
    await userEvent.click(
      await screen.findByRole('button', { name: /show the gates/ }),
    );
    await userEvent.click(
      await screen.findByRole('button', {
        name: 'Waive the gate Line coverage',
      }),
    );
    return within(await screen.findByRole('dialog', { name: /^Waive “Line/ }));
  }

  it('sends reason and expiry, closes, and asks for fresh gates', async () => {
    const waiveGate = jest.fn().mockResolvedValue({});
    const onWaived = jest.fn();
    const before = Date.now();
    const dialog = await openDialog({ waiveGate, onWaived });

    await userEvent.type(
      dialog.getByLabelText(/Reason/),
      '  Rebuilt tonight  ',
    );
    await userEvent.selectOptions(dialog.getByLabelText('For how long'), '8h');
    await userEvent.click(
      dialog.getByRole('button', { name: 'Waive the gate' }),
    );

    await waitFor(() => expect(onWaived).toHaveBeenCalledTimes(1));
    const [id, { reason, expiresAt }] = waiveGate.mock.calls[0];
    expect([id, reason]).toEqual(['gate-1', 'Rebuilt tonight']);
    expect(Date.parse(expiresAt)).toBeGreaterThanOrEqual(before + 8 * 3600_000);
    expect(Date.parse(expiresAt)).toBeLessThanOrEqual(
      Date.now() + 8 * 3600_000,
    );
    await waitFor(() =>
      expect(
        screen.queryByRole('dialog', { name: /^Waive/ }),
      ).not.toBeInTheDocument(),
    );
  });

  it('asks for what is missing, and sends nothing until it is there', async () => {
    const waiveGate = jest.fn().mockResolvedValue({});
    const dialog = await openDialog({ waiveGate });

    await userEvent.type(dialog.getByLabelText(/Reason/), 'short');
    await userEvent.click(
      dialog.getByRole('button', { name: 'Waive the gate' }),
    );

    expect(dialog.getByText(/at least 10 characters/)).toBeInTheDocument();
    expect(dialog.getByText('Choose how long it lasts.')).toBeInTheDocument();
    await userEvent.selectOptions(
      dialog.getByLabelText('For how long'),
      'custom',
    );
    expect(dialog.getByText('Name a date and a time.')).toBeInTheDocument();
    expect(waiveGate).not.toHaveBeenCalled();
  });

  it('sends once, however often the button is pressed', async () => {
    let answer: (value: object) => void = () => undefined;
    const waiveGate = jest.fn(
      () =>
        new Promise(resolve => {
          answer = resolve;
        }),
    );
    const dialog = await openDialog({ waiveGate });
    await userEvent.type(dialog.getByLabelText(/Reason/), 'Rebuilt tonight');
    await userEvent.selectOptions(dialog.getByLabelText('For how long'), '1h');

    const form = dialog.getByRole('form', { name: /^Waive “Line/ });
    const submit = new Event('submit', { bubbles: true, cancelable: true });
    await userEvent.dblClick(
      dialog.getByRole('button', { name: 'Waive the gate' }),
    );
    form.dispatchEvent(submit);

    expect(
      await dialog.findByRole('button', { name: 'Waiving…' }),
    ).toBeDisabled();
    expect(dialog.getByRole('button', { name: 'Close' })).toBeDisabled();
    expect(waiveGate).toHaveBeenCalledTimes(1);
    answer({});
    await waitFor(() =>
      expect(
        screen.queryByRole('dialog', { name: /^Waive/ }),
      ).not.toBeInTheDocument(),
    );
  });

  it('shows why the backend refused, keeps what was written, and can try again', async () => {
    const onWaived = jest.fn();
    const waiveGate = jest
      .fn()
      .mockRejectedValueOnce(
        new NotAllowedError('The gate "coverage" cannot be waived here.'),
      )
      .mockResolvedValueOnce({});
    const dialog = await openDialog({ waiveGate, onWaived });
    await userEvent.type(dialog.getByLabelText(/Reason/), 'Rebuilt tonight');
    await userEvent.selectOptions(dialog.getByLabelText('For how long'), '7d');
    const send = () =>
      userEvent.click(dialog.getByRole('button', { name: 'Waive the gate' }));

    await send();
    expect(await dialog.findByRole('alert')).toHaveTextContent(
      'The gate was not waived: The gate "coverage" cannot be waived here.',
    );
    expect(dialog.getByLabelText(/Reason/)).toHaveValue('Rebuilt tonight');
    expect(onWaived).not.toHaveBeenCalled();

    await send();
    await waitFor(() => expect(onWaived).toHaveBeenCalledTimes(1));
  });

  it('is reachable by the keyboard', async () => {
    const user = userEvent.setup();
    const waiveGate = jest.fn().mockResolvedValue({});
    const dialog = await openDialog({ waiveGate });

    while (document.activeElement !== dialog.getByLabelText(/Reason/)) {
      await user.tab();
    }
    await user.keyboard('Rebuilt tonight');
    await user.tab();
    await user.selectOptions(document.activeElement as HTMLElement, '1d');
    await user.tab();
    await user.tab();
    await user.keyboard('{Enter}');

    await waitFor(() => expect(waiveGate).toHaveBeenCalledTimes(1));
  });

  it.each<[GateState, boolean]>([
    ['fail', true],
    ['pending', true],
    ['waived', false],
    ['pass', false],
  ])('is offered for %s: %s', async (state, offered) => {
    const panel = await openPanel([sampleGate({ state })]);

    const buttons = panel.queryAllByRole('button', { name: /Waive the gate/ });
    expect(buttons).toHaveLength(offered ? 1 : 0);
  });

  it('is not offered to whom the permission for the environment is denied', async () => {
    const authorize = jest.fn((): AuthorizeResult.DENY => AuthorizeResult.DENY);
    renderWithDeployApi(
      // An environment of its own: answers about permissions are remembered.
      <GateChip
        entityRef={entityRef}
        environment="forbidden"
        gates={sampleGates([failing])}
        onWaived={() => undefined}
      />,
      { deployApi: createDeployApi(), authorize },
    );

    await userEvent.click(
      await screen.findByRole('button', { name: /show the gates/ }),
    );

    await waitFor(() =>
      expect(authorize).toHaveBeenCalledWith({
        permission: deployWaivePermission,
        resourceRef: `${entityRef}#forbidden`,
      }),
    );
    expect(screen.getByText('Line coverage')).toBeInTheDocument();
    expect(
      screen.queryByRole('button', { name: /Waive the gate/ }),
    ).not.toBeInTheDocument();
  });
});
