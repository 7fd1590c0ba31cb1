import { NotAllowedError } from '@backstage/errors';
import {
  ServiceFilter,
  ServiceSummary,
} from '@vvp/backstage-plugin-deploy-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  createDeployApi,
  renderWithDeployApi,
} from '../../__testUtils__/renderWithDeployApi';
import {
  sampleDeployment,
  sampleEnvironment,
} from '../../__testUtils__/samples';
import { DeploymentsPageContent } from './DeploymentsPageContent';

function sampleSummary(
  name: string,
  part: Partial<ServiceSummary> = {},
): ServiceSummary {
  return {
    entityRef: `component:default/${name}`,
    owner: 'group:default/vvp-team',
    environments: [sampleEnvironment()],
    ...part,
  };
}

describe('DeploymentsPageContent', () => {
  it('shows services by row and the tiers that any of them has by column', async () => {
    const deployApi = createDeployApi({
      listServices: async () => ({
        items: [
          sampleSummary('verifier', {
            title: 'VVP Verifier',
            environments: [
              sampleEnvironment({
                name: 'production',
                latestDeployment: sampleDeployment({
                  status: 'failed',
                  commit: 'ffffff0',
                }),
              }),
              sampleEnvironment({
                name: 'staging-eu',
                tier: 'staging',
                currentDeployment: undefined,
              }),
            ],
          }),
          sampleSummary('issuer'),
        ],
      }),
    });

    renderWithDeployApi(<DeploymentsPageContent />, { deployApi });

    const table = await screen.findByRole('table', {
      name: 'Services and what runs where',
    });
    expect(
      within(table)
        .getAllByRole('columnheader')
        .map(header => header.textContent),
    ).toEqual(['Service', 'staging', 'production']);
    const [, verifier, issuer] = within(table).getAllByRole('row');
    const [staging, production] = within(verifier).getAllByRole('cell');
    expect(staging).toHaveTextContent(/staging-eu\s*never deployed/);
    expect(production).toHaveTextContent(
      /Succeeded.*a1b2c3d.*3 hours ago.*Failed.*ffffff0/,
    );
    expect(
      within(verifier).getByRole('link', { name: 'VVP Verifier' }),
    ).toHaveAttribute(
      'href',
      '/catalog/default/component/verifier/deployments',
    );
    expect(
      within(issuer).getByRole('link', { name: 'issuer' }),
    ).toBeInTheDocument();
  });

  it('takes filters and order from the address', async () => {
    const deployApi = createDeployApi();

    renderWithDeployApi(<DeploymentsPageContent />, {
      deployApi,
      path: '/?text=ver&owner=group:default/vvp-team&tier=production&sort=-lastDeployed',
    });

    expect(
      await screen.findByText('No service matches these filters.'),
    ).toBeInTheDocument();
    expect(deployApi.listServices).toHaveBeenCalledWith({
      text: 'ver',
      owner: 'group:default/vvp-team',
      tier: 'production',
      sort: '-lastDeployed',
      cursor: undefined,
    });
  });

  it('ignores a tier and an order that do not exist', async () => {
    const deployApi = createDeployApi();

    renderWithDeployApi(<DeploymentsPageContent />, {
      deployApi,
      path: '/?tier=moon&sort=colour',
    });

    expect(
      await screen.findByText(/No service that you may see is deployed yet/),
    ).toBeInTheDocument();
    expect(deployApi.listServices).toHaveBeenCalledWith(
      expect.objectContaining({ tier: undefined, sort: 'name' }),
    );
  });

  it('puts what is chosen into the address and asks for it', async () => {
    const deployApi = createDeployApi();

    renderWithDeployApi(<DeploymentsPageContent />, {
      deployApi,
      facets: ['group:default/voice-team', 'group:default/platform-team'],
    });
    await userEvent.type(await screen.findByLabelText('Service'), 'wit');
    await screen.findByRole('option', { name: 'voice-team' });
    await userEvent.selectOptions(
      screen.getByLabelText('Owner'),
      'group:default/voice-team',
    );
    await userEvent.selectOptions(screen.getByLabelText('Tier'), 'staging');
    await userEvent.selectOptions(screen.getByLabelText('Sort by'), '-name');

    await waitFor(() =>
      expect(deployApi.listServices).toHaveBeenLastCalledWith({
        text: 'wit',
        owner: 'group:default/voice-team',
        tier: 'staging',
        sort: '-name',
        cursor: undefined,
      }),
    );
    const address = new URLSearchParams(
      screen.getByLabelText('address').textContent ?? '',
    );
    expect(Object.fromEntries(address)).toEqual({
      text: 'wit',
      owner: 'group:default/voice-team',
      tier: 'staging',
      sort: '-name',
    });
  });

  it('loads more services', async () => {
    const listServices = jest.fn(async (filter: ServiceFilter = {}) =>
      filter.cursor
        ? { items: [sampleSummary('second')] }
        : { items: [sampleSummary('first')], nextCursor: 'c1' },
    );

    renderWithDeployApi(<DeploymentsPageContent />, {
      deployApi: createDeployApi({ listServices }),
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Load more' }),
    );

    expect(
      await screen.findByRole('link', { name: 'second' }),
    ).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'first' })).toBeInTheDocument();
  });

  it('names the permission that is missing', async () => {
    const deployApi = createDeployApi({
      listServices: async () => {
        throw new NotAllowedError('no');
      },
    });

    renderWithDeployApi(<DeploymentsPageContent />, { deployApi });

    expect(
      await screen.findByText('You may not see what runs where'),
    ).toBeInTheDocument();
    expect(screen.getByText('deploy.read')).toBeInTheDocument();
  });

  it('says why loading failed and loads again on demand', async () => {
    const listServices = jest
      .fn()
      .mockRejectedValueOnce(new Error('The database is away'))
      .mockResolvedValue({ items: [sampleSummary('first')] });

    renderWithDeployApi(<DeploymentsPageContent />, {
      deployApi: createDeployApi({ listServices }),
    });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The database is away',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));

    expect(
      await screen.findByRole('link', { name: 'first' }),
    ).toBeInTheDocument();
  });
});
