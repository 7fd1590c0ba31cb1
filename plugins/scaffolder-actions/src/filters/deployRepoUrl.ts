import { InputError } from '@backstage/errors';
import { createTemplateFilter } from '@backstage/plugin-scaffolder-node/alpha';

/**
 * The filter `deployRepoUrl`: makes of the address of a repository what other actions call `repoUrl`.
 *
 * @public
 */
export const deployRepoUrlFilter = createTemplateFilter({
  id: 'deployRepoUrl',
  description:
    'Makes of the address of a repository, such as https://github.com/example-org/shop, the repoUrl that actions take',
  schema: z => z.function().args(z.string()).returns(z.string()),
  examples: [
    {
      description: 'In a step',
      example: 'repoUrl: ${{ parameters.repository | deployRepoUrl }}',
    },
  ],
  filter: address => {
    const match =
      /^https?:\/\/([A-Za-z0-9.:-]+)\/([A-Za-z0-9-]+)\/([A-Za-z0-9._-]+?)(\.git)?\/?$/.exec(
        address,
      );
    if (!match) {
      throw new InputError(
        'deployRepoUrl: there is no repository. Give its address, such as https://github.com/example-org/shop.',
      );
    }
    const [, host, owner, repo] = match;
    return `${host}?owner=${owner}&repo=${repo}`;
  },
});
