import { NotAllowedError, NotFoundError } from '@backstage/errors';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { sampleGate, sampleGates } from '../../__testUtils__/evidenceSamples';
import {
  createDeployApi,
  renderWithDeployApi,
} from '../../__testUtils__/renderWithDeployApi';
import {
  sampleCommit,
  sampleDeployment,
  sampleEnvironment,
  sampleService,
} from '../../__testUtils__/samples';
import { DeploymentsTab } from './DeploymentsTab';

describe('gates on an environment', () => {
  const failing = sampleGate({ state: 'fail' });

  it('stand on its card, and say so if they are about the next release', async () => {
    const deployApi = createDeployApi({
      getService: async () =>
        sampleService({
          environments: [
            sampleEnvironment({
              name: 'staging',
              gates: sampleGates([sampleGate()]),
            }),
            sampleEnvironment({
              order: 1,
              gates: sampleGates([failing], {
                commit: sampleCommit('77aa88b'),
              }),
            }),
            sampleEnvironment({ name: 'preview', order: 2 }),
          ],
        }),
    });

    renderWithDeployApi(<DeploymentsTab />, { deployApi });

    const cards = within(
      await screen.findByRole('list', { name: 'Environments, in order' }),
    ).getAllByRole('listitem');
    expect(cards[0]).toHaveTextContent(/The gate passes/);
    expect(cards[0]).not.toHaveTextContent(/on its way/);
    expect(cards[1]).toHaveTextContent(/77aa88b on its way:\s*The gate fails/);
    expect(cards[2]).not.toHaveTextContent(/gate/);
  });

  it('are asked for again after a waiver', async () => {
    const user = userEvent.setup();
    const waived = sampleGate({ state: 'waived' });
    const getService = jest
      .fn()
      .mockResolvedValueOnce(
        sampleService({
          environments: [sampleEnvironment({ gates: sampleGates([failing]) })],
        }),
      )
      .mockResolvedValue(
        sampleService({
          environments: [sampleEnvironment({ gates: sampleGates([waived]) })],
        }),
      );
    const deployApi = createDeployApi({
      getService,
      waiveGate: jest.fn().mockResolvedValue({}),
    });
    renderWithDeployApi(<DeploymentsTab />, { deployApi });

    await user.click(
      await screen.findByRole('button', { name: /^The gate fails/ }),
    );
    await user.click(
      await screen.findByRole('button', { name: /^Waive the gate/ }),
    );
    await user.type(await screen.findByLabelText(/Reason/), 'Known and small');
    await user.selectOptions(screen.getByLabelText('For how long'), '1h');
    await user.click(screen.getByRole('button', { name: 'Waive the gate' }));

    const panel = await screen.findByRole('dialog', { name: /^Gates of/ });
    expect(await within(panel).findByText('Waived')).toBeInTheDocument();
    expect(deployApi.waiveGate).toHaveBeenCalledTimes(1);
  });
});

describe('gates of a deployment', () => {
  async function openDetails(getGates: () => Promise<unknown>) {
    const deployApi = createDeployApi({
      listDeployments: async () => ({
        items: [sampleDeployment({ commit: '5e5e5e5' })],
      }),
      getGates: jest.fn(getGates) as never,
    });
    renderWithDeployApi(<DeploymentsTab />, { deployApi });
    await userEvent.click(
      await screen.findByRole('button', { name: /^Details of 5e5e5e5/ }),
    );
    return deployApi;
  }

  it('are those of its release and environment', async () => {
    const deployApi = await openDetails(async () =>
      sampleGates([sampleGate({ title: 'Soak time' })]),
    );

    const list = await screen.findByRole('list', {
      name: 'Gates of production',
    });
    expect(within(list).getByText('Soak time')).toBeInTheDocument();
    expect(deployApi.getGates).toHaveBeenCalledWith(
      'component:default/vvp-verifier',
      'production',
      sampleCommit('5e5e5e5'),
    );
  });

  it.each([
    ['being loaded', () => new Promise(() => undefined), 'Loading the gates'],
  ])('say that they are %s', async (_name, getGates, label) => {
    await openDetails(getGates);

    expect(
      await screen.findByRole('status', { name: label }),
    ).toBeInTheDocument();
  });

  it.each([
    [new NotAllowedError('No'), 'You may not see the gates of this release'],
    [new Error('Broken'), 'The gates could not be loaded'],
  ])('say why they are not there: %s', async (error, text) => {
    await openDetails(async () => {
      throw error;
    });

    expect(await screen.findByText(text)).toBeInTheDocument();
  });

  it('are left out where the environment is gone', async () => {
    const deployApi = await openDetails(async () => {
      throw new NotFoundError('No such environment');
    });

    await waitFor(() => expect(deployApi.getGates).toHaveBeenCalled());
    await waitFor(() =>
      expect(
        screen.queryByRole('status', { name: 'Loading the gates' }),
      ).not.toBeInTheDocument(),
    );
    expect(screen.queryByText('Gates')).not.toBeInTheDocument();
    expect(screen.getByText('Branch or tag')).toBeInTheDocument();
  });
});
