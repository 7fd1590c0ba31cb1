import { isObject } from '../json';
import type { World } from '../state/World';
import type { Tokens } from './Tokens';
import type { RestReply } from './types';

/**
 * The one query of GitHub's GraphQL API that is asked here: whether a branch is there, and which open pull request it
 * has. GitHub publishes no description that would validate it.
 */
export async function answerGraphql(
  { world, tokens }: { world: World; tokens: Tokens },
  request: { authorization: string | undefined; body: Buffer },
): Promise<RestReply> {
  const token = (request.authorization ?? '').replace(
    /^(bearer|token)\s+/i,
    '',
  );
  if (tokens.loginOf(token) === undefined) {
    return { status: 401, body: { message: 'Bad credentials' } };
  }
  const { query, variables } = JSON.parse(request.body.toString());
  if (
    !String(query).includes('associatedPullRequests') ||
    !isObject(variables)
  ) {
    return {
      status: 200,
      body: { errors: [{ message: 'The simulator knows no such query' }] },
    };
  }
  const { owner, repo, head } = variables;
  const repository = world.repository(String(owner), String(repo));
  const branch = String(head).replace(/^refs\/heads\//, '');
  const sha = await repository?.git.resolve(`refs/heads/${branch}`);
  const pull = repository?.pulls.find(
    one => one.headBranch === branch && one.closedAt === undefined,
  );
  const node = pull &&
    repository && {
      id: String(pull.id),
      number: pull.number,
      url: `${world.urls.page(repository)}/pull/${pull.number}`,
    };
  return {
    status: 200,
    body: {
      data: {
        repository: repository
          ? {
              ref: sha
                ? { associatedPullRequests: { edges: node ? [{ node }] : [] } }
                : null,
            }
          : null,
      },
    },
  };
}
