import { InputError } from '@backstage/errors';
import { ScmIntegrationRegistry } from '@backstage/integration';
import {
  createTemplateAction,
  parseRepoUrl,
} from '@backstage/plugin-scaffolder-node';
import { applyEnvironment } from './github/applyEnvironment';
import { EnvironmentClient } from './github/EnvironmentClient';
import { WantedEnvironment } from './github/planEnvironment';
import { octokitFor } from './github/octokitFor';
import { examples } from './githubEnvironments.examples';

/**
 * `deploy:github:environments`: environments of a repository at GitHub, with who and what holds them.
 *
 * @public
 */
export function createGithubEnvironmentsAction(options: {
  integrations: ScmIntegrationRegistry;
}) {
  const { integrations } = options;
  return createTemplateAction({
    id: 'deploy:github:environments',
    description:
      'Creates or updates environments of a repository at GitHub: reviewers, wait timer, branches and tags, and the protection rule of an app. What is left out stays as it is',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        repoUrl: z =>
          z.string({
            description:
              'The repository as github.com?owner=example-org&repo=shop',
          }),
        environments: z =>
          z
            .array(
              z
                .string()
                .max(255)
                .regex(/^[A-Za-z0-9][A-Za-z0-9 ./_-]*$/),
              {
                description:
                  'Names, such as the output "environments" of deploy:service:add',
              },
            )
            .min(1)
            .max(50),
        users: z =>
          z
            .array(z.string(), { description: 'Logins of required reviewers' })
            .max(6)
            .optional(),
        teams: z =>
          z
            .array(z.string(), {
              description: 'Slugs of teams whose members may review',
            })
            .max(6)
            .optional(),
        waitMinutes: z =>
          z
            .number({
              description: 'How long a job waits before it goes in',
            })
            .int()
            .min(0)
            .max(43200)
            .optional(),
        preventSelfReview: z =>
          z
            .boolean({
              description: 'Whether who started a run may not review it',
            })
            .optional(),
        branches: z =>
          z
            .array(z.string().max(255), {
              description:
                'Branches that may deploy, as names or patterns; an empty list without tags: any branch and tag',
            })
            .max(100)
            .optional(),
        tags: z =>
          z
            .array(z.string().max(255), {
              description:
                'Tags that may deploy, as names or patterns such as v*; left out, those stay that may',
            })
            .max(100)
            .optional(),
        protectionRuleApp: z =>
          z
            .string({
              description:
                'Slug of the GitHub App of the portal, whose deployment protection rule is enabled',
            })
            .optional(),
        token: z =>
          z
            .string({
              description:
                'A token for GitHub instead of that of the integration',
            })
            .optional(),
      },
      output: {
        changes: z =>
          z.array(z.string(), { description: 'What was changed, in words' }),
      },
    },
    async handler(ctx) {
      const { input } = ctx;
      const { host, owner, repo } = parseRepoUrl(input.repoUrl, integrations);
      if (!owner) {
        throw new InputError('repoUrl: there is no owner. Add owner=NAME.');
      }
      const client = new EnvironmentClient(
        await octokitFor(integrations, {
          host,
          path: `${owner}/${repo}`,
          token: input.token,
          signal: ctx.signal,
        }),
        { owner, repo },
      );
      const wanted = await wantedOf(client, input);
      const changes: string[] = [];
      for (const name of input.environments) {
        ctx.signal?.throwIfAborted();
        const made = await applyEnvironment({
          client,
          name,
          wanted,
          protectionRuleApp: input.protectionRuleApp,
          change: (what, carryOut) =>
            ctx.isDryRun
              ? Promise.resolve()
              : ctx.checkpoint({
                  key: `deploy.environments.${owner}.${repo}.${name}.${what}`,
                  fn: carryOut,
                }),
        });
        changes.push(...made.map(change => `${name} ${change}`));
      }
      for (const change of changes) {
        ctx.logger.info(ctx.isDryRun ? `Would do: ${change}` : change);
      }
      if (changes.length === 0) {
        ctx.logger.info('Every environment was as it should be');
      }
      ctx.output('changes', changes);
    },
  });
}

async function wantedOf(
  client: EnvironmentClient,
  input: {
    users?: string[];
    teams?: string[];
    waitMinutes?: number;
    preventSelfReview?: boolean;
    branches?: string[];
    tags?: string[];
  },
): Promise<WantedEnvironment> {
  const { users, teams, waitMinutes, preventSelfReview, branches, tags } =
    input;
  if ((users?.length ?? 0) + (teams?.length ?? 0) > 6) {
    throw new InputError('users, teams: GitHub takes six reviewers at most.');
  }
  return {
    waitMinutes,
    preventSelfReview,
    branches,
    tags,
    ...((users || teams) && {
      reviewers: await Promise.all([
        ...(users ?? []).map(login => client.user(login)),
        ...(teams ?? []).map(slug => client.team(slug)),
      ]),
    }),
  };
}
