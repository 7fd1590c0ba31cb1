import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Refusal } from '@vvp/backstage-plugin-deploy-common';
import {
  currentRevision,
  samplePreview,
  sampleRevision,
} from '../../__testUtils__/operationSamples';
import {
  createDeployApi,
  renderWithDeployApi,
} from '../../__testUtils__/renderWithDeployApi';
import { sampleEnvironment } from '../../__testUtils__/samples';
import { RollbackDialog } from './RollbackDialog';

const entityRef = 'component:default/vvp-verifier';
const unproven: Refusal = {
  code: 'version-unusable',
  message: 'What runs here afterwards could not be proven: HTML.',
  remedy: 'Correct "version" in deploy.yaml.',
  overridable: true,
};
const locked: Refusal = {
  code: 'lock',
  message: 'omar locked this environment',
  remedy: 'Release the lock.',
};

function open(options: { refusals: Refusal[]; mayOverride?: boolean }) {
  const { refusals, mayOverride = true } = options;
  const deployApi = createDeployApi({
    previewRollback: async () =>
      samplePreview({ admission: { admitted: false, refusals } }),
    rollBack: jest.fn(async () => ({ id: 'operation-1' })),
  });
  const onStarted = jest.fn();
  renderWithDeployApi(
    <RollbackDialog
      // Answers about permissions are kept from test to test, by entity.
      entityRef={mayOverride ? entityRef : 'component:default/vvp-issuer'}
      environment={sampleEnvironment({ operable: true })}
      entries={[currentRevision(), sampleRevision()]}
      revision="vvp-verifier--0000008"
      onClose={jest.fn()}
      onStarted={onStarted}
    />,
    {
      deployApi,
      authorize: ({ permission }) =>
        permission.name === 'deploy.override' && !mayOverride
          ? AuthorizeResult.DENY
          : AuthorizeResult.ALLOW,
    },
  );
  return { deployApi, onStarted };
}

async function paste(label: RegExp, text: string) {
  await userEvent.click(await screen.findByLabelText(label));
  await userEvent.paste(text);
}

const goButton = () =>
  screen.getByText('Roll back now', { selector: 'button *' })
    .parentElement as HTMLButtonElement;

describe('RollbackDialog, where it is refused', () => {
  it('lets whoever may go ahead all the same, with a reason of its own', async () => {
    const { deployApi, onStarted } = open({ refusals: [unproven] });
    const box = await screen.findByLabelText('Go ahead all the same');
    expect(box).not.toBeChecked();
    expect(screen.queryByLabelText(/Reason/)).toBeNull();
    expect(goButton()).toBeDisabled();

    await userEvent.click(box);
    await paste(/Reason/, 'Every third call fails');
    await paste(/to confirm/, 'vvp-verifier');
    expect(goButton()).toBeDisabled();
    await paste(/may be passed over/, ' The broken one answers HTML ');
    await userEvent.click(goButton());

    await waitFor(() => expect(onStarted).toHaveBeenCalledWith('operation-1'));
    expect(deployApi.rollBack).toHaveBeenCalledWith(
      expect.objectContaining({
        reason: 'Every third call fails',
        override: 'The broken one answers HTML',
      }),
      expect.anything(),
    );
  });

  it('writes the moment until which it is refused as everywhere else', async () => {
    const end = '2026-11-23T05:00:00Z';
    open({
      refusals: [
        {
          code: 'freeze',
          message: `This environment is frozen until ${end}. Weekend`,
          remedy: 'Wait until then.',
        },
      ],
    });

    const refused = await screen.findByRole('alert');

    expect(refused).toHaveTextContent(/frozen until .*2026.*\. Weekend/);
    expect(refused).not.toHaveTextContent(end);
  });

  it('goes back to refused when it is not overridden after all', async () => {
    open({ refusals: [unproven] });
    const box = await screen.findByLabelText('Go ahead all the same');

    await userEvent.click(box);
    await userEvent.click(box);

    expect(screen.queryByLabelText(/may be passed over/)).toBeNull();
    expect(screen.queryByLabelText(/Reason/)).toBeNull();
    expect(goButton()).toBeDisabled();
  });

  it.each([
    ['something else refuses it', { refusals: [unproven, locked] }],
    ['the user may not', { refusals: [unproven], mayOverride: false }],
  ])('offers nothing where %s', async (_, options) => {
    open(options);

    expect(await screen.findByText(/could not be proven/)).toHaveTextContent(
      'Whoever has the permission deploy.override may go ahead all the same',
    );
    expect(screen.queryByLabelText('Go ahead all the same')).toBeNull();
    expect(goButton()).toBeDisabled();
  });
});
