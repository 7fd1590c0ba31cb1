import { NotAllowedError } from '@backstage/errors';
import { screen } from '@testing-library/react';
import { samplePromotion } from '../../__testUtils__/promotionSamples';
import {
  createDeployApi,
  renderWithDeployApi,
} from '../../__testUtils__/renderWithDeployApi';
import { PromotionsCard } from './PromotionsCard';

describe('PromotionsCard', () => {
  it('shows the first of what waits for the user', async () => {
    const deployApi = createDeployApi({
      listPromotions: jest.fn(async () => ({
        items: [samplePromotion()],
        nextCursor: 'more',
      })),
    });

    renderWithDeployApi(<PromotionsCard />, { deployApi });

    expect(
      await screen.findByRole('link', { name: /v1\.5\.0.*→ production/ }),
    ).toHaveAttribute('href', '/deploy/promotions/promotion-1');
    expect(screen.getByText('and more')).toBeInTheDocument();
    expect(
      screen.getByRole('link', { name: 'All promotions' }),
    ).toHaveAttribute('href', '/deploy/promotions');
    expect(deployApi.listPromotions).toHaveBeenCalledWith({
      waitingFor: 'me',
      limit: 5,
      cursor: undefined,
    });
  });

  it('says that nothing waits', async () => {
    renderWithDeployApi(<PromotionsCard />, { deployApi: createDeployApi() });

    expect(
      await screen.findByText('Nothing waits for you.'),
    ).toBeInTheDocument();
  });

  it.each([
    [new NotAllowedError('No'), 'You may not see promotions'],
    [new Error('503'), 'What waits for you could not be loaded'],
  ])('says what is wrong: %s', async (error, text) => {
    const deployApi = createDeployApi({
      listPromotions: async () => {
        throw error;
      },
    });

    renderWithDeployApi(<PromotionsCard />, { deployApi });

    expect(await screen.findByText(text)).toBeInTheDocument();
  });
});
