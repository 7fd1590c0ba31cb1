import { Principal } from './principals';

/** What a request is about. */
export interface Place {
  name: string;
  environment: string;
  ids: {
    deployments: string;
    releases: string;
    evidence: string;
    operations: string;
    promotions: string;
    gates: string;
    freezes: string;
  };
}

/** Who may come in, in the order development, staging, production: Allowed, Refused, or Hidden. */
export type Outcomes = Record<Principal, string>;

const ownPeople = {
  stranger: 'HHH',
  denied: 'RRR',
  administrator: 'AAA',
  guest: 'RRR',
  service: 'AAA',
} as const;
const peopleOfService = {
  ...ownPeople,
  owner: 'AAA',
  developer: 'AAA',
  reader: 'AAA',
} as const;

const read: Outcomes = { ...peopleOfService, oncall: 'HHA' };
const change: Outcomes = { ...read, developer: 'AAR', reader: 'RRR' };
const decide: Outcomes = { ...change, service: 'RRR' };
/** Whoever sees any environment of a service sees what it has besides. */
export const readService: Outcomes = { ...peopleOfService, oncall: 'AAA' };
/** It reaches into every environment. */
const changeService: Outcomes = {
  ...readService,
  developer: 'RRR',
  oncall: 'RRR',
  reader: 'RRR',
};
const list: Outcomes = { ...readService, stranger: 'AAA' };
const administer: Outcomes = {
  owner: 'RRR',
  developer: 'RRR',
  oncall: 'RRR',
  reader: 'RRR',
  stranger: 'RRR',
  denied: 'RRR',
  administrator: 'AAA',
  guest: 'RRR',
  service: 'AAA',
};
/** The pipeline's key counts, and nothing of Backstage. */
const keyOnly: Outcomes = {
  ...administer,
  administrator: 'RRR',
  service: 'RRR',
};

export interface Endpoint {
  method: 'get' | 'post' | 'delete';
  /** As the OpenAPI document has it. */
  path: string;
  outcomes: Outcomes;
  /** Name of the permission that it asks for; absent for one that asks for none. */
  permission?: string;
  /** Why it asks for none. */
  open?: string;
  query?: (place: Place) => Record<string, string>;
  body?: (place: Place) => object;
}

const S = '/services/{kind}/{namespace}/{name}';
const E = `${S}/environments/{environment}`;
const COMMIT = 'a'.repeat(40);
const REASON = 'The matrix of permissions is tried';

const refOf = ({ name }: Place) => `component:default/${name}`;
const because = () => ({ reason: REASON });
const confirmed = ({ name }: Place) => ({ reason: REASON, confirm: name });
const wherever = (place: Place) => ({
  entityRef: refOf(place),
  environment: place.environment,
});

/** Every endpoint, and who gets in. */
export const endpoints: readonly Endpoint[] = [
  {
    method: 'get',
    path: '/services',
    outcomes: list,
    permission: 'deploy.read',
  },
  { method: 'get', path: S, outcomes: readService, permission: 'deploy.read' },
  ...['deployments', 'releases', 'evidence', 'operations'].map(
    (collection): Endpoint => ({
      method: 'get',
      path: `${S}/${collection}`,
      outcomes: readService,
      permission: 'deploy.read',
    }),
  ),
  {
    method: 'get',
    path: `${S}/trends`,
    outcomes: readService,
    permission: 'deploy.read',
    query: () => ({ type: 'coverage' }),
  },
  {
    method: 'get',
    path: `${S}/commits`,
    outcomes: readService,
    permission: 'deploy.read',
    query: () => ({ from: COMMIT, to: COMMIT }),
  },
  {
    method: 'get',
    path: `${E}/gates`,
    outcomes: read,
    permission: 'deploy.read',
    query: () => ({ commit: COMMIT }),
  },
  ...['readiness', 'configuration'].map(
    (tail): Endpoint => ({
      method: 'get',
      path: `${E}/${tail}`,
      outcomes: read,
      permission: 'deploy.read',
      query: ({ ids }) => ({ release: ids.releases }),
    }),
  ),
  ...['revisions', 'diagnostics'].map(
    (tail): Endpoint => ({
      method: 'get',
      path: `${E}/${tail}`,
      outcomes: read,
      permission: 'deploy.read',
    }),
  ),
  ...['deployments', 'evidence', 'operations', 'promotions'].map(
    (collection): Endpoint => ({
      method: 'get',
      path: `/${collection}/{id}`,
      outcomes: read,
      permission: 'deploy.read',
    }),
  ),
  {
    method: 'post',
    path: '/deployments/{id}/rerun-failed-jobs',
    outcomes: change,
    permission: 'deploy.operate',
    body: confirmed,
  },
  {
    method: 'post',
    path: `${E}/redeploy`,
    outcomes: change,
    permission: 'deploy.deploy',
    body: confirmed,
  },
  {
    method: 'post',
    path: `${E}/restart`,
    outcomes: change,
    permission: 'deploy.operate',
    body: confirmed,
  },
  {
    method: 'post',
    path: `${E}/rerun-tests`,
    outcomes: change,
    permission: 'deploy.operate',
    body: () => ({}),
  },
  {
    method: 'post',
    path: `${E}/hold`,
    outcomes: change,
    permission: 'deploy.operate',
    body: because,
  },
  {
    method: 'delete',
    path: `${E}/hold`,
    outcomes: change,
    permission: 'deploy.operate',
  },
  {
    method: 'post',
    path: `${E}/lock`,
    outcomes: change,
    permission: 'deploy.lock',
    body: because,
  },
  {
    method: 'delete',
    path: `${E}/lock`,
    outcomes: change,
    permission: 'deploy.lock',
  },
  {
    method: 'post',
    path: `${E}/revisions/{revision}/quarantine`,
    outcomes: change,
    permission: 'deploy.quarantine',
    body: because,
  },
  {
    method: 'delete',
    path: `${E}/revisions/{revision}/quarantine`,
    outcomes: change,
    permission: 'deploy.quarantine',
  },
  {
    method: 'post',
    path: '/releases/{id}/quarantine',
    outcomes: changeService,
    permission: 'deploy.quarantine',
    body: because,
  },
  {
    method: 'delete',
    path: '/releases/{id}/quarantine',
    outcomes: changeService,
    permission: 'deploy.quarantine',
  },
  {
    method: 'post',
    path: '/operations/{id}/cancel',
    outcomes: change,
    permission: 'deploy.operate',
    body: () => ({}),
  },
  {
    method: 'post',
    path: '/rollbacks/preview',
    outcomes: read,
    permission: 'deploy.rollback',
    body: place => ({ ...wherever(place), revision: 'issuer--2' }),
  },
  {
    method: 'post',
    path: '/rollbacks',
    outcomes: change,
    permission: 'deploy.rollback',
    body: place => ({
      ...wherever(place),
      ...confirmed(place),
      revision: 'issuer--2',
    }),
  },
  {
    method: 'post',
    path: '/gates/{id}/waiver',
    outcomes: decide,
    permission: 'deploy.waive',
    body: () => ({ reason: REASON, expiresAt: '2099-01-01T00:00:00Z' }),
  },
  {
    method: 'post',
    path: '/promotions',
    outcomes: change,
    permission: 'deploy.promote',
    body: place => ({ ...wherever(place), release: place.ids.releases }),
  },
  {
    method: 'post',
    path: '/promotions/{id}/approve',
    outcomes: decide,
    permission: 'deploy.approve',
    body: () => ({ seen: 'something' }),
  },
  {
    method: 'post',
    path: '/promotions/{id}/override',
    outcomes: decide,
    permission: 'deploy.override',
    body: () => ({ reason: REASON, conditions: ['order'] }),
  },
  {
    method: 'post',
    path: '/promotions/{id}/cancel',
    outcomes: decide,
    permission: 'deploy.promote',
    body: () => ({ comment: REASON }),
  },
  {
    method: 'post',
    path: '/promotions/{id}/reject',
    outcomes: decide,
    permission: 'deploy.approve',
    body: () => ({ comment: REASON }),
  },
  ...['pause', 'continue'].map(
    (verb): Endpoint => ({
      method: 'post',
      path: `/promotions/{id}/${verb}`,
      outcomes: decide,
      permission: 'deploy.promote',
      body: () => ({ comment: REASON }),
    }),
  ),
  {
    method: 'post',
    path: '/promotions/{id}/abort',
    outcomes: decide,
    permission: 'deploy.rollback',
    body: confirmed,
  },
  {
    method: 'get',
    path: '/promotions',
    outcomes: list,
    permission: 'deploy.read',
  },
  { method: 'get', path: '/locks', outcomes: list, permission: 'deploy.read' },
  {
    method: 'get',
    path: '/freezes',
    outcomes: list,
    permission: 'deploy.read',
  },
  {
    method: 'post',
    path: '/freezes',
    outcomes: administer,
    permission: 'deploy.freeze',
    body: place => ({
      title: 'The matrix',
      reason: REASON,
      scope: { services: [refOf(place)] },
      window: { from: '2098-01-01T00:00:00Z', to: '2098-01-02T00:00:00Z' },
    }),
  },
  {
    method: 'post',
    path: '/freezes/preview',
    outcomes: administer,
    permission: 'deploy.freeze',
    body: () => ({
      window: { from: '2098-01-01T00:00:00Z', to: '2098-01-02T00:00:00Z' },
    }),
  },
  {
    method: 'delete',
    path: '/freezes/{id}',
    outcomes: administer,
    permission: 'deploy.freeze',
  },
  {
    method: 'post',
    path: '/evidence',
    // A job's token is no matter of permissions; this is about the tokens of Backstage. To whom may see
    // nothing at all, no service is there.
    outcomes: { ...change, denied: 'HHH' },
    permission: 'deploy.report',
    query: place => ({
      ...wherever(place),
      commit: COMMIT,
      type: 'coverage',
    }),
    body: () => ({}),
  },
  {
    method: 'delete',
    path: '/evidence/{id}',
    outcomes: administer,
    permission: 'deploy.administer',
  },
  {
    method: 'get',
    path: '/ingest/problems',
    outcomes: administer,
    permission: 'deploy.administer',
  },
  ...(['get', 'post'] as const).map(
    (method): Endpoint => ({
      method,
      path: '/admin/deployment-tests',
      outcomes: keyOnly,
      open: 'it is guarded by the keys of deploy.deploymentTests.keys',
      ...(method === 'post' && { body: () => ({}) }),
    }),
  ),
];

/** The path and query of a request. */
export function pathOf(endpoint: Endpoint, place: Place): string {
  const [, collection] = endpoint.path.split('/');
  const values: Record<string, string> = {
    kind: 'component',
    namespace: 'default',
    name: place.name,
    environment: place.environment,
    revision: 'issuer--2',
    id: place.ids[collection as keyof Place['ids']],
  };
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const query = new URLSearchParams(endpoint.query?.(place) ?? {}).toString();
  return query ? `${path}?${query}` : path;
}
