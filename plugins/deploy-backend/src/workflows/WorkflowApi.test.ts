import { GithubClient } from '../github/GithubClients';
import { WorkflowApi } from './WorkflowApi';

const repository = 'example-org/shop';

/** What is made of an answer to a dispatch that GitHub took. */
async function dispatched(data: unknown): Promise<number | undefined> {
  const client = {
    rest: { actions: { createWorkflowDispatch: async () => ({ data }) } },
  } as unknown as GithubClient;
  const api = new WorkflowApi(
    {
      github: { forUrl: async () => client },
      services: {
        listPages: async () => [
          { repository, url: `https://github.example.test/${repository}` },
        ],
      },
    },
    repository,
    new AbortController().signal,
  );
  return api.dispatch({
    workflowId: 7,
    file: 'a.yml',
    ref: 'main',
    inputs: {},
  });
}

describe('a dispatch', () => {
  it('tells its run', async () => {
    expect(await dispatched({ workflow_run_id: 4711 })).toBe(4711);
  });

  it.each([
    ['nothing', undefined],
    ['an empty text', ''],
    ['an object without a run', {}],
    ['a page of a proxy', '<html></html>'],
    ['a run that is no number', { workflow_run_id: 'soon' }],
  ])('was taken though GitHub says %s', async (_name, data) => {
    expect(await dispatched(data)).toBeUndefined();
  });
});
