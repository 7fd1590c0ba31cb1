import { address, line, paths, variableName } from './pieces';

/** What must never be written down. */
const secret = {
  type: 'object',
  additionalProperties: false,
  required: ['secret'],
  properties: {
    secret: {
      ...variableName,
      description: 'Name of a secret at GitHub. Never the secret itself.',
    },
  },
} as const;

/**
 * JSON Schema of an environment's `deploy.kubernetes`.
 *
 * @internal
 */
export const kubernetesStageSchema = {
  type: 'object',
  description:
    'The cluster of the services whose target is kubernetes, and what is applied there besides their images. Either "cluster" or "kubeconfig".',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    cluster: {
      type: 'object',
      description:
        'A cluster of Amazon EKS, which the role "aws.deployRole" gets at.',
      additionalProperties: false,
      required: ['name', 'region'],
      properties: {
        name: {
          type: 'string',
          maxLength: 100,
          pattern: '^[0-9A-Za-z][A-Za-z0-9_-]*$',
          description: 'Its name.',
        },
        region: {
          type: 'string',
          pattern: '^[a-z]{2}(-[a-z]+)+-[0-9]$',
          description: 'AWS region, such as eu-central-1.',
        },
      },
    },
    kubeconfig: {
      ...secret,
      description: 'The kubeconfig of any other cluster.',
    },
    kubectl: {
      type: 'string',
      maxLength: 20,
      pattern: '^[0-9]+\\.[0-9]+\\.[0-9]+$',
      description:
        'Version of kubectl in quotes, at most one minor version from that of the cluster; the one of the machine unless said otherwise.',
    },
    manifests: {
      ...paths,
      description:
        'Files and directories, such as k8s/00-namespace.yml and k8s/production. With each service is applied what is called as its workload or has its name in the label app.kubernetes.io/name or app, and what has none; Secrets are refused.',
    },
  },
} as const;

/**
 * JSON Schema of `secrets` of a service environment's `deploy`.
 *
 * @internal
 */
export const kubernetesSecretsSchema = {
  type: 'array',
  minItems: 1,
  maxItems: 20,
  description:
    'Secrets of Kubernetes that are made of AWS Secrets Manager at each deployment. For kubernetes with a "cluster".',
  items: {
    type: 'object',
    description: 'A Secret.',
    additionalProperties: false,
    required: ['name', 'awsSecret'],
    properties: {
      name: {
        type: 'string',
        maxLength: 253,
        pattern: '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$',
        description: 'Its name in the namespace of the service.',
      },
      awsSecret: {
        type: 'string',
        maxLength: 512,
        pattern: '^[A-Za-z0-9/_+.@-]+$',
        description:
          'Name at AWS Secrets Manager: a JSON object of texts, each of which becomes a key.',
      },
    },
  },
} as const;

/**
 * JSON Schema of `metric` of a service environment's `deploy`.
 *
 * @internal
 */
export const canaryMetricSchema = {
  type: 'object',
  description:
    'A metric of Prometheus that a canary must not let rise, besides the errors in its log. For kubernetes with strategy: canary.',
  additionalProperties: false,
  required: ['url', 'query', 'maximum'],
  properties: {
    url: {
      ...address,
      description: 'Address of Prometheus, without /api/v1/query.',
    },
    query: {
      ...line,
      description:
        'PromQL whose largest value counts, such as a rate of errors. It has to have a value: without one the canary is taken back.',
    },
    maximum: {
      type: 'number',
      description: 'Largest value that is let pass.',
    },
    token: {
      ...secret,
      description: 'Bearer token that Prometheus asks for.',
    },
  },
} as const;
