import {
  convertWorkflowTemplate,
  NoOperationTraceWriter,
  parseWorkflow,
} from '@actions/workflow-parser';
import type {
  EventsConfig,
  WorkflowJob as ParsedJob,
} from '@actions/workflow-parser/model/workflow-template';
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token';
import { parse } from 'yaml';
import { isObject, type JsonObject } from '../json';

/** A workflow file as GitHub's parser understood it. */
export interface WorkflowDefinition {
  path: string;
  name: string;
  runName: TemplateToken | undefined;
  events: EventsConfig;
  jobs: ParsedJob[];
  concurrency: TemplateToken | undefined;
  /** What the parser's model leaves out (step inputs, `continue-on-error`). */
  source: Record<string, JsonObject>;
  /** Of jobs without their own. */
  permissions: unknown;
  errors: string[];
}

function plainJobs(document: JsonObject): Record<string, JsonObject> {
  const jobs = isObject(document.jobs) ? document.jobs : {};
  return Object.fromEntries(
    Object.entries(jobs).filter((entry): entry is [string, JsonObject] =>
      isObject(entry[1]),
    ),
  );
}

/** Reads a workflow file by GitHub's own parser. */
export async function readWorkflow(
  path: string,
  content: string,
): Promise<WorkflowDefinition> {
  const parsed = parseWorkflow(
    { name: path, content },
    new NoOperationTraceWriter(),
  );
  const errors = parsed.context.errors.getErrors().map(error => error.message);
  const failed = (messages: string[]): WorkflowDefinition => ({
    path,
    name: path,
    runName: undefined,
    events: {},
    jobs: [],
    concurrency: undefined,
    source: {},
    permissions: undefined,
    errors: messages,
  });
  if (!parsed.value || errors.length > 0) return failed(errors);

  const template = await convertWorkflowTemplate(parsed.context, parsed.value);
  if (template.errors && template.errors.length > 0) {
    return failed(template.errors.map(error => error.Message));
  }
  const document: unknown = parse(content);
  const plain = isObject(document) ? document : {};
  return {
    path,
    name: typeof plain.name === 'string' ? plain.name : path,
    runName: parsed.value.assertMapping('workflow').find('run-name'),
    events: template.events,
    jobs: template.jobs,
    concurrency: template.concurrency,
    source: plainJobs(plain),
    permissions: plain.permissions,
    errors: [],
  };
}

/** The steps of a job, as written. */
export function stepsOf(
  definition: WorkflowDefinition,
  jobId: string,
): JsonObject[] {
  const steps = definition.source[jobId]?.steps;
  return Array.isArray(steps) ? steps.filter(isObject) : [];
}

/** Whether a job has `id-token: write`, of its own or by the whole workflow. */
export function mayAskForTokens(
  definition: WorkflowDefinition,
  jobId: string,
): boolean {
  const granted =
    definition.source[jobId]?.permissions ?? definition.permissions;
  return isObject(granted)
    ? granted['id-token'] === 'write'
    : granted === 'write-all';
}
