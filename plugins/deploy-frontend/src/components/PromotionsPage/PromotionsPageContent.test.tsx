import { ConflictError, NotAllowedError } from '@backstage/errors';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  activeStatuses,
  DeployApi,
  Promotion,
} from '@vvp/backstage-plugin-deploy-common';
import { samplePromotion } from '../../__testUtils__/promotionSamples';
import {
  createDeployApi,
  renderWithDeployApi,
} from '../../__testUtils__/renderWithDeployApi';
import { decidedStatuses } from '../../logic/promotions';
import { PromotionsPageContent } from './PromotionsPageContent';

const services = ['vvp-issuer', 'vvp-verifier', 'vvp-witness'];

function ofRun(service: string, part: Partial<Promotion> = {}): Promotion {
  return samplePromotion({
    id: service,
    entityRef: `component:default/${service}`,
    seen: `seen of ${service}`,
    ...part,
  });
}

function show(
  promotions: Promotion[],
  part: Partial<DeployApi> = {},
  path?: string,
) {
  const deployApi = createDeployApi({
    listPromotions: jest.fn(async () => ({ items: promotions })),
    getPromotion: async id =>
      promotions.find(each => each.id === id) ?? samplePromotion({ id }),
    ...part,
  });
  renderWithDeployApi(<PromotionsPageContent />, { deployApi, path });
  return deployApi;
}

async function choose(names: string[]) {
  for (const name of names) {
    await userEvent.click(
      await screen.findByRole('checkbox', { name: new RegExp(name) }),
    );
  }
}

describe('PromotionsPageContent', () => {
  it('shows what waits for the user first, with a link to each', async () => {
    const deployApi = show([ofRun('vvp-issuer')]);

    const link = await screen.findByRole('link', {
      name: 'v1.5.0, 9f8e7d6 of vvp-issuer → production',
    });

    expect(link).toHaveAttribute('href', '/deploy/promotions/vvp-issuer');
    expect(deployApi.listPromotions).toHaveBeenCalledWith({
      waitingFor: 'me',
      cursor: undefined,
    });
    expect(screen.queryByRole('checkbox')).not.toBeInTheDocument();
  });

  it.each([
    ['All under way', activeStatuses],
    ['Decided', decidedStatuses],
  ])('has a tab: %s', async (title, status) => {
    const deployApi = show([ofRun('vvp-issuer', { status: status[0] })]);

    await userEvent.click(await screen.findByRole('tab', { name: title }));

    await waitFor(() =>
      expect(deployApi.listPromotions).toHaveBeenLastCalledWith({
        status: [...status],
        cursor: undefined,
      }),
    );
    expect(screen.getByLabelText('address')).toHaveTextContent(/\?tab=/);
  });

  it('approves those of one run together, each with what was seen of it, and tells each result', async () => {
    const approvePromotion = jest.fn(async (id: string) => {
      if (id === 'vvp-verifier') {
        throw new ConflictError('A gate result changed since you looked.');
      }
      return ofRun(id, { status: 'executing' });
    });
    show(
      services.map(name => ofRun(name)),
      { approvePromotion },
    );

    await choose(services);
    await userEvent.click(
      screen.getByRole('button', { name: 'Approve 3 together…' }),
    );
    const dialog = within(await screen.findByRole('dialog'));
    await userEvent.click(
      await dialog.findByRole('button', { name: 'Approve 3' }),
    );

    expect(await dialog.findByText(/^1 of 3 not approved/)).toBeInTheDocument();
    expect(approvePromotion.mock.calls).toEqual(
      services.map(name => [name, { seen: `seen of ${name}` }]),
    );
    const [issuer, verifier, witness] = within(
      dialog.getByRole('list', { name: 'To be approved' }),
    ).getAllByRole('listitem');
    expect(within(issuer).getByText('Approved')).toBeInTheDocument();
    expect(verifier).toHaveTextContent(
      /Not approved A gate result changed since you looked/,
    );
    expect(within(witness).getByText('Approved')).toBeInTheDocument();
  });

  it('leaves out what the user may not approve, and says why', async () => {
    const approvePromotion = jest.fn(async (id: string) => ofRun(id));
    show(
      [
        ofRun('vvp-issuer'),
        ofRun('vvp-verifier', {
          mayApprove: { allowed: false, why: 'You are an author of it.' },
        }),
      ],
      { approvePromotion },
    );

    expect(
      await screen.findByText(/: tick those to approve together$/),
    ).toBeInTheDocument();
    await choose(['vvp-issuer', 'vvp-verifier']);
    expect(screen.queryByText(/tick those/)).not.toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('button', { name: 'Approve 2 together…' }),
    );
    const dialog = within(await screen.findByRole('dialog'));
    expect(
      await dialog.findByText(/You are an author of it/),
    ).toBeInTheDocument();
    await userEvent.click(dialog.getByRole('button', { name: 'Approve 1' }));

    expect(
      await dialog.findByText('All of them are approved.'),
    ).toBeInTheDocument();
    expect(approvePromotion).toHaveBeenCalledTimes(1);
  });

  it('offers to choose only among those of the same run', async () => {
    show([
      ofRun('vvp-issuer', { run: { runId: '1', attempt: 1 } }),
      ofRun('vvp-verifier', { run: { runId: '2', attempt: 1 } }),
      ofRun('vvp-witness', { run: undefined }),
    ]);

    await screen.findByRole('link', { name: /vvp-witness/ });

    expect(screen.queryByRole('checkbox')).not.toBeInTheDocument();
  });

  it('shows one promotion at an address of its own', async () => {
    show([], {}, '/promotion-7');

    expect(
      await screen.findByRole('button', { name: 'Approve' }),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('button', { name: 'Back to the promotions' }),
    ).toBeInTheDocument();
  });

  it('says that nothing waits', async () => {
    show([]);

    expect(
      await screen.findByText('Nothing waits for you.'),
    ).toBeInTheDocument();
  });

  it.each([
    [new NotAllowedError('No'), 'You may not see promotions'],
    [new Error('503'), 'The promotions could not be loaded'],
  ])('says what is wrong: %s', async (error, text) => {
    show([], {
      listPromotions: async () => {
        throw error;
      },
    });

    expect(await screen.findByText(text)).toBeInTheDocument();
  });
});
