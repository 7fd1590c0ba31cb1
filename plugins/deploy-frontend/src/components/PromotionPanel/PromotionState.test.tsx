import { screen, within } from '@testing-library/react';
import { Promotion } from '@vvp/backstage-plugin-deploy-common';
import {
  approvalCondition,
  freezeCondition,
  sampleCondition,
  samplePromotion,
  sampleReadiness,
} from '../../__testUtils__/promotionSamples';
import {
  createDeployApi,
  renderWithDeployApi,
} from '../../__testUtils__/renderWithDeployApi';
import { absoluteTime } from '../../logic/time';
import { PromotionPanel } from './PromotionPanel';

function show(part: Partial<Promotion>) {
  renderWithDeployApi(
    <PromotionPanel id="promotion-1" backLabel="Back" onBack={jest.fn()} />,
    {
      deployApi: createDeployApi({
        getPromotion: async () => samplePromotion(part),
      }),
    },
  );
}

describe('the state of a promotion', () => {
  it.each`
    status                 | sentence
    ${'awaiting_approval'} | ${'The release is fit; approvals are missing.'}
    ${'executing'}         | ${'It was let through; the deployment is on its way.'}
    ${'expired'}           | ${'Nobody decided it in time.'}
  `('is told in a sentence: $status', async ({ status, sentence }) => {
    show({ status });

    expect(await screen.findByText(sentence)).toBeInTheDocument();
  });

  it('leaves the sentence to why it failed', async () => {
    show({ status: 'failed', failure: { message: 'The image is gone.' } });

    expect(await screen.findByText('The image is gone.')).toBeInTheDocument();
    expect(screen.queryByText('It did not get there.')).not.toBeInTheDocument();
  });

  it('does not hide that nobody judged what is live', async () => {
    show({
      status: 'succeeded',
      note: 'Nobody judged whether it works since 2026-11-21T12:00:00Z.',
    });

    const live = await screen.findByText(
      'v1.5.0, 9f8e7d6 is live in production',
    );
    expect(live.parentElement).toHaveTextContent(
      `Nobody judged whether it works since ${absoluteTime(
        '2026-11-21T12:00:00Z',
        navigator.language,
      )}.`,
    );
    expect(screen.queryByText(/has proven good/)).not.toBeInTheDocument();
  });

  it('names first what is open, and until when', async () => {
    const until = '2026-11-23T05:00:00Z';
    show({
      readiness: sampleReadiness({
        conditions: [
          sampleCondition(),
          approvalCondition(),
          sampleCondition({ id: 'scan', title: 'Scan', state: 'waived' }),
          freezeCondition({ until }),
        ],
      }),
    });

    const open = within(
      await screen.findByRole('list', { name: 'What is open' }),
    );

    expect(open.getAllByRole('listitem').map(item => item.textContent)).toEqual(
      [
        'Approval by vvp-leads',
        `Weekend, until ${absoluteTime(until, navigator.language)}`,
      ],
    );
  });
});
