import { ConflictError } from '@backstage/errors';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { DeployApi } from '@vvp/backstage-plugin-deploy-common';
import { sampleGate, sampleGates } from '../../__testUtils__/evidenceSamples';
import {
  sampleComparison,
  sampleReadiness,
  sampleReleaseSummary,
} from '../../__testUtils__/promotionSamples';
import {
  createDeployApi,
  renderWithDeployApi,
} from '../../__testUtils__/renderWithDeployApi';
import {
  sampleCommit,
  sampleDeployment,
  sampleEnvironment,
} from '../../__testUtils__/samples';
import { PromoteDialog } from './PromoteDialog';

const entityRef = 'component:default/vvp-verifier';
const releases = [
  sampleReleaseSummary({
    id: 'newest',
    commit: sampleCommit('77aa88b'),
    version: undefined,
  }),
  sampleReleaseSummary({ id: 'next' }),
  sampleReleaseSummary({
    id: 'now',
    commit: sampleCommit('a1b2c3d'),
    version: 'v1.4.2',
  }),
  sampleReleaseSummary({
    id: 'bad',
    commit: sampleCommit('bad0bad'),
    version: 'v1.4.3',
    quarantine: { by: 'user:default/omar', reason: 'bad', since: '' },
  }),
];

function show(
  part: Partial<DeployApi> = {},
  options: { staging?: string; release?: string } = {},
) {
  const onAsked = jest.fn();
  const deployApi = createDeployApi({
    listReleases: async () => ({ items: releases }),
    requestPromotion: jest.fn(async () => ({ id: 'promotion-1' })),
    ...part,
  });
  renderWithDeployApi(
    <PromoteDialog
      entityRef={entityRef}
      environment="production"
      release={options.release}
      environments={[
        sampleEnvironment({
          name: 'staging',
          order: 0,
          currentDeployment: options.staging
            ? sampleDeployment({ commit: options.staging })
            : undefined,
        }),
        sampleEnvironment({ order: 1 }),
      ]}
      onClose={jest.fn()}
      onAsked={onAsked}
    />,
    { deployApi },
  );
  return { deployApi, onAsked };
}

const ask = () => screen.getByRole('button', { name: 'Ask for promotion' });

describe('PromoteDialog', () => {
  it('chooses nothing unless one is obviously next', async () => {
    const { deployApi } = show();

    expect(await screen.findByLabelText(/^Release/)).toHaveValue('');

    expect(ask()).toBeDisabled();
    expect(screen.getByText('Choose a release.')).toBeInTheDocument();
    expect(deployApi.getReadiness).not.toHaveBeenCalled();
  });

  it('proposes what runs in the environment before', async () => {
    const { deployApi } = show({}, { staging: '9f8e7d6' });

    expect(await screen.findByLabelText(/^Release/)).toHaveValue('next');

    expect(
      await screen.findByText('1 of 4 conditions is not met.'),
    ).toBeInTheDocument();
    expect(deployApi.getReadiness).toHaveBeenCalledWith(
      entityRef,
      'production',
      'next',
      { class: 'regular' },
    );
    expect(deployApi.listCommits).toHaveBeenCalledWith(entityRef, {
      from: sampleCommit('a1b2c3d'),
      to: sampleCommit('9f8e7d6'),
    });
  });

  it('cannot choose what runs there now or is quarantined', async () => {
    show();

    await screen.findByLabelText(/^Release/);

    expect(screen.getByText('Runs there now:')).toHaveTextContent(
      'Runs there now: a1b2c3d',
    );
    expect(
      screen.getByRole('option', { name: /v1\.4\.2.*runs there now/ }),
    ).toBeDisabled();
    expect(
      screen.getByRole('option', { name: /v1\.4\.3.*quarantined/ }),
    ).toBeDisabled();
  });

  it('shows conditions, commits, gates and what is not enforced', async () => {
    show(
      {
        getReadiness: async () =>
          sampleReadiness({
            seam: 'none',
            seamRemedy: 'Switch on the protection rule.',
            gates: sampleGates([sampleGate({ title: 'Latency' })]),
          }),
        listCommits: async (_entityRef, range) => ({
          ...range,
          state: 'known',
          direction: 'forward',
          commits: [
            {
              sha: sampleCommit('9f8e7d6'),
              title: 'Refuse expired certificates',
              pullRequest: {
                number: 412,
                title: 'Expired certificates',
                url: 'https://github.example.test/example-org/vvp/pull/412',
              },
            },
          ],
        }),
      },
      { release: 'next' },
    );

    expect(
      await screen.findByText('production is not enforced'),
    ).toBeInTheDocument();
    expect(
      await screen.findByRole('link', { name: /#412 Expired certificates/ }),
    ).toBeInTheDocument();
    expect(screen.getByText('1 commit comes in.')).toBeInTheDocument();
    expect(
      within(
        screen.getByRole('list', { name: 'Gates of production' }),
      ).getByText(/Latency/),
    ).toBeInTheDocument();
  });

  it('shows what changes in the configuration, by name', async () => {
    const { deployApi } = show(
      {
        getConfiguration: async () =>
          sampleComparison({
            differences: [{ name: 'env VVP_DB_HOST', change: 'changed' }],
          }),
      },
      { release: 'next' },
    );

    expect(
      await screen.findByRole('heading', { name: 'Configuration' }),
    ).toBeInTheDocument();
    expect(
      await screen.findByText('env VVP_DB_HOST changed'),
    ).toBeInTheDocument();
    expect(deployApi.getConfiguration).toHaveBeenCalledWith(
      entityRef,
      'production',
      'next',
    );
  });

  it('asks once, and leads to the promotion', async () => {
    const { deployApi, onAsked } = show({}, { release: 'next' });
    await waitFor(() => expect(ask()).toBeEnabled());

    await userEvent.dblClick(ask());

    await waitFor(() => expect(onAsked).toHaveBeenCalledWith('promotion-1'));
    expect(deployApi.requestPromotion).toHaveBeenCalledTimes(1);
    expect(deployApi.requestPromotion).toHaveBeenCalledWith(
      {
        entityRef,
        environment: 'production',
        release: 'next',
        class: 'regular',
      },
      { idempotencyKey: expect.stringMatching(/^[0-9a-f]{32}$/) },
    );
  });

  it('wants a reason for a hotfix, and asks for its own conditions', async () => {
    const { deployApi, onAsked } = show({}, { release: 'next' });
    await waitFor(() => expect(ask()).toBeEnabled());

    await userEvent.selectOptions(screen.getByLabelText('Class'), 'hotfix');
    expect(ask()).toBeDisabled();
    await userEvent.type(
      screen.getByLabelText(/^Why it is a hotfix/),
      'Calls fail since noon',
    );
    await userEvent.click(ask());

    await waitFor(() => expect(onAsked).toHaveBeenCalled());
    expect(deployApi.getReadiness).toHaveBeenLastCalledWith(
      entityRef,
      'production',
      'next',
      { class: 'hotfix' },
    );
    expect(deployApi.requestPromotion).toHaveBeenCalledWith(
      expect.objectContaining({
        class: 'hotfix',
        reason: 'Calls fail since noon',
      }),
      expect.anything(),
    );
  });

  it('sends the same request again with the same key, another one with a new one', async () => {
    const keys: (string | undefined)[] = [];
    show(
      {
        requestPromotion: async (_request, options) => {
          keys.push(options?.idempotencyKey);
          throw new ConflictError('A newer release is under way.');
        },
      },
      { release: 'next' },
    );
    await waitFor(() => expect(ask()).toBeEnabled());

    await userEvent.click(ask());
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The promotion was not asked for: A newer release is under way.',
    );
    await userEvent.click(ask());
    await waitFor(() => expect(keys).toHaveLength(2));
    await userEvent.selectOptions(
      await screen.findByLabelText(/^Release/),
      'newest',
    );
    await waitFor(() => expect(ask()).toBeEnabled());
    await userEvent.click(ask());

    await waitFor(() => expect(keys).toHaveLength(3));
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  it('searches the releases, and keeps the one that is chosen', async () => {
    const many = Array.from({ length: 12 }, (_, index) =>
      sampleReleaseSummary({
        id: `release-${index}`,
        commit: sampleCommit(`${index}`.padStart(7, 'c')),
        version: `v2.0.${index}`,
        title: index === 7 ? 'Trust the new carrier' : 'Something else',
      }),
    );
    const { deployApi } = show({ listReleases: async () => ({ items: many }) });
    await userEvent.selectOptions(
      await screen.findByLabelText(/^Release/),
      'release-3',
    );
    await waitFor(() => expect(ask()).toBeEnabled());

    await userEvent.type(
      screen.getByLabelText('Search the releases'),
      'CARRIER trust{Enter}',
    );

    expect(deployApi.requestPromotion).not.toHaveBeenCalled();
    expect(screen.getByText('1 of 12 releases')).toBeInTheDocument();
    const select = within(screen.getByLabelText(/^Release/));
    expect(
      select.getAllByRole('option').map(each => each.getAttribute('value')),
    ).toEqual(['', 'release-3', 'release-7']);
    expect(screen.getByLabelText(/^Release/)).toHaveValue('release-3');
  });

  it('loads older releases when asked to', async () => {
    const older = sampleReleaseSummary({ id: 'older', version: 'v0.9.0' });
    const listReleases = jest.fn(
      async (_entityRef: string, options: { cursor?: string } = {}) =>
        options.cursor === 'page-2'
          ? { items: [older] }
          : { items: releases, nextCursor: 'page-2' },
    );
    show({ listReleases });
    await screen.findByLabelText(/^Release/);
    expect(
      screen.queryByRole('option', { name: /v0\.9\.0/ }),
    ).not.toBeInTheDocument();

    await userEvent.click(screen.getByRole('button', { name: 'Load more' }));

    expect(
      await screen.findByRole('option', { name: /v0\.9\.0/ }),
    ).toBeEnabled();
    expect(
      screen.queryByRole('button', { name: 'Load more' }),
    ).not.toBeInTheDocument();
  });

  it('looks for the release whose button was pressed among older ones', async () => {
    const older = sampleReleaseSummary({ id: 'older', version: 'v0.9.0' });
    show(
      {
        listReleases: async (_entityRef, options) =>
          options?.cursor === 'page-2'
            ? { items: [older], nextCursor: 'page-3' }
            : { items: releases, nextCursor: 'page-2' },
      },
      { release: 'older' },
    );

    await waitFor(() =>
      expect(screen.getByLabelText(/^Release/)).toHaveValue('older'),
    );
    expect(ask()).toBeEnabled();
  });

  it('says that there is no release yet', async () => {
    show({ listReleases: async () => ({ items: [] }) });

    expect(
      await screen.findByText(/There is no release yet/),
    ).toBeInTheDocument();
    expect(ask()).toBeDisabled();
  });

  it('says that the releases could not be loaded', async () => {
    show({
      listReleases: async () => {
        throw new Error('503');
      },
    });

    expect(
      await screen.findByText('The releases could not be loaded'),
    ).toBeInTheDocument();
  });
});
