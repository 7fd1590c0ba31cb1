/**
 * Backstage's own annotation: `owner/name` of the GitHub repository.
 *
 * @public
 */
export const ANNOTATION_PROJECT_SLUG = 'github.com/project-slug';

/**
 * Where `deploy.yaml` is, relative to the entity's own file or absolute; default: `deploy.yaml` beside it.
 *
 * @public
 */
export const ANNOTATION_SPEC = 'deploy.vvp.io/spec';

/**
 * Key of the service in a monorepo's `deploy.yaml`.
 *
 * @public
 */
export const ANNOTATION_SERVICE = 'deploy.vvp.io/service';

/**
 * For repositories without a spec: the workflow file whose jobs count, such as `deploy.yml`.
 *
 * @public
 */
export const ANNOTATION_WORKFLOW = 'deploy.vvp.io/workflow';

/**
 * For repositories without a spec: which job deploys to which environment,
 * `production=deploy-verifier,staging=deploy-staging`.
 *
 * @public
 */
export const ANNOTATION_JOBS = 'deploy.vvp.io/jobs';
