import { InputError, NotAllowedError } from '@backstage/errors';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  DeployApi,
  EnvironmentOverview,
  RevisionEntry,
} from '@vvp/backstage-plugin-deploy-common';
import {
  currentRevision,
  sampleDiagnostics,
  sampleOperation,
  samplePreview,
  sampleRevision,
  sampleRevisions,
} from '../../__testUtils__/operationSamples';
import {
  createDeployApi,
  renderWithDeployApi,
  TestSignals,
} from '../../__testUtils__/renderWithDeployApi';
import {
  minutesAgo,
  sampleDeployment,
  sampleEnvironment,
  sampleService,
} from '../../__testUtils__/samples';
import { RollbackTab } from './RollbackTab';

const entityRef = 'component:default/vvp-verifier';

function serviceWith(...environments: Partial<EnvironmentOverview>[]) {
  return async () =>
    sampleService({
      environments: environments.map(part =>
        sampleEnvironment({ operable: true, ...part }),
      ),
    });
}

function show(part: Partial<DeployApi> = {}, path?: string) {
  const signals = new TestSignals();
  const deployApi = createDeployApi({
    getService: jest.fn(serviceWith({})),
    listRevisions: jest.fn(async () => sampleRevisions()),
    ...part,
  });
  renderWithDeployApi(<RollbackTab />, { deployApi, signals, path });
  return {
    deployApi,
    refresh: () =>
      act(async () => signals.send(`deploy:${entityRef}`, { type: 'changed' })),
  };
}

async function rows() {
  const table = await screen.findByRole('table', {
    name: 'Revisions of production',
  });
  return within(table).getAllByRole('row').slice(1);
}

async function choose(menu: string, item: string) {
  await userEvent.click(await screen.findByRole('button', { name: menu }));
  await userEvent.click(await screen.findByRole('menuitem', { name: item }));
  return within(await screen.findByRole('dialog'));
}

async function giveReason(dialog: ReturnType<typeof within>) {
  await userEvent.click(dialog.getByLabelText(/Reason/));
  await userEvent.paste('Memory grows without end');
}

describe('RollbackTab', () => {
  it('shows the revisions, with the one that runs marked and no way back to it', async () => {
    show();

    const [current, earlier] = (await rows()).map(row => within(row));

    expect(current.getAllByText('Runs now').length).toBeGreaterThan(0);
    expect(
      current.queryByRole('button', { name: /^Roll back/ }),
    ).not.toBeInTheDocument();
    expect(earlier.getByText('v1.4.1')).toBeInTheDocument();
    expect(
      earlier.getByRole('link', { name: /^Commit b2c3d4e/ }),
    ).toHaveAttribute('href', expect.stringContaining('/commit/b2c3d4e'));
    expect(earlier.getAllByText('Replaced').length).toBeGreaterThan(0);
    expect(
      earlier.getByRole('button', {
        name: 'Roll back production to vvp-verifier--0000008',
      }),
    ).toBeEnabled();
    expect(
      screen.getByText('Container App vvp-verifier in VVP'),
    ).toBeInTheDocument();
  });

  it('opens the dialog with nothing chosen from the environment', async () => {
    show();
    await rows();

    await userEvent.click(
      screen.getByRole('button', { name: 'Roll back production' }),
    );

    const dialog = within(await screen.findByRole('dialog'));
    dialog
      .getAllByRole('radio')
      .forEach(option => expect(option).not.toBeChecked());
  });

  it('opens the dialog for exactly the revision of the row, and shows the operation after it', async () => {
    const previewRollback = jest.fn(async () =>
      samplePreview({ confirmation: undefined }),
    );
    const rollBack = jest.fn(async () => ({ id: 'operation-1' }));
    show({ previewRollback, rollBack });
    await rows();

    await userEvent.click(
      screen.getByRole('button', {
        name: 'Roll back production to vvp-verifier--0000007',
      }),
    );
    const dialog = within(await screen.findByRole('dialog'));
    await dialog.findByText('What to know');
    await giveReason(dialog);
    await userEvent.click(
      dialog.getByRole('button', { name: 'Roll back now' }),
    );

    expect(
      await screen.findByRole('list', { name: 'Steps' }),
    ).toBeInTheDocument();
    expect(previewRollback).toHaveBeenCalledWith(
      expect.objectContaining({ revision: 'vvp-verifier--0000007' }),
    );
    expect(screen.getByLabelText('address')).toHaveTextContent(
      '?operation=operation-1',
    );
  });

  it('shows an operation by its address, and goes back from it', async () => {
    show({}, '/?operation=operation-1');
    await screen.findByRole('list', { name: 'Steps' });

    await userEvent.click(
      screen.getByRole('button', { name: 'Back to the revisions' }),
    );

    expect(await rows()).toHaveLength(3);
    expect(screen.getByLabelText('address')).toBeEmptyDOMElement();
  });

  it('says why a revision cannot come back', async () => {
    show({
      listRevisions: async () =>
        sampleRevisions([
          currentRevision(),
          sampleRevision({
            id: 'bad',
            quarantine: {
              by: 'user:default/dana',
              reason: 'It lost calls',
              since: minutesAgo(5),
            },
          }),
          sampleRevision({ id: 'gone', unavailable: 'its image is gone' }),
        ]),
    });

    const [, bad, gone] = (await rows()).map(row => within(row));

    expect(bad.getByText(/It lost calls/)).toBeInTheDocument();
    expect(bad.getByRole('button', { name: /to bad$/ })).toBeDisabled();
    expect(gone.getByText(/its image is gone/)).toBeInTheDocument();
    expect(gone.getByRole('button', { name: /to gone$/ })).toBeDisabled();
  });

  it('says what the platform gave up by itself, which may come back all the same', async () => {
    show({
      listRevisions: async () =>
        sampleRevisions([
          currentRevision(),
          sampleRevision({
            id: 'broken',
            givenUp: {
              at: minutesAgo(5),
              reason: 'ECS took broken back by itself.',
            },
          }),
        ]),
    });

    const [, broken] = (await rows()).map(row => within(row));

    expect(
      broken.getByText('ECS took broken back by itself.'),
    ).toBeInTheDocument();
    expect(broken.getByRole('button', { name: /to broken$/ })).toBeEnabled();
  });

  it('shows a few of many, and all of them on demand', async () => {
    show({
      listRevisions: async () =>
        sampleRevisions(
          Array.from({ length: 40 }, (_unused, index) =>
            sampleRevision({ id: `r-${index}`, current: index === 0 }),
          ),
        ),
    });
    expect(await rows()).toHaveLength(8);

    await userEvent.click(
      screen.getByRole('button', { name: 'Show all 40 revisions' }),
    );

    expect(await rows()).toHaveLength(40);
  });

  it('says who locked and held it, why and until when, and what is under way', async () => {
    show({
      getService: serviceWith({
        lock: {
          id: 'l',
          entityRef,
          environment: 'production',
          owner: 'user:default/omar',
          reason: 'The database is being moved',
          since: minutesAgo(5),
          expiresAt: '2030-06-15T12:00:00Z',
        },
        hold: { by: 'automatic', reason: 'Rolled back', since: minutesAgo(9) },
        runningOperation: { id: 'o-7', kind: 'restart', status: 'queued' },
      }),
    });

    const state = within(
      await screen.findByRole('list', { name: 'State of production' }),
    );

    const [running, lock, hold] = state.getAllByRole('listitem');
    expect(running).toHaveTextContent('Restart queued');
    expect(
      within(running).getByRole('link', { name: 'Watch it' }),
    ).toHaveAttribute(
      'href',
      '/catalog/default/component/vvp-verifier/rollback?operation=o-7',
    );
    expect(lock).toHaveTextContent(/^Locked by omar.*until .*2030/);
    expect(lock).toHaveTextContent('“The database is being moved”');
    expect(hold).toHaveTextContent(/On hold.*by the portal itself/);
  });

  it('explains what to add where nothing is connected', async () => {
    const inoperable =
      'target.connection: no connection of azure is configured for example-org/vvp.';
    const { deployApi } = show({
      getService: serviceWith({ operable: undefined, inoperable }),
    });

    expect(
      await screen.findByText('Nothing can be rolled back from here yet'),
    ).toBeInTheDocument();
    expect(screen.getByRole('list', { name: 'Why not' })).toHaveTextContent(
      `production: ${inoperable}`,
    );
    expect(
      screen.getByRole('group', { name: 'target for deploy.yaml' }),
    ).toHaveTextContent('azure-container-app');
    expect(
      screen.getByRole('group', { name: 'connection for app-config' }),
    ).toHaveTextContent('repositories: [example-org/vvp]');
    expect(deployApi.listRevisions).not.toHaveBeenCalled();
  });

  it('puts the environments in order, and those not connected last', async () => {
    show({
      getService: serviceWith(
        { name: 'production', order: 2 },
        { name: 'staging', order: 1, operable: false },
        { name: 'development', order: 0 },
      ),
    });
    await screen.findByRole('table', { name: 'Revisions of production' });

    expect(
      screen
        .getAllByRole('heading', { level: 3 })
        .map(({ textContent }) => textContent),
    ).toEqual([
      expect.stringMatching(/^development/),
      expect.stringMatching(/^production/),
      'Not connected: staging',
      'Operations',
    ]);
  });

  it('says that the platform does not answer, and asks again', async () => {
    const listRevisions = jest
      .fn()
      .mockRejectedValueOnce(new Error('Azure does not answer'))
      .mockResolvedValue(sampleRevisions());
    show({ listRevisions });
    expect(
      await screen.findByText('Azure does not answer'),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('button', { name: 'Roll back production' }),
    ).toBeDisabled();

    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));

    expect(await rows()).toHaveLength(3);
  });

  it('asks the platform again when something has happened, not with every signal', async () => {
    let deployment = 'deployment-1';
    const { deployApi, refresh } = show({
      getService: jest.fn(async () =>
        sampleService({
          environments: [
            sampleEnvironment({
              operable: true,
              currentDeployment: sampleDeployment({ id: deployment }),
            }),
          ],
        }),
      ),
    });
    await rows();

    await refresh();
    await waitFor(() => expect(deployApi.getService).toHaveBeenCalledTimes(2));
    expect(deployApi.listRevisions).toHaveBeenCalledTimes(1);

    deployment = 'deployment-2';
    await refresh();
    await waitFor(() =>
      expect(deployApi.listRevisions).toHaveBeenCalledTimes(2),
    );
  });

  it.each<[string, Partial<DeployApi>, RegExp]>([
    [
      'may not be seen',
      {
        getService: async () => {
          throw new NotAllowedError('no');
        },
      },
      /You may not see the deployments/,
    ],
    [
      'has no environments',
      { getService: serviceWith() },
      /No deployments known yet/,
    ],
    [
      'has no revision',
      { listRevisions: async () => sampleRevisions([]) },
      /The platform knows no revision/,
    ],
    [
      'has revisions that may not be seen',
      {
        listRevisions: async () => {
          throw new NotAllowedError('no');
        },
      },
      /You may not see the revisions of production/,
    ],
  ])('says that a service %s', async (_name, part, text) => {
    show(part);

    expect(await screen.findByText(text)).toBeInTheDocument();
  });

  it('says before the first deployment what will make something run', async () => {
    show({
      getService: serviceWith({ currentDeployment: undefined }),
      listRevisions: async () => ({
        ...sampleRevisions([]),
        missing: {
          message: 'Could not read vvp-verifier: Azure does not know it.',
          remedy: 'Check the name in deploy.yaml.',
        },
      }),
    });

    const title = await screen.findByText('Nothing runs in production yet');

    const notice = title.closest('[role="status"]');
    expect(notice).toHaveTextContent(/The first deployment brings something/);
    expect(notice).toHaveTextContent(
      /update a Container App and do not create/,
    );
    expect(notice).toHaveTextContent(
      /should run here already: .* Azure does not know it\. Check the name/,
    );
    expect(
      screen.getByRole('button', { name: 'Roll back production' }),
    ).toBeDisabled();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('lists what was done, and leads to it', async () => {
    show({
      listOperations: async () => ({
        items: [sampleOperation({ status: 'succeeded', outcome: 'done' })],
      }),
    });

    const list = within(
      await screen.findByRole('list', { name: 'Operations' }),
    );
    expect(list.getByText('Succeeded')).toBeInTheDocument();
    await userEvent.click(
      list.getByRole('button', { name: 'Rollback · production' }),
    );

    expect(
      await screen.findByRole('list', { name: 'Steps' }),
    ).toBeInTheDocument();
  });
});

describe('other actions', () => {
  it('restarts with a reason, and with the word that the backend asks for', async () => {
    const restart = jest
      .fn()
      .mockRejectedValueOnce(new InputError('confirm: type vvp-verifier'))
      .mockResolvedValue({ id: 'operation-1' });
    show({ restart });

    const dialog = await choose('More actions for production', 'Restart…');
    await giveReason(dialog);
    await userEvent.click(dialog.getByRole('button', { name: 'Restart' }));
    await userEvent.click(await dialog.findByLabelText(/Confirmation/));
    await userEvent.paste('vvp-verifier');
    await userEvent.click(dialog.getByRole('button', { name: 'Restart' }));

    expect(
      await screen.findByRole('list', { name: 'Steps' }),
    ).toBeInTheDocument();
    const reason = 'Memory grows without end';
    expect(restart.mock.calls.map(([, , request]) => request)).toEqual([
      { reason },
      { reason, confirm: 'vvp-verifier' },
    ]);
  });

  it('asks for the word of production without calling that a failure', async () => {
    const restart = jest
      .fn()
      .mockRejectedValueOnce(
        new InputError('confirm: has to be "vvp-verifier", the name'),
      )
      .mockResolvedValue({ id: 'operation-1' });
    show({ restart });
    const dialog = await choose('More actions for production', 'Restart…');
    await giveReason(dialog);
    const submit = () => dialog.getByRole('button', { name: 'Restart' });
    await userEvent.click(submit());

    const field = await dialog.findByLabelText(/^Type vvp-verifier to confirm/);

    expect(field).toHaveFocus();
    expect(dialog.queryByRole('alert')).not.toBeInTheDocument();
    expect(dialog.getByText('Still to type: vvp-verifier')).toBeInTheDocument();
    expect(submit()).toBeDisabled();
    await userEvent.type(field, 'vvp-verifie');
    expect(submit()).toBeDisabled();
    await userEvent.type(field, 'r');
    await userEvent.click(submit());
    expect(
      await screen.findByRole('list', { name: 'Steps' }),
    ).toBeInTheDocument();
    expect(restart).toHaveBeenCalledTimes(2);
  });

  it('redeploys the release of a row', async () => {
    const redeploy = jest.fn(async () => ({ id: 'operation-1' }));
    show({ redeploy });

    const dialog = await choose(
      'More about vvp-verifier--0000008',
      'Redeploy this release…',
    );
    await giveReason(dialog);
    await userEvent.click(dialog.getByRole('button', { name: 'Redeploy' }));

    await waitFor(() =>
      expect(redeploy).toHaveBeenCalledWith(
        entityRef,
        'production',
        {
          commit: sampleRevision().commit,
          reason: 'Memory grows without end',
        },
        { idempotencyKey: expect.any(String) },
      ),
    );
  });

  it('forces a deployment without a commit', async () => {
    const redeploy = jest.fn(async () => ({ id: 'operation-1' }));
    show({ redeploy });

    const dialog = await choose(
      'More actions for production',
      'Force a deployment…',
    );
    await giveReason(dialog);
    await userEvent.click(
      dialog.getByRole('button', { name: 'Force the deployment' }),
    );

    await waitFor(() =>
      expect(redeploy).toHaveBeenCalledWith(
        entityRef,
        'production',
        { reason: 'Memory grows without end' },
        expect.anything(),
      ),
    );
  });

  it('runs the tests without asking for a reason', async () => {
    const rerunTests = jest.fn(async () => ({ id: 'operation-1' }));
    show({ rerunTests });

    const dialog = await choose(
      'More actions for production',
      'Run the integration tests…',
    );
    await userEvent.click(
      dialog.getByRole('button', { name: 'Run the tests' }),
    );

    await waitFor(() => expect(rerunTests).toHaveBeenCalledTimes(1));
  });

  it('locks for an hour, and says so', async () => {
    const lockEnvironment = jest.fn();
    const { deployApi } = show({ lockEnvironment });

    const dialog = await choose('More actions for production', 'Lock…');
    await giveReason(dialog);
    await userEvent.selectOptions(
      dialog.getByLabelText('For how long'),
      '1 hour',
    );
    await userEvent.click(dialog.getByRole('button', { name: 'Lock' }));

    expect(
      await screen.findByText('production is locked.'),
    ).toBeInTheDocument();
    expect(lockEnvironment).toHaveBeenCalledWith(entityRef, 'production', {
      reason: 'Memory grows without end',
      expiresAt: expect.stringMatching(/Z$/),
    });
    expect(deployApi.getService).toHaveBeenCalledTimes(2);
  });

  it('does not lock without a reason', async () => {
    const lockEnvironment = jest.fn();
    show({ lockEnvironment });

    const dialog = await choose('More actions for production', 'Lock…');
    await userEvent.click(dialog.getByRole('button', { name: 'Lock' }));

    expect(
      await dialog.findByText('Say why, in at least 10 characters.'),
    ).toBeInTheDocument();
    expect(lockEnvironment).not.toHaveBeenCalled();
  });

  it('offers to unlock and to lift the hold where there are any', async () => {
    const unlockEnvironment = jest.fn();
    show({
      unlockEnvironment,
      getService: serviceWith({
        lock: {
          id: 'l',
          entityRef,
          environment: 'production',
          owner: 'user:default/omar',
          reason: 'The database is being moved',
          since: minutesAgo(5),
        },
        hold: { by: 'automatic', reason: 'Rolled back', since: minutesAgo(9) },
      }),
    });

    await userEvent.click(
      await screen.findByRole('button', {
        name: 'More actions for production',
      }),
    );
    const items = screen
      .getAllByRole('menuitem')
      .map(({ textContent }) => textContent);
    expect(items).toEqual(
      expect.arrayContaining(['Unlock…', 'Lift the hold…']),
    );
    expect(items).not.toContain('Lock…');
    await userEvent.click(screen.getByRole('menuitem', { name: 'Unlock…' }));
    const dialog = within(await screen.findByRole('dialog'));
    expect(
      dialog.getByText(/“The database is being moved”/),
    ).toBeInTheDocument();
    await userEvent.click(dialog.getByRole('button', { name: 'Unlock' }));

    await waitFor(() =>
      expect(unlockEnvironment).toHaveBeenCalledWith(entityRef, 'production'),
    );
  });

  it('shows a refusal in the dialog, which stays open', async () => {
    show({
      setHold: async () => {
        throw new NotAllowedError('This needs deploy.operate.');
      },
    });

    const dialog = await choose('More actions for production', 'Hold…');
    await giveReason(dialog);
    await userEvent.click(dialog.getByRole('button', { name: 'Set the hold' }));

    expect(await dialog.findByRole('alert')).toHaveTextContent(
      'The hold was not set: This needs deploy.operate. Ask the owner',
    );
  });

  it('quarantines the release of a row', async () => {
    const quarantineRelease = jest.fn();
    show({ quarantineRelease });

    const dialog = await choose(
      'More about vvp-verifier--0000008',
      'Quarantine the release…',
    );
    await giveReason(dialog);
    await userEvent.click(dialog.getByRole('button', { name: 'Quarantine' }));

    await waitFor(() =>
      expect(quarantineRelease).toHaveBeenCalledWith(
        'release of vvp-verifier--0000008',
        { reason: 'Memory grows without end' },
      ),
    );
  });

  const nameless = (part: Partial<RevisionEntry> = {}) =>
    sampleRevision({
      id: 'sip.conf/2026-11-20',
      commit: undefined,
      version: undefined,
      releaseId: undefined,
      deployments: [],
      ...part,
    });
  const quarantine = {
    by: 'user:default/dana',
    reason: 'It lost calls',
    since: minutesAgo(5),
  };

  it('quarantines a revision whose release is not known', async () => {
    const { deployApi } = show({
      listRevisions: jest.fn(async () =>
        sampleRevisions([currentRevision(), nameless()]),
      ),
    });

    const dialog = await choose(
      'More about sip.conf/2026-11-20',
      'Quarantine the revision…',
    );
    await giveReason(dialog);
    await userEvent.click(dialog.getByRole('button', { name: 'Quarantine' }));

    expect(
      await screen.findByText('sip.conf/2026-11-20 is quarantined.'),
    ).toBeInTheDocument();
    expect(deployApi.quarantineRevision).toHaveBeenCalledWith(
      entityRef,
      'production',
      'sip.conf/2026-11-20',
      { reason: 'Memory grows without end' },
    );
    expect(deployApi.quarantineRelease).not.toHaveBeenCalled();
    expect(deployApi.listRevisions).toHaveBeenCalledTimes(2);
  });

  it.each<[string, RevisionEntry, keyof DeployApi, string[]]>([
    [
      'of a revision where it was set',
      nameless({ quarantine: { ...quarantine, revision: 'live@0a1b2c' } }),
      'liftRevisionQuarantine',
      [entityRef, 'production', 'live@0a1b2c'],
    ],
    [
      'of a revision although its release is known',
      sampleRevision({
        id: 'sip.conf/2026-11-20',
        quarantine: { ...quarantine, revision: 'sip.conf/2026-11-20' },
      }),
      'liftRevisionQuarantine',
      [entityRef, 'production', 'sip.conf/2026-11-20'],
    ],
    [
      'of a release',
      nameless({ releaseId: 'release-1', quarantine }),
      'liftQuarantine',
      ['release-1'],
    ],
  ])('lifts the quarantine %s', async (_name, entry, method, call) => {
    const { deployApi } = show({
      listRevisions: async () => sampleRevisions([currentRevision(), entry]),
    });

    const [, row] = (await rows()).map(each => within(each));
    expect(row.getByText('Quarantined')).toBeVisible();
    const dialog = await choose(
      'More about sip.conf/2026-11-20',
      'Lift the quarantine…',
    );
    expect(dialog.getByText(/“It lost calls”/)).toBeVisible();
    await userEvent.click(
      dialog.getByRole('button', { name: 'Lift the quarantine' }),
    );

    await waitFor(() => expect(deployApi[method]).toHaveBeenCalledTimes(1));
    expect(deployApi[method]).toHaveBeenCalledWith(...call);
  });
});

describe('diagnostics', () => {
  it('shows what the platform tells, and asks again', async () => {
    const getDiagnostics = jest
      .fn()
      .mockResolvedValueOnce(
        sampleDiagnostics({ problems: ['The logs need another role.'] }),
      )
      .mockResolvedValueOnce(
        sampleDiagnostics({ health: { state: 'healthy' }, events: [] }),
      );
    show({ getDiagnostics });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Diagnostics of production' }),
    );
    const panel = within(await screen.findByRole('dialog'));

    expect(
      await panel.findByText('Degraded', { selector: 'span' }),
    ).toBeVisible();
    expect(panel.getByText(/2 of 3 instances/)).toBeVisible();
    expect(panel.getByText(/exit code 137/)).toBeVisible();
    expect(panel.getByText('The logs need another role.')).toBeVisible();
    expect(
      panel.getByRole('group', { name: 'Log of verifier' }),
    ).toHaveTextContent('out of memory');

    await userEvent.click(panel.getByRole('button', { name: 'Ask again' }));

    expect(await panel.findByText('Healthy')).toBeVisible();
    expect(
      panel.getByText('The platform reported nothing lately.'),
    ).toBeVisible();
  });
});
