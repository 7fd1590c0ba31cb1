import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { screen } from '@testing-library/react';
import { sampleFreeze } from '../../__testUtils__/promotionSamples';
import {
  createDeployApi,
  renderWithDeployApi,
} from '../../__testUtils__/renderWithDeployApi';
import { FreezesPageContent } from './FreezesPageContent';

// A file of its own: answers about permissions are kept from test to test.
describe('FreezesPageContent for whoever may not set freezes', () => {
  it('only shows them, and says what it takes', async () => {
    const deployApi = createDeployApi({
      listFreezes: async () => ({ items: [sampleFreeze()] }),
    });

    renderWithDeployApi(<FreezesPageContent />, {
      deployApi,
      authorize: () => AuthorizeResult.DENY,
    });

    expect(await screen.findByText('Weekend')).toBeInTheDocument();
    expect(await screen.findByText('deploy.freeze')).toBeInTheDocument();
    expect(
      screen.queryByRole('button', { name: 'Set a freeze…' }),
    ).not.toBeInTheDocument();
    expect(
      screen.queryByRole('button', { name: /^End/ }),
    ).not.toBeInTheDocument();
  });
});
