import { ConflictError, InputError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Deployment, DeployApi } from '@vvp/backstage-plugin-deploy-common';
import {
  createDeployApi,
  renderWithDeployApi,
} from '../../__testUtils__/renderWithDeployApi';
import { sampleDeployment } from '../../__testUtils__/samples';
import { DeploymentDetails } from './DeploymentDetails';

const REASON = 'The registry was away for a minute';

const failed = (part: Partial<Deployment> = {}) =>
  sampleDeployment({
    id: 'd-1',
    environment: 'production',
    status: 'failed',
    source: 'github:example-org/vvp:7:1:70',
    run: { runId: '7', attempt: 1, event: 'push' },
    ...part,
  });

function show(
  deployment: Deployment,
  rerunFailedJobs: DeployApi['rerunFailedJobs'] = async () => ({ id: 'o-1' }),
  result: AuthorizeResult.ALLOW | AuthorizeResult.DENY = AuthorizeResult.ALLOW,
) {
  const deployApi = createDeployApi({ rerunFailedJobs });
  renderWithDeployApi(<DeploymentDetails deployment={deployment} />, {
    deployApi,
    authorize: ({ permission }) =>
      permission.name === 'deploy.operate' ? result : AuthorizeResult.ALLOW,
  });
  return deployApi;
}

const findButton = () =>
  screen.findByRole('button', { name: /^Re-run failed jobs of .* in produc/ });

async function ask() {
  await waitFor(async () => expect(await findButton()).toBeEnabled());
  await userEvent.click(await findButton());
  const dialog = within(await screen.findByRole('dialog'));
  await userEvent.type(dialog.getByLabelText(/Reason/), REASON);
  const submit = () =>
    userEvent.click(
      dialog.getByRole('button', { name: 'Re-run the failed jobs' }),
    );
  await submit();
  return { dialog, submit };
}

describe('RerunFailedJobs', () => {
  it('asks for the reason and leads to the operation', async () => {
    const deployApi = show(failed());

    await ask();

    expect(
      await screen.findByRole('link', { name: 'Watch it' }),
    ).toHaveAttribute(
      'href',
      expect.stringMatching(/\/rollback\?operation=o-1$/),
    );
    expect(deployApi.rerunFailedJobs).toHaveBeenCalledWith(
      'd-1',
      { reason: REASON },
      { idempotencyKey: expect.any(String) },
    );
    expect(await findButton()).toBeDisabled();
  });

  it('asks for the word that production takes', async () => {
    const rerunFailedJobs = jest
      .fn<Promise<{ id: string }>, unknown[]>()
      .mockRejectedValueOnce(
        new InputError('confirm: has to be "vvp-verifier"'),
      )
      .mockResolvedValueOnce({ id: 'o-1' });
    show(failed(), rerunFailedJobs);
    const { dialog, submit } = await ask();

    await userEvent.type(
      await dialog.findByLabelText(/^Type vvp-verifier to confirm/),
      'vvp-verifier',
    );
    expect(dialog.queryByRole('alert')).not.toBeInTheDocument();
    await submit();

    expect(await screen.findByRole('link', { name: 'Watch it' })).toBeVisible();
    expect(rerunFailedJobs).toHaveBeenLastCalledWith(
      'd-1',
      { reason: REASON, confirm: 'vvp-verifier' },
      { idempotencyKey: expect.any(String) },
    );
  });

  it('says what the backend has against it', async () => {
    show(failed(), async () => {
      throw new ConflictError('The run has a newer attempt, 2.');
    });

    const { dialog } = await ask();

    expect(await dialog.findByText(/a newer attempt, 2/)).toBeInTheDocument();
  });

  it('is dead, and says why, without the permission', async () => {
    // An environment of its own: answers about permissions are remembered.
    const deployment = failed({ environment: 'forbidden' });
    show(deployment, undefined, AuthorizeResult.DENY);

    const why = await screen.findByText(/It takes the permission/);

    expect(why).toHaveTextContent('deploy.operate for forbidden');
    const button = screen.getByRole('button', {
      name: /^Re-run failed jobs of .* in forbidden/,
    });
    expect(button).toBeDisabled();
    expect(button).toHaveAccessibleDescription(/deploy\.operate/);
  });

  it.each<[string, Partial<Deployment>]>([
    ['worked', { status: 'succeeded' }],
    ['is under way', { status: 'in_progress' }],
    ['an operation made', { source: 'operation:o-9', run: undefined }],
    [
      'came from a pull request',
      { run: { runId: '7', attempt: 1, event: 'pull_request' } },
    ],
  ])('is not offered for one that %s', async (_what, part) => {
    show(failed(part));

    expect(await screen.findByText('Commit')).toBeInTheDocument();
    expect(
      screen.queryByRole('button', { name: /Re-run/ }),
    ).not.toBeInTheDocument();
  });

  it.each(['errored', 'cancelled'] as const)(
    'is offered for one that is %s',
    async status => {
      show(failed({ status }));

      expect(await findButton()).toBeInTheDocument();
    },
  );
});
