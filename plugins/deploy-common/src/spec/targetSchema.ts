const connection = {
  type: 'string',
  minLength: 1,
  maxLength: 63,
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$',
  description:
    'Name of a connection configured in the portal that may reach the platform. A name only, never a credential.',
} as const;

const containerName = {
  type: 'string',
  minLength: 1,
  maxLength: 255,
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$',
  description:
    'Name of the container, where several run side by side: letters, digits, dots, hyphens and underscores.',
} as const;

/**
 * As Azure has it (https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules), and so that
 * no command takes it for an option.
 */
const azureResourceGroup = {
  type: 'string',
  minLength: 1,
  maxLength: 90,
  pattern: '^(?!-)[\\p{L}\\p{Nd}_().-]*[\\p{L}\\p{Nd}_()-]$',
  description:
    'Name of the Azure resource group: letters, digits, _ - . ( and ), no hyphen at the beginning and no dot at the end.',
} as const;

const dispatchInput = '^[A-Za-z_][A-Za-z0-9_-]*$';

const absoluteFilePath = '^/[^\\u0000-\\u001f]*[^/\\u0000-\\u001f]$';

const canarySchema = {
  type: 'object',
  description:
    'How the canary is watched: 10 % for 5 minutes, and at most 5 errors in 100 log entries, unless said otherwise. Only with strategy: canary.',
  additionalProperties: false,
  properties: {
    percent: {
      type: 'integer',
      minimum: 1,
      maximum: 99,
      description: 'Share of the traffic that the canary gets first.',
    },
    minutes: {
      type: 'integer',
      minimum: 1,
      maximum: 1440,
      description: 'How long the canary is watched.',
    },
    maxErrors: {
      type: 'integer',
      minimum: 0,
      maximum: 100000,
      description: 'More errors than this in the log end the canary.',
    },
    logEntries: {
      type: 'integer',
      minimum: 1,
      maximum: 100000,
      description: 'How many of the newest log entries are looked at.',
    },
  },
} as const;

const canaryStrategy = {
  enum: ['rolling', 'canary'],
  description: 'How a release comes in, rolling unless said otherwise.',
} as const;

/** An Azure Container App; its unit is the revision. */
const azureContainerAppSchema = {
  type: 'object',
  description: 'An Azure Container App.',
  additionalProperties: false,
  required: ['type', 'resourceGroup', 'name'],
  properties: {
    type: {
      const: 'azure-container-app',
      description: 'Kind of target: an Azure Container App.',
    },
    connection,
    resourceGroup: azureResourceGroup,
    name: {
      type: 'string',
      minLength: 1,
      maxLength: 63,
      pattern: '^[A-Za-z0-9][A-Za-z0-9-]*$',
      description: 'Name of the Container App: letters, digits and hyphens.',
    },
    container: containerName,
    image: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      pattern:
        '^[A-Za-z0-9][A-Za-z0-9._-]*(:[0-9]+(?=/))?(/[A-Za-z0-9][A-Za-z0-9._-]*)*$',
      description:
        'Image repository without tag or digest, such as registry.example.test/vvp-issuer.',
    },
    minReplicas: {
      type: 'integer',
      minimum: 0,
      maximum: 1000,
      description: 'Fewest replicas that run.',
    },
    maxReplicas: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      description: 'Most replicas that run.',
    },
    strategy: canaryStrategy,
    canary: canarySchema,
  },
} as const;

const releaseDirectorySchema = {
  type: 'object',
  description:
    'Releases as versioned directories with a symbolic link to the current one.',
  additionalProperties: false,
  required: ['directory', 'unit'],
  properties: {
    directory: {
      type: 'string',
      maxLength: 255,
      pattern: absoluteFilePath,
      description:
        'Absolute directory on the machine that holds releases/<commit> and the link current, such as /opt/vvp/sip-redirect.',
    },
    unit: {
      type: 'string',
      maxLength: 255,
      pattern: '^[A-Za-z0-9:_.@][A-Za-z0-9:_.@-]*\\.service$',
      description: 'systemd unit to restart, such as vvp-sip-redirect.service.',
    },
    environmentFile: {
      type: 'string',
      maxLength: 255,
      pattern: absoluteFilePath,
      description:
        'Absolute path of the environment file of the unit, such as /etc/vvp/sip-redirect.env.',
    },
    keep: {
      type: 'integer',
      minimum: 2,
      maximum: 100,
      description: 'How many releases stay on the machine.',
    },
  },
} as const;

const configFileSchema = {
  type: 'object',
  description: 'One configuration file with timestamped backups.',
  additionalProperties: false,
  required: ['source', 'path', 'backupDirectory'],
  properties: {
    source: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      description: 'Path of the file in the repository, relative to its root.',
    },
    path: {
      type: 'string',
      maxLength: 255,
      pattern: absoluteFilePath,
      description: 'Absolute path of the file on the machine.',
    },
    backupDirectory: {
      type: 'string',
      maxLength: 255,
      pattern: absoluteFilePath,
      description: 'Absolute directory on the machine that keeps the backups.',
    },
    owner: {
      type: 'string',
      maxLength: 65,
      pattern: '^[a-z_][a-z0-9_-]*(:[a-z_][a-z0-9_-]*)?$',
      description:
        'User and group that own the file, such as www-data:www-data; those of the file that is there unless said otherwise.',
    },
    reload: {
      enum: ['freeswitch-xml'],
      description:
        "What makes the machine read the file again: freeswitch-xml runs fs_cli -x 'reloadxml'.",
    },
  },
} as const;

/** An Azure virtual machine, driven by run-command. */
const azureVirtualMachineSchema = {
  type: 'object',
  description:
    'An Azure virtual machine: releases in directories, or one configuration file.',
  additionalProperties: false,
  required: ['type', 'resourceGroup', 'name'],
  properties: {
    type: {
      const: 'azure-vm',
      description: 'Kind of target: an Azure virtual machine.',
    },
    connection,
    resourceGroup: azureResourceGroup,
    name: {
      type: 'string',
      minLength: 1,
      maxLength: 64,
      pattern: '^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9_])?$',
      description:
        'Name of the virtual machine: letters, digits, hyphens, dots and underscores, a letter or digit first, and no dot or hyphen at the end.',
    },
    release: releaseDirectorySchema,
    configFile: configFileSchema,
    health: {
      type: 'object',
      description: 'How to see on the machine that the service is up.',
      additionalProperties: false,
      minProperties: 1,
      properties: {
        url: {
          type: 'string',
          maxLength: 2048,
          pattern: '^https?://',
          description: 'http or https address that answers 200.',
        },
        keyVariable: {
          type: 'string',
          maxLength: 128,
          pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
          description:
            'Variable in release.environmentFile whose value is sent with the request. It is read on the machine and never leaves it.',
        },
        keyHeader: {
          type: 'string',
          maxLength: 128,
          pattern: '^[A-Za-z0-9][A-Za-z0-9-]*$',
          description:
            'Header that the key is sent in, X-API-Key unless said otherwise.',
        },
        udpPort: {
          type: 'integer',
          minimum: 1,
          maximum: 65535,
          description: 'UDP port that something listens on.',
        },
      },
    },
  },
} as const;

/** A workload in a Kubernetes cluster. */
const kubernetesSchema = {
  type: 'object',
  description: 'A workload in a Kubernetes cluster.',
  additionalProperties: false,
  required: ['type', 'namespace', 'name'],
  properties: {
    type: {
      const: 'kubernetes',
      description: 'Kind of target: a workload in a Kubernetes cluster.',
    },
    connection,
    namespace: {
      type: 'string',
      maxLength: 63,
      pattern: '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$',
      description: 'Namespace of the workload.',
    },
    workload: {
      enum: ['Deployment', 'StatefulSet', 'DaemonSet'],
      description: 'Kind of the workload, Deployment unless said otherwise.',
    },
    name: {
      type: 'string',
      maxLength: 253,
      pattern: '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$',
      description: 'Name of the workload.',
    },
    container: containerName,
    strategy: canaryStrategy,
    canary: canarySchema,
  },
} as const;

/** A service of Amazon ECS. */
const ecsSchema = {
  type: 'object',
  description: 'A service of Amazon ECS.',
  additionalProperties: false,
  required: ['type', 'region', 'cluster', 'service'],
  properties: {
    type: {
      const: 'ecs',
      description: 'Kind of target: a service of Amazon ECS.',
    },
    connection,
    region: {
      type: 'string',
      pattern: '^[a-z]{2}(-[a-z]+)+-[0-9]$',
      description: 'AWS region, such as eu-central-1.',
    },
    cluster: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      description: 'Name of the ECS cluster.',
    },
    service: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      description: 'Name of the ECS service.',
    },
    taskDefinition: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      pattern: '^[A-Za-z0-9_][A-Za-z0-9_-]*$',
      description: 'Family of the task definition, without revision.',
    },
    container: containerName,
    repository: {
      type: 'string',
      minLength: 2,
      maxLength: 256,
      pattern: '^[a-z0-9]+([._/-][a-z0-9]+)*$',
      description:
        'ECR repository of its images, in its account and region, for generated workflows.',
    },
    strategy: {
      enum: ['rolling', 'blue-green'],
      description: 'How a release comes in, rolling unless said otherwise.',
    },
  },
} as const;

/** Whatever a workflow deploys to: the workflow is the only way in. */
const githubWorkflowSchema = {
  type: 'object',
  description:
    'A platform that only a GitHub workflow reaches, such as docker compose over SSH.',
  additionalProperties: false,
  required: ['type', 'workflow'],
  properties: {
    type: {
      const: 'github-workflow',
      description: 'Kind of target: whatever the workflow deploys to.',
    },
    workflow: {
      type: 'string',
      maxLength: 255,
      pattern: '^(?!-)[^/\\\\\\u0000-\\u001f]+\\.ya?ml$',
      description:
        'File name of the workflow in .github/workflows, such as deploy.yml.',
    },
    ref: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      description:
        'Branch or tag to dispatch the workflow on, the default branch unless said otherwise.',
    },
    inputs: {
      type: 'object',
      description: 'Fixed inputs of the dispatch, all of them text.',
      maxProperties: 25,
      propertyNames: {
        maxLength: 255,
        pattern: dispatchInput,
        description:
          'Name of an input: letters, digits, _ and -, a letter or _ first.',
      },
      additionalProperties: {
        type: 'string',
        maxLength: 1024,
        description: 'Value of the input, in quotes.',
      },
    },
    releaseInput: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      pattern: dispatchInput,
      description:
        'Name of the input that takes the version or commit to deploy: letters, digits, _ and -, a letter or _ first.',
    },
    releaseValue: {
      enum: ['commit', 'version'],
      description:
        'What releaseInput takes, the full SHA of the commit unless said otherwise.',
    },
  },
} as const;

/** A platform that another module of the portal brings. */
const customSchema = {
  type: 'object',
  description: 'A platform that a module of your own drives.',
  additionalProperties: false,
  required: ['type', 'platform', 'settings'],
  properties: {
    type: {
      const: 'custom',
      description: 'Kind of target: one that a module of your own brings.',
    },
    platform: {
      type: 'string',
      maxLength: 63,
      pattern: '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$',
      description: 'Name of the platform, as the module calls it.',
    },
    connection,
    settings: {
      type: 'object',
      description:
        'What the module needs to know of the environment; it checks them itself. Never a secret.',
      maxProperties: 50,
      propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9_-]*$' },
      additionalProperties: {
        type: ['string', 'number', 'boolean'],
        maxLength: 2048,
        description: 'Value of the setting.',
      },
    },
  },
} as const;

/**
 * JSON Schema of `target`, told apart by `type`.
 */
export const targetSchema = {
  type: 'object',
  description: 'The platform that the environment runs on.',
  required: ['type'],
  discriminator: { propertyName: 'type' },
  oneOf: [
    azureContainerAppSchema,
    azureVirtualMachineSchema,
    kubernetesSchema,
    ecsSchema,
    githubWorkflowSchema,
    customSchema,
  ],
} as const;
