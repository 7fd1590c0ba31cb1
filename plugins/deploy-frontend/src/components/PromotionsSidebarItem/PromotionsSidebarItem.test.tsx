import { Sidebar } from '@backstage/core-components';
import { NotAllowedError } from '@backstage/errors';
import { screen, waitFor } from '@testing-library/react';
import { DeployApi } from '@vvp/backstage-plugin-deploy-common';
import { samplePromotion } from '../../__testUtils__/promotionSamples';
import {
  createDeployApi,
  renderWithDeployApi,
} from '../../__testUtils__/renderWithDeployApi';
import { PromotionsSidebarItem } from './PromotionsSidebarItem';

function show(listPromotions: DeployApi['listPromotions']) {
  const deployApi = createDeployApi({ listPromotions });
  renderWithDeployApi(
    <Sidebar>
      <PromotionsSidebarItem />
    </Sidebar>,
    { deployApi },
  );
}

describe('PromotionsSidebarItem', () => {
  it('leads to the promotions, and says how many wait for the user', async () => {
    const listPromotions = jest.fn(async () => ({
      items: [samplePromotion(), samplePromotion({ id: 'promotion-2' })],
    }));
    show(listPromotions);

    expect(
      await screen.findByRole('link', { name: 'Promotions, 2 wait for you' }),
    ).toHaveAttribute('href', '/deploy/promotions');
    expect(listPromotions).toHaveBeenCalledWith({
      waitingFor: 'me',
      limit: 20,
      cursor: undefined,
    });
  });

  it.each([
    ['nothing waits', async () => ({ items: [] })],
    [
      'it is not known',
      async () => {
        throw new NotAllowedError('No');
      },
    ],
  ])('shows no number where %s', async (_what, answer) => {
    const listPromotions = jest.fn(answer);
    show(listPromotions);

    await waitFor(() => expect(listPromotions).toHaveBeenCalled());
    expect(
      await screen.findByRole('link', { name: 'Promotions' }),
    ).toBeInTheDocument();
  });
});
