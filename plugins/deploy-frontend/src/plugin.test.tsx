import {
  createExtensionTester,
  renderTestApp,
} from '@backstage/frontend-test-utils';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import {
  catalogApiMock,
  createTestEntityPage,
} from '@backstage/plugin-catalog-react/testUtils';
import { homePageWidgetDataRef } from '@backstage/plugin-home-react/alpha';
import { coreExtensionData } from '@backstage/frontend-plugin-api';
import { screen } from '@testing-library/react';
import deployPlugin, { deployApiRef } from '.';
import { createDeployApi } from './__testUtils__/renderWithDeployApi';
import { sampleEntity } from './__testUtils__/samples';

const catalogApi = catalogApiMock({ entities: [sampleEntity()] });

function entityPage(entity = sampleEntity()) {
  return createTestEntityPage({ entity });
}

describe('the plugin in the new frontend system', () => {
  it('adds the tab to a component', async () => {
    renderTestApp({
      extensions: [
        entityPage(),
        deployPlugin.getExtension('entity-content:deploy/deployments'),
      ],
      apis: [
        [deployApiRef, createDeployApi()],
        [catalogApiRef, catalogApi],
      ],
    });

    expect(
      await screen.findByRole('list', { name: 'Environments, in order' }),
    ).toBeInTheDocument();
  });

  it('adds the card to a component that says where it is deployed from', async () => {
    renderTestApp({
      extensions: [
        entityPage(),
        deployPlugin.getExtension('entity-card:deploy/deployments'),
      ],
      apis: [
        [deployApiRef, createDeployApi()],
        [catalogApiRef, catalogApi],
      ],
    });

    expect(
      await screen.findByRole('link', { name: /Commit a1b2c3d/ }),
    ).toBeInTheDocument();
  });

  it('adds the tab of the evidence to a component', async () => {
    renderTestApp({
      extensions: [
        entityPage(),
        deployPlugin.getExtension('entity-content:deploy/evidence'),
      ],
      apis: [
        [deployApiRef, createDeployApi()],
        [catalogApiRef, catalogApi],
      ],
    });

    expect(
      await screen.findByText(/^No report has come in/),
    ).toBeInTheDocument();
  });

  it('adds the tab of the way back to a component', async () => {
    renderTestApp({
      extensions: [
        entityPage(),
        deployPlugin.getExtension('entity-content:deploy/rollback'),
      ],
      apis: [
        [deployApiRef, createDeployApi()],
        [catalogApiRef, catalogApi],
      ],
    });

    expect(
      await screen.findByText('Nothing can be rolled back from here yet'),
    ).toBeInTheDocument();
  });

  it('adds the card of the evidence to a component that says where it is deployed from', async () => {
    renderTestApp({
      extensions: [
        entityPage(),
        deployPlugin.getExtension('entity-card:deploy/evidence'),
      ],
      apis: [
        [deployApiRef, createDeployApi()],
        [catalogApiRef, catalogApi],
      ],
    });

    expect(
      await screen.findByRole('link', { name: 'All evidence' }),
    ).toBeInTheDocument();
  });

  it.each([
    ['the tab', 'entity-content:deploy/deployments', { kind: 'System' }],
    ['the card', 'entity-card:deploy/deployments', { kind: 'System' }],
    ['the card', 'entity-card:deploy/deployments', { annotations: {} }],
    ['the evidence', 'entity-content:deploy/evidence', { kind: 'System' }],
    ['the way back', 'entity-content:deploy/rollback', { kind: 'System' }],
    ['its card', 'entity-card:deploy/evidence', { kind: 'System' }],
    ['its card', 'entity-card:deploy/evidence', { annotations: {} }],
  ] as const)(
    'keeps %s (%s) off other entities: %j',
    async (_name, id, part) => {
      const entity = sampleEntity(
        'other',
        'annotations' in part ? part.annotations : undefined,
      );

      renderTestApp({
        extensions: [
          entityPage({
            ...entity,
            kind: 'kind' in part ? part.kind : 'Component',
          }),
          deployPlugin.getExtension(id),
        ],
        apis: [
          [deployApiRef, createDeployApi()],
          [catalogApiRef, catalogApi],
        ],
      });

      expect(
        await screen.findByTestId('empty-entity-page'),
      ).toBeInTheDocument();
    },
  );

  it.each([
    ['page:deploy', '/deployments', 'Deployments'],
    ['page:deploy/promotions', '/deploy/promotions', 'Promotions'],
    ['page:deploy/freezes', '/deploy/freezes', 'Freezes'],
  ] as const)(
    'adds a page that the navigation finds: %s',
    (id, path, title) => {
      const page = createExtensionTester(deployPlugin.getExtension(id), {
        apis: [[catalogApiRef, catalogApi]],
      });

      expect(page.get(coreExtensionData.routePath)).toBe(path);
      expect(page.get(coreExtensionData.title)).toBe(title);
      expect(page.get(coreExtensionData.icon)).toBeDefined();
    },
  );

  it('offers what waits for the user to a home page', () => {
    const widget = createExtensionTester(
      deployPlugin.getExtension('home-page-widget:deploy/promotions'),
    );

    expect(widget.get(homePageWidgetDataRef)).toMatchObject({
      title: 'Waiting for my approval',
      component: expect.anything(),
    });
  });
});
