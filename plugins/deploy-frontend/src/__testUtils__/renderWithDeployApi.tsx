import { Entity } from '@backstage/catalog-model';
import {
  createApiMock,
  mockApis,
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import {
  catalogApiRef,
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import {
  AuthorizeResult,
  EvaluatePermissionRequest,
} from '@backstage/plugin-permission-common';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { SignalApi, signalApiRef } from '@backstage/plugin-signals-react';
import { JsonObject } from '@backstage/types';
import { DeployApi } from '@vvp/backstage-plugin-deploy-common';
import { ReactElement } from 'react';
import { useLocation } from 'react-router-dom';
import { deployApiRef } from '../api';
import { sampleTrends } from './evidenceSamples';
import { KeptStyles } from './KeptStyles';
import {
  sampleDiagnostics,
  sampleOperation,
  samplePreview,
  sampleRevisions,
} from './operationSamples';
import {
  sampleComparison,
  samplePromotion,
  sampleReadiness,
} from './promotionSamples';
import { sampleEntity, sampleService } from './samples';

const mockDeployApi = createApiMock(deployApiRef, () => ({
  getService: jest.fn(),
  listEvidence: jest.fn(),
  getEvidence: jest.fn(),
  getTrends: jest.fn(),
  getGates: jest.fn(),
  waiveGate: jest.fn(),
  listDeployments: jest.fn(),
  getDeployment: jest.fn(),
  rerunFailedJobs: jest.fn(),
  listServices: jest.fn(),
  listIngestProblems: jest.fn(),
  listRevisions: jest.fn(),
  getDiagnostics: jest.fn(),
  previewRollback: jest.fn(),
  rollBack: jest.fn(),
  redeploy: jest.fn(),
  restart: jest.fn(),
  rerunTests: jest.fn(),
  getOperation: jest.fn(),
  listOperations: jest.fn(),
  cancelOperation: jest.fn(),
  setHold: jest.fn(),
  liftHold: jest.fn(),
  lockEnvironment: jest.fn(),
  unlockEnvironment: jest.fn(),
  listLocks: jest.fn(),
  quarantineRelease: jest.fn(),
  liftQuarantine: jest.fn(),
  quarantineRevision: jest.fn(),
  liftRevisionQuarantine: jest.fn(),
  listCommits: jest.fn(),
  getReadiness: jest.fn(),
  getConfiguration: jest.fn(),
  listReleases: jest.fn(),
  requestPromotion: jest.fn(),
  getPromotion: jest.fn(),
  listPromotions: jest.fn(),
  approvePromotion: jest.fn(),
  rejectPromotion: jest.fn(),
  cancelPromotion: jest.fn(),
  overridePromotion: jest.fn(),
  pausePromotion: jest.fn(),
  continuePromotion: jest.fn(),
  abortPromotion: jest.fn(),
  listFreezes: jest.fn(),
  setFreeze: jest.fn(),
  previewFreeze: jest.fn(),
  endFreeze: jest.fn(),
}));

/**
 * A deploy backend with one service that has nothing in its history.
 *
 * @internal
 */
export function createDeployApi(part: Partial<DeployApi> = {}) {
  return mockDeployApi({
    getService: async () => sampleService(),
    listDeployments: async () => ({ items: [] }),
    listServices: async () => ({ items: [] }),
    listEvidence: async () => ({ items: [] }),
    getTrends: async (_entityRef, { type }) => sampleTrends({ type }),
    getGates: async (_entityRef, _environment, commit) => ({
      release: { commit },
      state: 'none',
      results: [],
    }),
    listRevisions: async () => sampleRevisions(),
    listOperations: async () => ({ items: [] }),
    previewRollback: async () => samplePreview(),
    getOperation: async () => sampleOperation(),
    getDiagnostics: async () => sampleDiagnostics(),
    getReadiness: async () => sampleReadiness(),
    getConfiguration: async () => sampleComparison(),
    listReleases: async () => ({ items: [] }),
    listCommits: async (_entityRef, range) => ({
      ...range,
      state: 'known',
      direction: 'forward',
      commits: [],
    }),
    getPromotion: async () => samplePromotion(),
    listPromotions: async () => ({ items: [] }),
    listFreezes: async () => ({ items: [] }),
    previewFreeze: async () => ({ windows: [] }),
    ...part,
  });
}

/**
 * Signals that a test can send.
 *
 * @internal
 */
export class TestSignals implements SignalApi {
  readonly #listeners = new Map<string, Set<(message: JsonObject) => void>>();

  subscribe<TMessage extends JsonObject>(
    channel: string,
    onMessage: (message: TMessage) => void,
  ) {
    const listeners = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, listeners);
    const listener = (message: JsonObject) => onMessage(message as TMessage);
    listeners.add(listener);
    return { unsubscribe: () => listeners.delete(listener) };
  }

  send(channel: string, message: JsonObject): void {
    this.#listeners.get(channel)?.forEach(listener => listener(message));
  }
}

function Address() {
  const { search, hash } = useLocation();
  return (
    <output aria-label="address">
      {search}
      {hash}
    </output>
  );
}

/**
 * Renders an element on the page of an entity, with the given backend behind it.
 *
 * @internal
 */
export function renderWithDeployApi(
  element: ReactElement,
  options: {
    deployApi: DeployApi;
    entity?: Entity;
    signals?: SignalApi;
    path?: string;
    facets?: string[];
    /** Answers about permissions; everything is allowed unless given. */
    authorize?(
      request: EvaluatePermissionRequest,
    ): AuthorizeResult.ALLOW | AuthorizeResult.DENY;
  },
) {
  const { deployApi, signals, path, facets = [] } = options;
  const entity = options.entity ?? sampleEntity();
  const catalogApi = catalogApiMock.mock({
    getEntityFacets: async () => ({
      facets: {
        'relations.ownedBy': facets.map(value => ({ value, count: 1 })),
      },
    }),
  });
  return renderInTestApp(
    <TestApiProvider
      apis={[
        [deployApiRef, deployApi],
        [catalogApiRef, catalogApi],
        [
          permissionApiRef,
          mockApis.permission({ authorize: options.authorize }),
        ],
        ...(signals ? [[signalApiRef, signals] as const] : []),
      ]}
    >
      <KeptStyles>
        <EntityProvider entity={entity}>{element}</EntityProvider>
      </KeptStyles>
      <Address />
    </TestApiProvider>,
    {
      initialRouteEntries: path ? [path] : undefined,
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    },
  );
}
