import type { IncomingMessage, ServerResponse } from 'node:http';
import { announceReceived } from '../engine';
import { serveGit } from '../git/smartHttp';
import type { Simulator } from '../Simulator';

const RECEIVE = 'git-receive-pack';

/** A repository over git's smart HTTP: what is private, and every push, needs a token. */
export async function serveRepository(
  simulator: Simulator,
  request: IncomingMessage,
  response: ServerResponse,
  asked: { owner: string; name: string; file: string; url: URL },
): Promise<void> {
  const { world } = simulator;
  const { authorization } = request.headers;
  const token = tokenOf(authorization);
  const login = token && simulator.tokens.loginOf(token);
  const repository = world.repository(asked.owner, asked.name);
  const isPush =
    asked.file === RECEIVE || asked.url.searchParams.get('service') === RECEIVE;
  // Whether there is such a repository is told to nobody else.
  const isPublic = repository && !repository.private && !isPush;
  if (!login && (authorization || !isPublic)) {
    answer(response, 401, 'Authentication is needed');
    return;
  }
  if (!repository) {
    answer(response, 404, 'Repository not found.');
    return;
  }
  const serve = () =>
    serveGit(request, response, {
      projectRoot: world.repositoriesFolder,
      path: `/${repository.fullName}.git/${asked.file}`,
      query: asked.url.search.slice(1),
      user: login,
    });
  if (!login || asked.file !== RECEIVE) {
    await serve();
    return;
  }
  await simulator.exclusive(async () => {
    await serve();
    await announceReceived(world, repository, world.account(login));
  });
}

/** Of GitHub's ways those two that git clients go: the password of somebody, or a token by itself. */
function tokenOf(authorization: string | undefined): string | undefined {
  const [scheme, value = ''] = (authorization ?? '').split(' ');
  if (/^(bearer|token)$/i.test(scheme)) return value;
  if (!/^basic$/i.test(scheme)) return undefined;
  const credentials = Buffer.from(value, 'base64').toString();
  return credentials.slice(credentials.indexOf(':') + 1) || undefined;
}

function answer(
  response: ServerResponse,
  status: number,
  message: string,
): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    ...(status === 401 && { 'www-authenticate': 'Basic realm="GitHub"' }),
  });
  response.end(`${message}\n`);
}
