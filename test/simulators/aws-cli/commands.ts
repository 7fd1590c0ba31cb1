import { readFileSync, statSync } from 'node:fs';
import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
  StopServiceDeploymentCommand,
  UntagResourceCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';

/** Exit code of the AWS CLI for arguments that it does not know. */
const PARSER_ERROR = 252;

/** Why a call was refused, and with which exit code. */
export class CallError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = PARSER_ERROR) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** A call, taken apart; each option has one value. */
export interface Call {
  command: string;
  values: Record<string, string>;
}

interface Clients {
  ecs: ECSClient;
  ecr: ECRClient;
}

type Values = Call['values'];
type Query = (answer: any) => unknown;

interface Command {
  options: string[];
  /** Those that may be left out. */
  optional?: string[];
  run: (clients: Clients, values: Values) => Promise<object>;
  /** By the text of `--query`; '' without one. */
  queries: Record<string, Query>;
}

const imageOf = (answer: any, name: string) =>
  answer.taskDefinition.containerDefinitions.find(
    (container: { name: string }) => container.name === name,
  )?.image;

const tagOf = (answer: any, name: string) =>
  answer.tags?.find(({ key }: { key: string }) => key === name)?.value;

/** As the scripts call them; whatever else the AWS CLI can do is refused. */
const commands: Record<string, Command> = {
  'ecs describe-services': {
    options: ['--cluster', '--services'],
    run: ({ ecs }, values) =>
      ecs.send(
        new DescribeServicesCommand({
          cluster: values['--cluster'],
          services: [values['--services']],
        }),
      ),
    queries: {
      'services[0].taskDefinition': ({ services }) =>
        services[0]?.taskDefinition,
      'services[0].deploymentConfiguration.[strategy, bakeTimeInMinutes]': ({
        services: [service],
      }) =>
        service && [
          service.deploymentConfiguration.strategy,
          service.deploymentConfiguration.bakeTimeInMinutes,
        ],
      "services[?status=='ACTIVE'] | [0].taskDefinition": ({ services }) =>
        services.find(({ status }: { status: string }) => status === 'ACTIVE')
          ?.taskDefinition,
      "services[0].deployments[?status=='PRIMARY'] | [0].[taskDefinition, rolloutState, rolloutStateReason]":
        ({ services }) => {
          const primary = services[0]?.deployments.find(
            ({ status }: { status: string }) => status === 'PRIMARY',
          );
          return (
            primary && [
              primary.taskDefinition,
              primary.rolloutState,
              primary.rolloutStateReason,
            ]
          );
        },
    },
  },
  'ecs update-service': {
    options: ['--cluster', '--service', '--task-definition'],
    run: ({ ecs }, values) =>
      ecs.send(
        new UpdateServiceCommand({
          cluster: values['--cluster'],
          service: values['--service'],
          taskDefinition: values['--task-definition'],
        }),
      ),
    queries: { '': ({ service }) => service.serviceArn },
  },
  'ecs list-service-deployments': {
    options: ['--cluster', '--service'],
    optional: ['--status'],
    run: ({ ecs }, values) =>
      ecs.send(
        new ListServiceDeploymentsCommand({
          cluster: values['--cluster'],
          service: values['--service'],
          ...(values['--status'] && {
            status: [oneOf(values['--status'], 'SUCCESSFUL')],
          }),
        }),
      ),
    queries: {
      'sort_by(serviceDeployments, &createdAt)[-1].[serviceDeploymentArn, targetServiceRevisionArn]':
        ({ serviceDeployments }) => {
          // Those of one moment stay as they are, which is newest first.
          const newest = [...serviceDeployments]
            .reverse()
            .sort((left, right) => left.createdAt - right.createdAt)
            .pop();
          return (
            newest && [
              newest.serviceDeploymentArn,
              newest.targetServiceRevisionArn,
            ]
          );
        },
      'serviceDeployments[].targetServiceRevisionArn': ({
        serviceDeployments,
      }) =>
        serviceDeployments.map(
          (one: { targetServiceRevisionArn: string }) =>
            one.targetServiceRevisionArn,
        ),
    },
  },
  'ecs describe-service-deployments': {
    options: ['--service-deployment-arns'],
    run: ({ ecs }, values) =>
      ecs.send(
        new DescribeServiceDeploymentsCommand({
          serviceDeploymentArns: [values['--service-deployment-arns']],
        }),
      ),
    queries: {
      'serviceDeployments[0].[status, lifecycleStage, statusReason]': ({
        serviceDeployments: [one],
      }) => one && [one.status, one.lifecycleStage, one.statusReason],
    },
  },
  'ecs stop-service-deployment': {
    options: ['--service-deployment-arn', '--stop-type'],
    run: ({ ecs }, values) =>
      ecs.send(
        new StopServiceDeploymentCommand({
          serviceDeploymentArn: values['--service-deployment-arn'],
          stopType: oneOf(values['--stop-type'], 'ROLLBACK'),
        }),
      ),
    queries: { '': ({ serviceDeploymentArn }) => serviceDeploymentArn },
  },
  'ecs describe-service-revisions': {
    options: ['--service-revision-arns'],
    run: ({ ecs }, values) =>
      ecs.send(
        new DescribeServiceRevisionsCommand({
          serviceRevisionArns: [values['--service-revision-arns']],
        }),
      ),
    queries: {
      'serviceRevisions[0].taskDefinition': ({ serviceRevisions }) =>
        serviceRevisions[0]?.taskDefinition,
    },
  },
  'ecs describe-task-definition': {
    options: ['--task-definition'],
    optional: ['--include'],
    run: ({ ecs }, values) =>
      ecs.send(
        new DescribeTaskDefinitionCommand({
          taskDefinition: values['--task-definition'],
          ...(values['--include'] && {
            include: [oneOf(values['--include'], 'TAGS')],
          }),
        }),
      ),
    queries: {
      "[tags[?key=='commit'] | [0].value, taskDefinition.containerDefinitions[?name=='sandbox-broker-api'] | [0].image]":
        answer => [
          tagOf(answer, 'commit'),
          imageOf(answer, 'sandbox-broker-api'),
        ],
      taskDefinition: ({ taskDefinition }) => taskDefinition,
      "[taskDefinition.status, tags[?key=='deploy-unverified'] | [0].value, taskDefinition.containerDefinitions[?name=='sandbox-broker-api'] | [0].image]":
        answer => [
          answer.taskDefinition.status,
          tagOf(answer, 'deploy-unverified'),
          imageOf(answer, 'sandbox-broker-api'),
        ],
      'taskDefinition.[taskDefinitionArn, family, status]': ({
        taskDefinition: { taskDefinitionArn, family, status },
      }) => [taskDefinitionArn, family, status],
    },
  },
  'ecs register-task-definition': {
    options: ['--cli-input-json'],
    run: ({ ecs }, values) =>
      ecs.send(
        new RegisterTaskDefinitionCommand(
          JSON.parse(privateFile(values['--cli-input-json'])),
        ),
      ),
    queries: {
      'taskDefinition.taskDefinitionArn': ({ taskDefinition }) =>
        taskDefinition.taskDefinitionArn,
    },
  },
  'ecs untag-resource': {
    options: ['--resource-arn', '--tag-keys'],
    run: ({ ecs }, values) =>
      ecs.send(
        new UntagResourceCommand({
          resourceArn: values['--resource-arn'],
          tagKeys: [values['--tag-keys']],
        }),
      ),
    queries: { '': () => undefined },
  },
  'ecs list-task-definitions': {
    options: ['--family-prefix', '--status', '--sort', '--max-results'],
    run: ({ ecs }, values) =>
      ecs.send(
        new ListTaskDefinitionsCommand({
          familyPrefix: values['--family-prefix'],
          status: oneOf(values['--status'], 'ACTIVE'),
          sort: oneOf(values['--sort'], 'DESC'),
          maxResults: Number(values['--max-results']),
        }),
      ),
    queries: {
      'taskDefinitionArns[]': ({ taskDefinitionArns }) => taskDefinitionArns,
    },
  },
  'ecr describe-images': {
    options: ['--repository-name', '--image-ids'],
    run: ({ ecr }, values) =>
      ecr.send(
        new DescribeImagesCommand({
          repositoryName: values['--repository-name'],
          imageIds: [{ imageTag: tagIn(values['--image-ids']) }],
        }),
      ),
    queries: {
      'imageDetails[0].imageDigest': ({ imageDetails }) =>
        imageDetails[0]?.imageDigest,
    },
  },
};

/** Takes arguments apart; throws a CallError for any that is not simulated. */
export function parseCall(argv: readonly string[]): Call {
  const command = argv.slice(0, 2).join(' ');
  const known = commandOf(command);
  const values: Values = {};
  for (let index = 2; index < argv.length; index += 2) {
    const [option, value] = argv.slice(index, index + 2);
    if (
      ![
        ...known.options,
        ...(known.optional ?? []),
        '--query',
        '--output',
      ].includes(option) ||
      value === undefined ||
      Object.hasOwn(values, option)
    ) {
      throw new CallError(`aws ${command}: ${option}: not simulated`);
    }
    values[option] = value;
  }
  const missing = [...known.options, '--output'].find(
    option => !values[option],
  );
  if (missing !== undefined) {
    throw new CallError(`aws ${command}: ${missing} is required`);
  }
  if (!Object.hasOwn(known.queries, values['--query'] ?? '')) {
    throw new CallError(`--query ${values['--query']}: not simulated`);
  }
  return { command, values };
}

/** Does what a call says, and selects what it asks for. */
export async function carryOut(
  { command, values }: Call,
  clients: Clients,
): Promise<unknown> {
  const { run, queries } = commandOf(command);
  return queries[values['--query'] ?? ''](await run(clients, values));
}

function commandOf(command: string): Command {
  if (!Object.hasOwn(commands, command)) {
    throw new CallError(`aws ${command}: not simulated`);
  }
  return commands[command];
}

function oneOf<Value extends string>(given: string, wanted: Value): Value {
  if (given !== wanted) {
    throw new CallError(`${given}: not simulated`);
  }
  return wanted;
}

function tagIn(text: string): string {
  const [, tag] = /^imageTag=([^,]+)$/.exec(text) ?? [];
  if (!tag) {
    throw new CallError(`--image-ids ${text}: not simulated`);
  }
  return tag;
}

function privateFile(address: string): string {
  const path = address.replace(/^file:\/\//, '');
  // eslint-disable-next-line no-bitwise
  if (path === address || (statSync(path).mode & 0o77) !== 0) {
    throw new CallError('A file that nobody else can read is wanted.');
  }
  return readFileSync(path, 'utf8');
}
