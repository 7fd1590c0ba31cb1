import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { DeployApi } from '@vvp/backstage-plugin-deploy-common';
import {
  sampleFreezeInForce,
  sampleRelease,
  sampleReleaseSummary,
} from '../../__testUtils__/promotionSamples';
import {
  createDeployApi,
  renderWithDeployApi,
} from '../../__testUtils__/renderWithDeployApi';
import {
  sampleDeployment,
  sampleEntity,
  sampleEnvironment,
  sampleService,
} from '../../__testUtils__/samples';
import { DeploymentsTab } from './DeploymentsTab';

function show(
  part: Parameters<typeof sampleEnvironment>[0],
  options: {
    api?: Partial<DeployApi>;
    mayPromote?: boolean;
    path?: string;
  } = {},
) {
  const { api, mayPromote = true, path } = options;
  const deployApi = createDeployApi({
    getService: async () =>
      sampleService({ environments: [sampleEnvironment(part)] }),
    ...api,
  });
  renderWithDeployApi(<DeploymentsTab />, {
    deployApi,
    path,
    // Answers about permissions are kept from test to test, by entity.
    entity: mayPromote ? undefined : sampleEntity('vvp-issuer'),
    authorize: ({ permission }) =>
      permission.name !== 'deploy.promote' || mayPromote
        ? AuthorizeResult.ALLOW
        : AuthorizeResult.DENY,
  });
  return deployApi;
}

describe('DeploymentsTab with promotions and freezes', () => {
  it('leads from the environment to the promotion that is under way', async () => {
    show({
      pendingPromotion: {
        id: 'promotion-1',
        status: 'awaiting_approval',
        release: sampleRelease(),
      },
    });

    const link = await screen.findByRole('link', {
      name: 'Promotion of v1.5.0, 9f8e7d6',
    });

    expect(screen.getByText('Awaiting approval')).toBeInTheDocument();
    expect(link).toHaveAttribute(
      'href',
      '/catalog/default/component/vvp-verifier/deployments?promotion=promotion-1',
    );
  });

  it('shows the promotion that the address names, and leads back', async () => {
    show({}, { path: '/?promotion=promotion-1' });

    expect(
      await screen.findByRole('button', { name: 'Approve' }),
    ).toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('button', { name: 'Back to the environments' }),
    );

    expect(
      await screen.findByRole('list', { name: 'Environments, in order' }),
    ).toBeInTheDocument();
  });

  it('asks for a promotion, and shows it', async () => {
    show(
      {},
      {
        api: {
          listReleases: async () => ({ items: [sampleReleaseSummary()] }),
          requestPromotion: async () => ({ id: 'promotion-1' }),
        },
      },
    );

    await userEvent.click(
      await screen.findByRole('button', { name: 'Promote to production…' }),
    );
    const dialog = within(screen.getByRole('dialog'));
    await userEvent.selectOptions(
      await dialog.findByLabelText(/^Release/),
      sampleRelease().id,
    );
    await userEvent.click(
      dialog.getByRole('button', { name: 'Ask for promotion' }),
    );

    expect(
      await screen.findByRole('button', { name: 'Approve' }),
    ).toBeInTheDocument();
    await waitFor(() =>
      expect(screen.getByLabelText('address')).toHaveTextContent(
        '?promotion=promotion-1',
      ),
    );
  });

  it('promotes a release from the history to the environment that comes next', async () => {
    const deployApi = createDeployApi({
      getService: async () =>
        sampleService({
          environments: [
            sampleEnvironment({ name: 'production', order: 1 }),
            sampleEnvironment({ name: 'staging', tier: 'staging', order: 0 }),
          ],
        }),
      listDeployments: async () => ({
        items: [
          sampleDeployment({
            environment: 'staging',
            release: sampleRelease(),
          }),
        ],
      }),
      listReleases: async () => ({ items: [sampleReleaseSummary()] }),
    });
    renderWithDeployApi(<DeploymentsTab />, { deployApi });

    await userEvent.click(
      await screen.findByRole('button', { name: /^Details of 9f8e7d6/ }),
    );
    await userEvent.click(
      await screen.findByRole('button', {
        name: 'Promote v1.5.0, 9f8e7d6 to production…',
      }),
    );

    const dialog = within(screen.getByRole('dialog'));
    expect(dialog.getByText('Promote to production')).toBeInTheDocument();
    expect(await dialog.findByLabelText(/^Release/)).toHaveValue(
      sampleRelease().id,
    );
  });

  it('offers no promotion to whoever may not ask for one', async () => {
    show({}, { mayPromote: false });

    await screen.findByRole('list', { name: 'Environments, in order' });

    await waitFor(() =>
      expect(
        screen.queryByRole('button', { name: /^Promote/ }),
      ).not.toBeInTheDocument(),
    );
  });

  it('says on top and at the environment that it is frozen', async () => {
    show({ freeze: sampleFreezeInForce() });

    expect(
      await screen.findByText(/^production is frozen until .* \(Weekend\)\.$/),
    ).toBeInTheDocument();
    expect(screen.getByText('Nobody is there to look at it.')).toBeVisible();
    expect(screen.getByRole('link', { name: 'All freezes' })).toHaveAttribute(
      'href',
      '/deploy/freezes',
    );
    const notes = screen.getByRole('list', { name: 'State of production' });
    expect(notes).toHaveTextContent(
      /Frozen \(Weekend\) until .*Hotfixes and rollbacks are let through/,
    );
    expect(screen.queryByText(/Nothing holds the pipeline/)).toBeNull();
  });

  it('says that a freeze does not stop a pipeline that nothing holds', async () => {
    show({ freeze: sampleFreezeInForce(), enforced: false });

    expect(
      await screen.findByText(/Nothing holds the pipeline at production/),
    ).toBeInTheDocument();
  });

  it('keeps quiet where nothing is frozen', async () => {
    show({});

    await screen.findByRole('list', { name: 'Environments, in order' });

    expect(screen.queryByText(/frozen/i)).not.toBeInTheDocument();
  });
});
