import { OpenKey } from '../types';

const IN_THE_PORTAL = 'Only the portal goes by it; add it where it is wanted.';

/**
 * Keys of `deploy.yaml` that workflows cannot say, whoever wrote them. `*` stands for any one name.
 *
 * @public
 */
export const UNKNOWN_KEYS: readonly OpenKey[] = [
  [
    'spec.repository',
    'the name of the repository',
    'Say it by --repository owner/name.',
  ],
  ['spec.evidence', 'which runs may bring reports', IN_THE_PORTAL],
  ['spec.gates', 'gates of all services', IN_THE_PORTAL],
  ['spec.environments.*.gates', 'gates of an environment', IN_THE_PORTAL],
  [
    'spec.environments.*.promotion',
    'whose approval a promotion takes, from where, after how long',
    IN_THE_PORTAL,
  ],
  [
    'spec.environments.*.url',
    'the address of a whole environment',
    IN_THE_PORTAL,
  ],
  [
    'spec.pipeline.aws.passRoles',
    'the roles that tasks run with',
    'Name them: the role that deploys may hand over no other.',
  ],
  [
    'spec.services.*.gates.*',
    'gates besides the coverage that tests fail below, and the size of the image',
    IN_THE_PORTAL,
  ],
  ['spec.services.*.migrations', 'which files are migrations', IN_THE_PORTAL],
  [
    'spec.services.*.environments.*.gates',
    'gates of a service in an environment',
    IN_THE_PORTAL,
  ],
  [
    'spec.services.*.environments.*.promotion',
    'promotion policy of a service in an environment',
    IN_THE_PORTAL,
  ],
  [
    'spec.services.*.environments.*.version',
    'where the running service tells its commit',
    IN_THE_PORTAL,
  ],
  [
    'spec.services.*.environments.*.jobs.*.branches',
    'whose runs count, where a job says more than one thing by its name',
    IN_THE_PORTAL,
  ],
  [
    'spec.services.*.environments.*.workflows',
    'workflows that the portal starts',
    IN_THE_PORTAL,
  ],
  [
    'spec.services.*.environments.*.rollback',
    'how a rollback is let through, and when one happens by itself',
    IN_THE_PORTAL,
  ],
  [
    'spec.services.*.environments.*.target.ref',
    'at which branch the portal starts a workflow',
    IN_THE_PORTAL,
  ],
  [
    'spec.services.*.environments.*.target.connection',
    'by which connection the portal reaches the platform',
    IN_THE_PORTAL,
  ],
].map(([key, message, remedy]) => ({ key, message, remedy }));

/** And where there are Container Apps. */
export const OF_CONTAINER_APPS: OpenKey = {
  key: 'spec.services.*.environments.*.target.strategy',
  message: 'whether a Container App gets releases by a canary, and what canary',
  remedy: IN_THE_PORTAL,
};

/** And of a service without: which entity it is, what it is made of. */
export const OF_A_SERVICE: readonly OpenKey[] = [
  {
    key: 'entity',
    message: 'which entity of the catalog it is',
    remedy: 'Name it, such as entity: component:default/shop.',
  },
  {
    key: 'paths',
    message: 'what it is made of: no change detection says so',
    remedy:
      'Name it, such as paths: [services/shop/**]: a change there deploys it.',
  },
];
