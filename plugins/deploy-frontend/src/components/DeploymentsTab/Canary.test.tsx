import { act, screen, waitFor } from '@testing-library/react';
import { Canary, PromotionStatus } from '@vvp/backstage-plugin-deploy-common';
import {
  sampleCanaryPromotion,
  sampleRelease,
} from '../../__testUtils__/promotionSamples';
import {
  createDeployApi,
  renderWithDeployApi,
  TestSignals,
} from '../../__testUtils__/renderWithDeployApi';
import { sampleEnvironment, sampleService } from '../../__testUtils__/samples';
import { DeploymentsTab } from './DeploymentsTab';

function show(status: PromotionStatus, canary: () => Partial<Canary>) {
  const signals = new TestSignals();
  const deployApi = createDeployApi({
    getService: async () =>
      sampleService({
        environments: [
          sampleEnvironment({
            pendingPromotion: { id: 'p-7', status, release: sampleRelease() },
          }),
        ],
      }),
    getPromotion: jest.fn(async () => sampleCanaryPromotion(canary())),
  });
  renderWithDeployApi(<DeploymentsTab />, { deployApi, signals });
  return {
    deployApi,
    refresh: () =>
      act(async () =>
        signals.send('deploy:component:default/vvp-verifier', {
          type: 'changed',
        }),
      ),
  };
}

describe('the canary at its environment', () => {
  it('says where it stands, its share and the time left, until it is over', async () => {
    let canary: Partial<Canary> = {};
    const { deployApi, refresh } = show('verifying', () => canary);

    const label = await screen.findByText('Canary watched');
    expect(label.parentElement).toHaveTextContent(
      /^Canary watched10 %[23]m.* left$/,
    );
    expect(deployApi.getPromotion).toHaveBeenCalledWith('p-7');

    canary = { phase: 'paused' };
    await refresh();
    const paused = await screen.findByText('Canary paused');
    expect(paused.parentElement).not.toHaveTextContent('left');

    canary = { phase: 'done' };
    await refresh();
    await waitFor(() =>
      expect(screen.queryByText('Canary paused')).not.toBeInTheDocument(),
    );
    expect(screen.queryByText('Canary done')).not.toBeInTheDocument();
  });

  it('asks for none before the promotion is let through', async () => {
    const { deployApi } = show('awaiting_approval', () => ({}));

    expect(await screen.findByText('Awaiting approval')).toBeInTheDocument();

    expect(deployApi.getPromotion).not.toHaveBeenCalled();
  });
});
