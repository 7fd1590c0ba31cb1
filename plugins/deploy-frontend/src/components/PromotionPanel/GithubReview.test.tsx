import { configApiRef, githubAuthApiRef } from '@backstage/core-plugin-api';
import { InputError, NotAllowedError } from '@backstage/errors';
import { mockApis, TestApiProvider } from '@backstage/frontend-test-utils';
import { JsonObject } from '@backstage/types';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { DeployApi, Promotion } from '@vvp/backstage-plugin-deploy-common';
import { samplePromotion } from '../../__testUtils__/promotionSamples';
import {
  createDeployApi,
  renderWithDeployApi,
} from '../../__testUtils__/renderWithDeployApi';
import { PromotionPanel } from './PromotionPanel';

const TOKEN = 'secret-of-omar';
const signIn = { auth: { providers: { github: {} } } };

function show(
  promotion: Promotion,
  part: Partial<DeployApi> = {},
  options: { config?: JsonObject; getAccessToken?: () => Promise<string> } = {},
) {
  const getAccessToken = jest.fn(options.getAccessToken ?? (async () => TOKEN));
  const github = { getAccessToken } as unknown as typeof githubAuthApiRef.T;
  renderWithDeployApi(
    <TestApiProvider
      apis={[
        [githubAuthApiRef, github],
        [configApiRef, mockApis.config({ data: options.config ?? signIn })],
      ]}
    >
      <PromotionPanel id="promotion-1" backLabel="Back" onBack={() => {}} />
    </TestApiProvider>,
    {
      deployApi: createDeployApi({
        getPromotion: async () => promotion,
        ...part,
      }),
    },
  );
  return { getAccessToken };
}

const letsIn = (part: Partial<Promotion> = {}) =>
  samplePromotion({
    seam: 'review',
    seen: 'digest-7',
    needsGithubToken: true,
    ...part,
  });

const done = () => samplePromotion({ status: 'executing' });

describe('PromotionPanel, where GitHub waits for a reviewer', () => {
  it('sends the token of the approver with the approval that lets it in', async () => {
    const approvePromotion = jest.fn(async () => done());
    const { getAccessToken } = show(letsIn(), { approvePromotion });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Approve and let in' }),
    );

    await waitFor(() =>
      expect(approvePromotion).toHaveBeenCalledWith(
        'promotion-1',
        { seen: 'digest-7' },
        { githubToken: TOKEN },
      ),
    );
    expect(getAccessToken).toHaveBeenCalledWith('repo');
  });

  it('asks for no token as long as voices are missing', async () => {
    const approvePromotion = jest.fn(async () => samplePromotion());
    const { getAccessToken } = show(letsIn({ needsGithubToken: undefined }), {
      approvePromotion,
    });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Approve' }),
    );

    await waitFor(() =>
      expect(approvePromotion).toHaveBeenCalledWith('promotion-1', {
        seen: 'digest-7',
      }),
    );
    expect(getAccessToken).not.toHaveBeenCalled();
  });

  it('sends it after all if others approved meanwhile', async () => {
    const approvePromotion = jest
      .fn()
      .mockRejectedValueOnce(
        new InputError('X-GitHub-Token: is missing. Your approval lets it in.'),
      )
      .mockResolvedValue(done());
    show(letsIn({ needsGithubToken: undefined }), { approvePromotion });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Approve' }),
    );

    await waitFor(() =>
      expect(approvePromotion).toHaveBeenLastCalledWith(
        'promotion-1',
        { seen: 'digest-7' },
        { githubToken: TOKEN },
      ),
    );
  });

  it('says that everything is met, and who may let it in', async () => {
    show(letsIn({ status: 'approved' }));

    const button = await screen.findByRole('button', { name: 'Let in' });

    expect(button).toBeEnabled();
    expect(button).toHaveAccessibleDescription(
      'Everything is met: press Let in, with your GitHub account.',
    );
  });

  it('lets another job of a run in that is on its way', async () => {
    show(letsIn({ status: 'executing', readiness: undefined }));

    expect(
      await screen.findByRole('button', { name: 'Let in' }),
    ).toHaveAccessibleDescription(/Another job of the run waits/);
  });

  it('says what to do where the portal has no sign-in to GitHub', async () => {
    show(letsIn(), {}, { config: {} });

    const button = await screen.findByRole('button', {
      name: 'Approve and let in',
    });

    expect(button).toBeDisabled();
    expect(button).toHaveAccessibleDescription(/auth\.providers\.github/);
  });

  it('shows why GitHub or the approver refused', async () => {
    const approvePromotion = jest.fn(async () => {
      throw new NotAllowedError('GitHub does not let you review production');
    });
    show(letsIn(), { approvePromotion });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Approve and let in' }),
    );

    expect(await screen.findByRole('alert')).toHaveTextContent(
      /was not taken: GitHub does not let you review production/,
    );
  });

  it.each([
    ['with the token', undefined, [{ githubToken: TOKEN }]],
    [
      'without it if they do not sign in',
      async () => {
        throw new Error('Login failed, popup was closed');
      },
      [],
    ],
  ])('rejects %s', async (_, getAccessToken, sent) => {
    const rejectPromotion = jest.fn(async () =>
      samplePromotion({ status: 'rejected' }),
    );
    show(letsIn(), { rejectPromotion }, { getAccessToken });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Reject…' }),
    );
    const dialog = within(screen.getByRole('dialog'));
    await userEvent.type(dialog.getByLabelText(/^Comment/), 'Not tonight');
    await userEvent.click(dialog.getByRole('button', { name: 'Reject' }));

    await waitFor(() =>
      expect(rejectPromotion).toHaveBeenCalledWith(
        'promotion-1',
        { comment: 'Not tonight' },
        ...sent,
      ),
    );
  });

  it('says that the run still waits, and where', async () => {
    show(
      letsIn({
        status: 'rejected',
        needsGithubToken: undefined,
        runStillWaits: true,
        readiness: undefined,
      }),
    );

    expect(
      await screen.findByText('The run still waits at GitHub'),
    ).toBeInTheDocument();
    expect(screen.getByRole('link', { name: /^the run/ })).toHaveAttribute(
      'href',
      'https://github.example.test/example-org/vvp/actions/runs/9100123',
    );
  });
});
