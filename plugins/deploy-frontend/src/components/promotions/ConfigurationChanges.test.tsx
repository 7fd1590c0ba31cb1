import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  ConfigurationComparison,
  DeployApi,
} from '@vvp/backstage-plugin-deploy-common';
import { sampleComparison } from '../../__testUtils__/promotionSamples';
import {
  createDeployApi,
  renderWithDeployApi,
} from '../../__testUtils__/renderWithDeployApi';
import { ConfigurationChanges } from './ConfigurationChanges';

const place = {
  entityRef: 'component:default/vvp-verifier',
  environment: 'production',
};

function show(getConfiguration: DeployApi['getConfiguration']) {
  const deployApi = createDeployApi({ getConfiguration });
  renderWithDeployApi(
    <ConfigurationChanges place={place} release="release-1" />,
    { deployApi },
  );
  return deployApi;
}

const answer = (part: Partial<ConfigurationComparison>) => async () =>
  sampleComparison(part);

const list = () =>
  screen.findByRole('list', { name: 'What changes in the configuration' });

describe('ConfigurationChanges', () => {
  afterEach(() => jest.restoreAllMocks());

  it('says that it is being found out', async () => {
    const deployApi = show(() => new Promise(() => {}));

    expect(
      await screen.findByRole('status', {
        name: 'Comparing the configuration',
      }),
    ).toBeInTheDocument();
    expect(deployApi.getConfiguration).toHaveBeenCalledWith(
      place.entityRef,
      'production',
      'release-1',
    );
  });

  it('compares again, for something else may run there meanwhile', async () => {
    let differences: ConfigurationComparison['differences'] = [];
    show(async () => sampleComparison({ differences }));
    expect(await list()).toHaveTextContent('No difference');

    differences = [{ name: 'env A', change: 'added' }];
    jest.spyOn(document, 'hidden', 'get').mockReturnValue(false);
    act(() => {
      document.dispatchEvent(new Event('visibilitychange'));
    });

    expect(await screen.findByText('env A added')).toBeInTheDocument();
  });

  it('says in words that there is no difference, and against what', async () => {
    show(answer({}));

    expect(await list()).toHaveTextContent(
      /^No difference in the configuration\.$/,
    );
    expect(
      screen.getByText(/^By deploy\.yaml and the files that it names, against/),
    ).toHaveTextContent('against a1b2c3d, which runs there now.');
  });

  it('names what differs', async () => {
    show(
      answer({
        differences: [
          { name: 'env VVP_DB_HOST', change: 'changed' },
          { name: 'file k8s/production/configmap.yaml', change: 'changed' },
        ],
      }),
    );

    expect(await list()).toHaveTextContent(
      'Mind: 2 names in the configuration differ.',
    );
    expect(screen.getByText('env VVP_DB_HOST changed')).toBeInTheDocument();
    expect(
      screen.getByText('file k8s/production/configmap.yaml changed'),
    ).toBeInTheDocument();
  });

  it('shows the first 20 names, and all of them when asked to', async () => {
    show(
      answer({
        differences: Array.from({ length: 35 }, (_, index) => ({
          name: `env V${index}`,
          change: 'added',
        })),
      }),
    );
    const names = within(await list());
    expect(names.queryByText('env V20 added')).not.toBeInTheDocument();

    await userEvent.click(names.getByRole('button', { name: 'Show all 35' }));

    expect(names.getByText('env V34 added')).toBeInTheDocument();
    expect(names.getByRole('button', { name: 'Show fewer' })).toHaveAttribute(
      'aria-expanded',
      'true',
    );
  });

  it('says that it is not known, and why', async () => {
    show(
      answer({
        state: 'unknown',
        message: 'GitHub limits requests until 2026-11-22T15:00:00Z.',
      }),
    );

    expect(await list()).toHaveTextContent(
      /^Not known: What changes in the configuration is not known\. GitHub limits requests until/,
    );
    expect(screen.queryByText(/^By deploy\.yaml/)).not.toBeInTheDocument();
  });

  it('says that everything comes in where nothing runs', async () => {
    show(
      answer({
        from: undefined,
        differences: [{ name: 'env A', change: 'added' }],
      }),
    );

    expect(await list()).toHaveTextContent(/Nothing runs there yet/);
    expect(screen.getByText('env A added')).toBeInTheDocument();
    expect(screen.queryByText(/^By deploy\.yaml/)).not.toBeInTheDocument();
  });

  it('says that it could not be loaded, and tries again when asked to', async () => {
    let isOut = true;
    show(async () => {
      if (isOut) {
        throw new Error('The backend is out.');
      }
      return sampleComparison();
    });
    const alert = within(await screen.findByRole('alert'));
    expect(
      alert.getByText('What changes in the configuration could not be loaded'),
    ).toBeInTheDocument();

    isOut = false;
    await userEvent.click(alert.getByRole('button', { name: 'Try again' }));

    expect(await list()).toHaveTextContent('No difference');
    await waitFor(() =>
      expect(screen.queryByRole('alert')).not.toBeInTheDocument(),
    );
  });
});
