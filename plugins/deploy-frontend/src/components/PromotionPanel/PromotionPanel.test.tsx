import { ConflictError, NotAllowedError } from '@backstage/errors';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { DeployApi, Promotion } from '@vvp/backstage-plugin-deploy-common';
import {
  approvalCondition,
  freezeCondition,
  sampleComparison,
  sampleCondition,
  sampleEvent,
  samplePromotion,
  sampleReadiness,
} from '../../__testUtils__/promotionSamples';
import {
  createDeployApi,
  renderWithDeployApi,
  TestSignals,
} from '../../__testUtils__/renderWithDeployApi';
import { minutesAgo, sampleDeployment } from '../../__testUtils__/samples';
import { PromotionPanel } from './PromotionPanel';

const entityRef = 'component:default/vvp-verifier';

function show(
  promotion: Promotion | (() => Promotion),
  part: Partial<DeployApi> = {},
) {
  const signals = new TestSignals();
  const onBack = jest.fn();
  const deployApi = createDeployApi({
    getPromotion: jest.fn(async () =>
      typeof promotion === 'function' ? promotion() : promotion,
    ),
    ...part,
  });
  renderWithDeployApi(
    <PromotionPanel
      id="promotion-1"
      entityRef={entityRef}
      backLabel="Back"
      onBack={onBack}
    />,
    { deployApi, signals },
  );
  return {
    deployApi,
    onBack,
    refresh: () =>
      act(async () => signals.send(`deploy:${entityRef}`, { type: 'changed' })),
  };
}

describe('PromotionPanel', () => {
  it('says what goes where, who asked, what stands in between and who can clear it', async () => {
    show(samplePromotion({ reason: 'The fix of INC-42' }));

    expect(
      await screen.findByText('v1.5.0, 9f8e7d6 of vvp-verifier → production'),
    ).toBeInTheDocument();
    expect(
      screen.getByText('Asked for by').nextElementSibling,
    ).toHaveTextContent(/^dana 20 minutes ago$/);
    expect(screen.getByText('The fix of INC-42')).toBeInTheDocument();
    expect(
      screen.getByRole('link', { name: /Deploy 9100123/ }),
    ).toHaveAttribute(
      'href',
      'https://github.example.test/example-org/vvp/actions/runs/9100123',
    );
    const people = within(
      screen.getByRole('list', { name: 'Who lets it in?' }),
    );
    expect(people.getByText('Not met')).toBeInTheDocument();
    expect(people.getByRole('link', { name: 'vvp-leads' })).toBeInTheDocument();
    expect(people.getByText('deploy.approve')).toBeInTheDocument();
    const fitness = within(
      screen.getByRole('list', { name: 'Is the release fit?' }),
    );
    expect(fitness.getAllByText('Met')).toHaveLength(2);
  });

  it('shows whoever decides what changes in the configuration', async () => {
    const { deployApi } = show(samplePromotion(), {
      getConfiguration: async () =>
        sampleComparison({
          differences: [{ name: 'maxReplicas', change: 'added' }],
        }),
    });

    expect(await screen.findByText('maxReplicas added')).toBeInTheDocument();
    expect(deployApi.getConfiguration).toHaveBeenCalledWith(
      entityRef,
      'production',
      samplePromotion().release.id,
    );
  });

  it('asks no more for the configuration of what was decided', async () => {
    const { deployApi } = show(
      samplePromotion({ status: 'succeeded', readiness: undefined }),
    );

    expect(await screen.findByText(/is live in production/)).toBeVisible();
    expect(deployApi.getConfiguration).not.toHaveBeenCalled();
  });

  it('sends what was seen with an approval, and the comment', async () => {
    const approvePromotion = jest.fn(async () =>
      samplePromotion({ status: 'executing', readiness: undefined }),
    );
    show(samplePromotion({ seen: 'digest-7' }), { approvePromotion });

    await userEvent.type(
      await screen.findByLabelText(/^Comment on your approval/),
      ' Looked at it ',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Approve' }));

    await waitFor(() =>
      expect(approvePromotion).toHaveBeenCalledWith('promotion-1', {
        seen: 'digest-7',
        comment: 'Looked at it',
      }),
    );
    // The button is gone with the decision: what is read next is how it stands now.
    await waitFor(() =>
      expect(
        screen.getByText('v1.5.0, 9f8e7d6 of vvp-verifier → production'),
      ).toHaveFocus(),
    );
  });

  it('approves once, however often the button is pressed', async () => {
    const approvePromotion = jest.fn(() => new Promise<Promotion>(() => {}));
    show(samplePromotion(), { approvePromotion });

    await userEvent.dblClick(
      await screen.findByRole('button', { name: 'Approve' }),
    );

    expect(
      await screen.findByRole('button', { name: 'Approving…' }),
    ).toBeDisabled();
    expect(approvePromotion).toHaveBeenCalledTimes(1);
  });

  it('shows why somebody cannot approve as text', async () => {
    show(
      samplePromotion({
        mayApprove: {
          allowed: false,
          why: 'You asked for it: somebody else has to approve it.',
        },
        mayReject: { allowed: false, why: 'No.' },
      }),
    );

    expect(
      await screen.findByText(
        'You cannot approve: You asked for it: somebody else has to approve it.',
      ),
    ).toBeVisible();
    const button = screen.getByRole('button', { name: 'Approve' });
    expect(button).toBeDisabled();
    expect(button).toHaveAccessibleDescription(/somebody else/);
    expect(
      screen.queryByRole('button', { name: 'Reject…' }),
    ).not.toBeInTheDocument();
  });

  it('loads anew and says so if it changed since it was looked at', async () => {
    let promotion = samplePromotion({ seen: 'old' });
    const approvePromotion = jest
      .fn()
      .mockImplementationOnce(async () => {
        promotion = samplePromotion({
          seen: 'new',
          readiness: sampleReadiness({
            conditions: [
              sampleCondition({
                state: 'unmet',
                reason: 'Line coverage is 71 %.',
              }),
            ],
          }),
        });
        throw new ConflictError('The gate results changed since you looked.');
      })
      .mockImplementation(async () => promotion);
    show(() => promotion, { approvePromotion });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Approve' }),
    );

    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent(
      /The gate results changed.*was loaded anew: look at it again/,
    );
    expect(
      await screen.findByText(/Line coverage is 71 %/),
    ).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Approve' }));
    await waitFor(() =>
      expect(approvePromotion).toHaveBeenLastCalledWith('promotion-1', {
        seen: 'new',
      }),
    );
  });

  it('rejects only with a comment', async () => {
    const rejectPromotion = jest.fn(async () =>
      samplePromotion({ status: 'rejected' }),
    );
    show(samplePromotion(), { rejectPromotion });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Reject…' }),
    );
    const dialog = within(screen.getByRole('dialog'));
    expect(dialog.getByRole('button', { name: 'Reject' })).toBeDisabled();
    await userEvent.type(dialog.getByLabelText(/^Comment/), 'Not tonight');
    await userEvent.click(dialog.getByRole('button', { name: 'Reject' }));

    await waitFor(() =>
      expect(rejectPromotion).toHaveBeenCalledWith('promotion-1', {
        comment: 'Not tonight',
      }),
    );
  });

  it('takes a request back', async () => {
    const cancelPromotion = jest.fn(async () =>
      samplePromotion({ status: 'cancelled' }),
    );
    show(samplePromotion(), { cancelPromotion });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Take back…' }),
    );
    await userEvent.click(
      within(screen.getByRole('dialog')).getByRole('button', {
        name: 'Take it back',
      }),
    );

    await waitFor(() =>
      expect(cancelPromotion).toHaveBeenCalledWith('promotion-1', {}),
    );
  });

  it('overrides the chosen conditions with a reason, and offers no others', async () => {
    const overridePromotion = jest.fn(async () => samplePromotion());
    show(
      samplePromotion({
        mayOverride: { allowed: true },
        readiness: sampleReadiness({
          conditions: [
            sampleCondition({ state: 'unmet', overridable: false }),
            approvalCondition(),
            freezeCondition(),
          ],
        }),
      }),
      { overridePromotion },
    );

    await userEvent.click(
      await screen.findByRole('button', { name: 'Override…' }),
    );
    const dialog = within(screen.getByRole('dialog'));
    const submit = dialog.getByRole('button', { name: 'Let them pass' });
    expect(
      dialog
        .getAllByRole('checkbox')
        .map(each => (each as HTMLInputElement).checked),
    ).toEqual([false, false]);
    await userEvent.type(
      dialog.getByLabelText(/^Reason/),
      'The carrier waits for it',
    );
    expect(submit).toBeDisabled();
    await userEvent.click(dialog.getByRole('checkbox', { name: /^Weekend/ }));
    await userEvent.click(submit);

    await waitFor(() =>
      expect(overridePromotion).toHaveBeenCalledWith('promotion-1', {
        reason: 'The carrier waits for it',
        conditions: ['freeze:weekend'],
      }),
    );
  });

  it('offers no override to whoever may not', async () => {
    show(samplePromotion());

    await screen.findByRole('button', { name: 'Approve' });

    expect(
      screen.queryByRole('button', { name: 'Override…' }),
    ).not.toBeInTheDocument();
  });

  it('says how many of whom still have to approve', async () => {
    show(
      samplePromotion({
        readiness: sampleReadiness({
          approvals: [
            {
              from: ['group:default/vvp-leads', 'user:default/omar'],
              required: 2,
              approvers: ['user:default/omar'],
            },
            { required: 1, approvers: [] },
          ],
        }),
      }),
    );

    const rule = await screen.findByText(/^1 of 2 from/);

    expect(rule).toHaveTextContent(/^1 of 2 from vvp-leads or omar$/);
    expect(within(rule).getAllByRole('link')).toHaveLength(2);
    expect(
      screen.getByText('0 of 1 from whoever may approve'),
    ).toBeInTheDocument();
  });

  it('strikes out a lapsed voice and says why', async () => {
    show(
      samplePromotion({
        requiredApprovals: 2,
        approvals: [
          {
            by: 'user:default/omar',
            at: minutesAgo(10),
            lapsed: { at: minutesAgo(5), why: 'The artifact changed.' },
          },
          { by: 'user:default/eve', at: minutesAgo(4), comment: 'Fine' },
        ],
      }),
    );

    const voices = await screen.findByRole('list', { name: 'Approvals' });

    expect(screen.getByText('1 of 2 approvals')).toBeInTheDocument();
    const [lapsed, counting] = within(voices).getAllByRole('listitem');
    expect(lapsed).toHaveTextContent(/omar.*lapsed.*The artifact changed\./);
    expect(within(lapsed).getByText('omar').closest('s')).not.toBeNull();
    expect(within(counting).getByText('eve').closest('s')).toBeNull();
  });

  it('follows the promotion until it is live', async () => {
    let promotion = samplePromotion();
    const { refresh } = show(() => promotion);
    expect(await screen.findByText('Awaiting approval')).toBeInTheDocument();

    promotion = samplePromotion({ status: 'executing', readiness: undefined });
    await refresh();
    expect(await screen.findByText('Executing')).toBeInTheDocument();
    expect(
      screen.queryByRole('button', { name: 'Approve' }),
    ).not.toBeInTheDocument();

    promotion = samplePromotion({
      status: 'succeeded',
      readiness: undefined,
      operationId: 'operation-1',
      deployment: sampleDeployment(),
      events: [
        sampleEvent(),
        sampleEvent({
          sequence: 2,
          by: 'github:octo-admin',
          type: 'verified',
          text: 'It is live.',
        }),
      ],
    });
    await refresh();

    expect(
      await screen.findByText('v1.5.0, 9f8e7d6 is live in production'),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('link', { name: 'Steps and logs' }),
    ).toHaveAttribute(
      'href',
      '/catalog/default/component/vvp-verifier/rollback?operation=operation-1',
    );
    const history = within(screen.getByRole('list', { name: 'History' }));
    const [first, second] = history.getAllByRole('listitem');
    expect(first).toHaveTextContent(/Asked that v1\.5\.0.*dana/);
    expect(second).toHaveTextContent(/It is live\.octo-admin \(at GitHub\)/);
  });

  it('says what is not enforced, and what to add', async () => {
    show(
      samplePromotion({
        seam: 'none',
        readiness: sampleReadiness({
          seam: 'none',
          seamRemedy: 'Switch on the protection rule.',
        }),
      }),
    );

    expect(
      await screen.findByText('production is not enforced'),
    ).toBeInTheDocument();
    expect(
      screen.getByText(/Switch on the protection rule/),
    ).toBeInTheDocument();
  });

  it('says who is asked besides, where the portal starts the pipeline', async () => {
    show(
      samplePromotion({
        seam: 'dispatch',
        readiness: sampleReadiness({
          seam: 'dispatch',
          seamRemedy: 'Leave the required reviewers out.',
        }),
      }),
    );

    expect(
      await screen.findByText('production asks somebody else, too'),
    ).toBeInTheDocument();
    expect(
      screen.getByText('Leave the required reviewers out.'),
    ).toBeInTheDocument();
    expect(screen.queryByText(/Nothing holds/)).not.toBeInTheDocument();
  });

  it('says why it failed', async () => {
    show(
      samplePromotion({
        status: 'failed',
        readiness: undefined,
        failure: { message: 'The job failed.', remedy: 'Build it again.' },
      }),
    );

    const alert = await screen.findByRole('alert');

    expect(alert).toHaveTextContent('The job failed.');
    expect(alert).toHaveTextContent('What to do: Build it again.');
  });

  it("keeps another service's promotion off the page", async () => {
    const { onBack } = show(
      samplePromotion({ entityRef: 'component:default/other' }),
    );

    expect(
      await screen.findByText('There is no such promotion here'),
    ).toBeInTheDocument();
    expect(screen.queryByText(/v1\.5\.0/)).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Back' }));
    expect(onBack).toHaveBeenCalled();
  });

  it('says which permission is missing', async () => {
    show(() => {
      throw new NotAllowedError('No');
    });

    expect(
      await screen.findByText('You may not see this promotion'),
    ).toBeInTheDocument();
  });

  it('can be tried again if it could not be loaded', async () => {
    let broken = true;
    show(() => {
      if (broken) {
        throw new Error('503');
      }
      return samplePromotion();
    });
    const again = await screen.findByRole('button', { name: 'Try again' });

    broken = false;
    await userEvent.click(again);

    expect(
      await screen.findByRole('button', { name: 'Approve' }),
    ).toBeInTheDocument();
  });
});
