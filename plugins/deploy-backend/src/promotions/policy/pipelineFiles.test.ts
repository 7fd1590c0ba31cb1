import { peopleOfList } from '../../commits/peopleOfList';
import { KeptCommit, ServicePaths } from '../../commits/types';
import { withPipelineFiles } from './pipelineFiles';

const service: ServicePaths = {
  repository: 'example-org/vvp',
  paths: ['services/issuer/**'],
  sharedPaths: ['common/**'],
};
const specUrl =
  'https://github.example.test/example-org/vvp/blob/main/ops/pipeline.yaml';

function commit(login: string, path: string): KeptCommit {
  return {
    sha: login.padEnd(40, '0'),
    title: 'Change',
    url: 'https://github.example.test/commit',
    parents: [],
    people: [{ login }],
    paths: [path],
  };
}

function authors(path: string, of = service) {
  const commits = [commit('dana', path)];
  return peopleOfList(
    {
      direction: 'forward',
      list: { state: 'known', commits, total: 1, behind: 0 },
    },
    withPipelineFiles(of, specUrl),
  ).people.map(({ login }) => login);
}

describe('authors of a release', () => {
  it.each([
    'services/issuer/main.ts',
    'common/log.ts',
    '.github/workflows/deploy.yml',
    '.github/workflows/nested/deploy.yml',
    '.github/actions/build/action.yml',
    'deploy.yaml',
    'services/deploy.yaml',
    'ops/pipeline.yaml',
  ])('are those who changed %s', path => {
    expect(authors(path)).toEqual(['dana']);
  });

  it.each(['services/worker/main.ts', 'docs/deploy.md', 'README.md'])(
    'are not those who changed %s',
    path => {
      expect(authors(path)).toEqual([]);
    },
  );

  it('are all, where the service is the whole repository', () => {
    expect(authors('README.md', { ...service, paths: [] })).toEqual(['dana']);
  });
});
