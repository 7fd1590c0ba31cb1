import {
  EntityProvider,
  catalogApiRef,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import {
  mockApis,
  renderInTestApp,
  TestApiProvider,
} from '@backstage/test-utils';
import { screen } from '@testing-library/react';
import { Route, Routes } from 'react-router-dom';
import {
  deployApiRef,
  deployPlugin,
  DeploymentsPage,
  EntityDeploymentsCard,
  EntityDeploymentsContent,
  EntityEvidenceCard,
  EntityEvidenceContent,
  EntityRollbackContent,
  FreezesPage,
  HomePromotionsCard,
  isDeployAvailable,
  PromotionsPage,
} from '..';
import { createDeployApi } from '../__testUtils__/renderWithDeployApi';
import { sampleEntity } from '../__testUtils__/samples';

function renderLegacy(element: JSX.Element) {
  const deployApi = createDeployApi({
    listServices: async () => ({
      items: [{ entityRef: 'component:default/issuer', environments: [] }],
    }),
  });
  return renderInTestApp(
    <TestApiProvider
      apis={[
        [deployApiRef, deployApi],
        [catalogApiRef, catalogApiMock({ entities: [] })],
        [permissionApiRef, mockApis.permission()],
      ]}
    >
      <EntityProvider entity={sampleEntity()}>
        <Routes>
          <Route path="/" element={element} />
        </Routes>
      </EntityProvider>
    </TestApiProvider>,
    {
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    },
  );
}

describe('the plugin in the old frontend system', () => {
  it('has the tab', async () => {
    await renderLegacy(<EntityDeploymentsContent />);

    expect(
      await screen.findByRole('list', { name: 'Environments, in order' }),
    ).toBeInTheDocument();
  });

  it('has the card', async () => {
    await renderLegacy(<EntityDeploymentsCard />);

    expect(
      await screen.findByRole('link', { name: /Commit a1b2c3d/ }),
    ).toBeInTheDocument();
  });

  it('has the tab of the way back', async () => {
    await renderLegacy(<EntityRollbackContent />);

    expect(
      await screen.findByText('Nothing can be rolled back from here yet'),
    ).toBeInTheDocument();
  });

  it('has the tab of the evidence', async () => {
    await renderLegacy(<EntityEvidenceContent />);

    expect(
      await screen.findByText(/^No report has come in/),
    ).toBeInTheDocument();
  });

  it('has the card of the evidence', async () => {
    await renderLegacy(<EntityEvidenceCard />);

    expect(
      await screen.findByRole('link', { name: 'All evidence' }),
    ).toBeInTheDocument();
  });

  it('has the page, with a header of its own', async () => {
    await renderLegacy(<DeploymentsPage />);

    expect(
      await screen.findByRole('heading', { level: 1, name: 'Deployments' }),
    ).toBeInTheDocument();
    expect(
      await screen.findByRole('link', { name: 'issuer' }),
    ).toBeInTheDocument();
  });

  it.each([
    ['Promotions', <PromotionsPage />, 'Nothing waits for you.'],
    ['Freezes', <FreezesPage />, 'No freeze is in force or to come.'],
  ])('has the page: %s', async (title, page, text) => {
    await renderLegacy(page);

    expect(
      await screen.findByRole('heading', { level: 1, name: title }),
    ).toBeInTheDocument();
    expect(await screen.findByText(text)).toBeInTheDocument();
  });

  it('has the card for a home page', async () => {
    await renderLegacy(<HomePromotionsCard />);

    expect(
      await screen.findByText('Nothing waits for you.'),
    ).toBeInTheDocument();
  });

  it('provides the client', () => {
    expect([...deployPlugin.getApis()].map(({ api }) => api.id)).toEqual([
      deployApiRef.id,
    ]);
  });
});

describe('isDeployAvailable', () => {
  it.each([
    ['github.com/project-slug', 'example-org/vvp', true],
    ['deploy.vvp.io/spec', 'deploy.yaml', true],
    ['deploy.vvp.io/service', 'verifier', true],
    ['deploy.vvp.io/jobs', 'production=deploy', true],
    ['deploy.vvp.io/jobs', '', false],
    ['backstage.io/techdocs-ref', 'dir:.', false],
  ])('tells from %s: %s', (annotation, value, available) => {
    expect(isDeployAvailable(sampleEntity('a', { [annotation]: value }))).toBe(
      available,
    );
  });
});
