import { startRun } from '../engine';
import { isObject } from '../json';
import { simpleUser, repositoryPayload, workflowPayload } from '../serialize';
import type { Repository, Workflow } from '../state/model';
import { pageOf } from './paging';
import type { Handlers, RestCall } from './types';
import { actorOf, notFound, repositoryOf, RestError } from './types';

function workflowOf(call: RestCall, repository: Repository): Workflow {
  const name = call.params.workflow_id;
  const workflow = [...repository.workflows.values()].find(
    candidate =>
      String(candidate.id) === name ||
      candidate.path.slice(candidate.path.lastIndexOf('/') + 1) === name,
  );
  if (!workflow) throw notFound();
  return workflow;
}

/** The inputs as given, with the workflow's defaults; refuses what it does not declare. */
function inputsOf(
  declared: Record<
    string,
    {
      type?: string;
      required?: boolean;
      default?: unknown;
      options?: string[];
    }
  >,
  given: unknown,
): Record<string, string> {
  const values = isObject(given) ? given : {};
  const unknown = Object.keys(values).filter(name => !declared[name]);
  if (unknown.length > 0) {
    throw new RestError(
      422,
      `Unexpected inputs provided: ${JSON.stringify(unknown)}`,
    );
  }
  const inputs: Record<string, string> = {};
  for (const [name, input] of Object.entries(declared)) {
    const value = values[name] ?? input.default;
    if (value === undefined && input.required) {
      throw new RestError(422, `Required input '${name}' not provided`);
    }
    const text = value === undefined ? '' : String(value);
    const allowed =
      input.type === 'boolean' ? ['true', 'false'] : input.options;
    if (allowed && text !== '' && !allowed.includes(text)) {
      throw new RestError(
        422,
        `Provided value '${text}' for input '${name}' not in the list of allowed values`,
      );
    }
    inputs[name] = text;
  }
  return inputs;
}

export const workflowHandlers: Handlers = {
  'actions/list-repo-workflows': call => {
    const repository = repositoryOf(call);
    const workflows = [...repository.workflows.values()];
    const page = pageOf(call, workflows);
    return {
      status: 200,
      headers: page.headers,
      body: {
        total_count: workflows.length,
        workflows: page.items.map(workflow =>
          workflowPayload(call.world.urls, repository, workflow),
        ),
      },
    };
  },

  'actions/get-workflow': call => {
    const repository = repositoryOf(call);
    return {
      status: 200,
      body: workflowPayload(
        call.world.urls,
        repository,
        workflowOf(call, repository),
      ),
    };
  },

  'actions/create-workflow-dispatch': async call => {
    const { world } = call;
    const actor = actorOf(call);
    const repository = repositoryOf(call);
    const workflow = workflowOf(call, repository);
    if (workflow.state !== 'active') {
      throw new RestError(
        422,
        "Cannot trigger a 'workflow_dispatch' on a disabled workflow",
      );
    }
    const name = String(call.body.ref);
    const sha = await repository.git.resolve(name);
    if (!sha) throw new RestError(422, `No ref found for: ${name}`);
    const definition = await world.definition(repository, sha, workflow.path);
    const dispatch = definition?.events.workflow_dispatch;
    if (!definition || !dispatch) {
      throw new RestError(
        422,
        "Workflow does not have 'workflow_dispatch' trigger",
      );
    }
    const inputs = inputsOf(dispatch.inputs ?? {}, call.body.inputs);
    const tags = await repository.git.refs('tags');
    const short = name.replace(/^refs\/(heads|tags)\//, '');
    const isTag =
      name.startsWith('refs/tags/') || tags.some(tag => tag.name === name);
    const commit = await repository.git.info(sha);
    const changes = await repository.git.changes(commit.parents[0], sha);
    world.webhooks.emit({
      event: 'workflow_dispatch',
      action: undefined,
      repository,
      sender: actor,
      at: world.now,
      payload: { inputs, ref: `refs/heads/${short}`, workflow: workflow.path },
    });
    const run = await startRun(world, repository, {
      definition,
      event: 'workflow_dispatch',
      ref: isTag ? `refs/tags/${short}` : `refs/heads/${short}`,
      headBranch: short,
      headSha: sha,
      actor,
      displayTitle: definition.name,
      eventPayload: {
        inputs,
        ref: `refs/heads/${short}`,
        workflow: workflow.path,
        repository: repositoryPayload(world.urls, repository),
        sender: simpleUser(world.urls, actor),
      },
      inputs,
      changedFiles: changes.map(change => change.path),
      outcomes: {},
    });
    if (call.body.return_run_details !== true || !world.dispatches.runDetails) {
      return { status: 204 };
    }
    const url = `${world.urls.repository(repository)}/actions/runs/${run.id}`;
    return {
      status: 200,
      body: {
        workflow_run_id: run.id,
        run_url: url,
        html_url: `${world.urls.page(repository)}/actions/runs/${run.id}`,
      },
    };
  },
};
