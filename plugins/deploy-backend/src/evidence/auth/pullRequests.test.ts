import { mockServices } from '@backstage/backend-test-utils';
import { GithubClient } from '../../github/GithubClients';
import { GithubPullRequests } from './pullRequests';

const HEAD = 'b'.repeat(40);

function pullRequests(rest: object | undefined) {
  const logger = mockServices.logger.mock();
  const pulls = new GithubPullRequests({
    github: {
      forUrl: async () => rest && ({ rest } as unknown as GithubClient),
    },
    urlOf: async repository => `https://github.example.test/${repository}`,
    logger,
  });
  return { pulls, logger };
}

const failing = (status: number) => ({
  pulls: {
    get: async () => {
      throw Object.assign(new Error('no answer'), { status });
    },
  },
});

describe('GithubPullRequests', () => {
  it('asks for the head of a pull request', async () => {
    const get = jest.fn(async () => ({ data: { head: { sha: HEAD } } }));
    const { pulls } = pullRequests({ pulls: { get } });

    expect(await pulls.headOf('example-org/vvp', 12)).toBe(HEAD);
    expect(get).toHaveBeenCalledWith({
      owner: 'example-org',
      repo: 'vvp',
      pull_number: 12,
    });
  });

  it('knows when there is none', async () => {
    const { pulls } = pullRequests(failing(404));

    expect(await pulls.headOf('example-org/vvp', 12)).toBeUndefined();
  });

  it.each([
    ['GitHub does not answer', failing(500)],
    ['no integration has the host', undefined],
  ])('fails, and logs it, if %s', async (_case, rest) => {
    const { pulls, logger } = pullRequests(rest);

    await expect(pulls.headOf('example-org/vvp', 12)).rejects.toThrow();

    expect(logger.warn).toHaveBeenCalledWith(
      'A pull request could not be looked up',
      expect.objectContaining({ repository: 'example-org/vvp' }),
    );
  });

  it('finds pull requests by their head, from forks too', async () => {
    const pull = (number: number, sha: string, ref: string) => ({
      number,
      head: { sha, ref, repo: { full_name: `fork-${number}/vvp` } },
    });
    const list = async () => ({
      data: [
        pull(12, HEAD, 'two'),
        pull(13, 'c'.repeat(40), 'two'),
        pull(14, HEAD, 'three'),
      ],
    });
    const { pulls } = pullRequests({ pulls: { list } });

    expect(await pulls.withHead('example-org/vvp', HEAD)).toEqual([
      { number: 12, branch: 'two' },
      { number: 14, branch: 'three' },
    ]);
  });
});
