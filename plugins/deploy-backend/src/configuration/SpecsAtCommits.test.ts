import { GithubClient } from '../github/GithubClients';
import { SpecsAtCommits } from './SpecsAtCommits';

const text = (name = 'vvp') => `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: ${name} }
spec:
  repository: Example-Org/VVP
  environments: [{ name: production, tier: production }]
  services: { shop: { environments: { production: {} } } }
`;

const missing = Object.assign(new Error('Not Found'), { status: 404 });

/** GitHub with one file, whose text at a commit is looked up. */
function fakeGithub(textAt: (commit: string) => string | undefined) {
  const getContent = jest.fn(async ({ ref }: { ref: string }) => {
    const found = textAt(ref);
    if (found === undefined) {
      throw missing;
    }
    return { data: [Buffer.from(found)] };
  });
  const getCommit = jest.fn(async ({ commit_sha: sha }) => {
    if (sha === 'gone') {
      throw missing;
    }
    return { data: {} };
  });
  const client = { rest: { repos: { getContent }, git: { getCommit } } };
  return {
    getContent,
    file: {
      client: client as unknown as GithubClient,
      repository: 'example-org/vvp',
      path: 'deploy.yaml',
    },
  };
}

const { signal } = new AbortController();

describe('SpecsAtCommits', () => {
  it('tells what a deploy.yaml said, and asks once', async () => {
    const { file, getContent } = fakeGithub(text);
    const specs = new SpecsAtCommits();

    const first = await specs.read(file, 'a', signal);
    const again = await specs.read(file, 'a', signal);

    expect(first).toMatchObject({ state: 'valid', spec: { name: 'a' } });
    expect(again).toBe(first);
    expect(getContent).toHaveBeenCalledTimes(1);
    expect(getContent).toHaveBeenCalledWith(
      expect.objectContaining({
        owner: 'example-org',
        repo: 'vvp',
        path: 'deploy.yaml',
        ref: 'a',
      }),
    );
  });

  it.each([
    ['not there', undefined, 'missing'],
    ['no deploy.yaml', 'kind: Other\n', 'invalid'],
    [
      'for another repository',
      text().replace('Example-Org/VVP', 'someone/else'),
      'invalid',
    ],
    ['too long', `${text()}# ${'x'.repeat(1024 * 1024)}`, 'invalid'],
    ['empty', '', 'invalid'],
  ])('tells one that is %s', async (_case, content, state) => {
    const { file, getContent } = fakeGithub(() => content);
    const specs = new SpecsAtCommits();

    expect(await specs.read(file, 'a', signal)).toEqual({ state });
    expect(await specs.read(file, 'a', signal)).toEqual({ state });
    expect(getContent).toHaveBeenCalledTimes(1);
  });

  it('does not take a commit that GitHub does not show for one without the file', async () => {
    const { file } = fakeGithub(() => undefined);

    await expect(
      new SpecsAtCommits().read(file, 'gone', signal),
    ).rejects.toMatchObject({ status: 404 });
  });

  it('asks again after a failure', async () => {
    const { file, getContent } = fakeGithub(text);
    getContent.mockRejectedValueOnce(new Error('502'));
    const specs = new SpecsAtCommits();

    await expect(specs.read(file, 'a', signal)).rejects.toThrow('502');

    expect(await specs.read(file, 'a', signal)).toMatchObject({
      state: 'valid',
    });
  });

  it('keeps those that were asked for last, as long as there is room', async () => {
    const { file, getContent } = fakeGithub(() => text());
    // Short ones count as 1024 bytes.
    const specs = new SpecsAtCommits(2 * 1024);
    for (const commit of ['a', 'b', 'a', 'c', 'a', 'b']) {
      await specs.read(file, commit, signal);
    }

    expect(getContent.mock.calls.map(([{ ref }]) => ref)).toEqual([
      'a',
      'b',
      'c',
      'b',
    ]);
  });

  it('keeps nothing that has no room at all', async () => {
    const { file, getContent } = fakeGithub(() => text());
    const specs = new SpecsAtCommits(100);

    await specs.read(file, 'a', signal);
    await specs.read(file, 'a', signal);

    expect(getContent).toHaveBeenCalledTimes(2);
  });
});
