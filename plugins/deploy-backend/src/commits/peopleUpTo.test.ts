import { GithubCommits } from './GithubCommits';
import { peopleUpTo } from './peopleUpTo';
import { KeptCommit } from './types';

const TO = 'b'.repeat(40);

const by = (login: string): KeptCommit => ({
  sha: TO,
  title: 'A change',
  url: 'https://github.example.test/commit',
  parents: [],
  people: [{ login }],
});

/** GitHub with commits by the directory that they change; the empty one has the release itself. */
function githubOf(commits: Record<string, KeptCommit[]>) {
  const asked: (string | undefined)[] = [];
  return {
    asked,
    upTo: async (_: string, { path }: { path?: string } = {}) => {
      asked.push(path);
      return commits[path ?? ''] ?? [];
    },
  };
}

describe('peopleUpTo', () => {
  it.each<[string[], string[], boolean]>([
    [['services/issuer/**'], ['services/issuer'], true],
    [['services/issuer/**', 'services/issuer/*.md'], ['services/issuer'], true],
    [['a/b?/c', 'Dockerfile'], ['a', 'Dockerfile'], true],
    [['**/*.ts', 'a/**'], ['a'], false],
    [[], [], false],
  ])('asks for %j by %j', async (paths, places, complete) => {
    const github = githubOf({ '': [by('dana')] });

    const found = await peopleUpTo(github, { paths }, TO);

    expect(github.asked).toEqual([undefined, ...places]);
    expect(found).toEqual({ people: [{ login: 'dana' }], complete });
  });

  it('has who wrote the release and what led to it', async () => {
    const github = githubOf({ '': [by('dana')], a: [by('omar'), by('priya')] });

    const { people } = await peopleUpTo(github, { paths: ['a/**'] }, TO);

    expect(people.map(({ login }) => login)).toEqual(['dana', 'omar', 'priya']);
  });

  it('says that there may be more than GitHub names at once', async () => {
    const many = Array.from({ length: GithubCommits.perPage }, () =>
      by('omar'),
    );

    expect(
      (await peopleUpTo(githubOf({ a: many }), { paths: ['a/**'] }, TO))
        .complete,
    ).toBe(false);
  });
});
