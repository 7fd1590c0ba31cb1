import { FactTypes } from '../source/facts';
import { settingOf } from '../source/scope';
import { StepView } from '../source/StepView';
import { Told } from '../types';
import { Book, StepRecogniser } from './types';

type Key = keyof FactTypes;

/** What the scripts of this tool are told by variables, by the script. Those with a target deploy. */
const SCRIPTS: Readonly<
  Record<string, { target?: string; variables: Readonly<Record<string, Key>> }>
> = {
  'azure-container-app.sh': {
    target: 'azure-container-app',
    variables: {
      APP: 'target.name',
      RESOURCE_GROUP: 'target.resourceGroup',
      CONTAINER: 'target.container',
      IMAGE: 'image',
      MIN_REPLICAS: 'target.minReplicas',
      MAX_REPLICAS: 'target.maxReplicas',
    },
  },
  'aws-ecr-image.sh': { variables: { REPOSITORY: 'target.repository' } },
  'aws-ecs.sh': {
    target: 'ecs',
    variables: {
      CLUSTER: 'target.cluster',
      SERVICE: 'target.service',
      FAMILY: 'target.taskDefinition',
      CONTAINER: 'target.container',
      STRATEGY: 'target.strategy',
      WATCH_MINUTES: 'watchMinutes',
      WATCH_SECONDS: 'watchSeconds',
      WATCH_FAILURES: 'watchFailures',
    },
  },
  'compose-ssh.sh': { target: 'github-workflow', variables: {} },
  'kubernetes.sh': {
    target: 'kubernetes',
    variables: {
      NAMESPACE: 'target.namespace',
      DEPLOYMENT: 'target.name',
      CONTAINER: 'target.container',
      CLUSTER: 'cluster',
      MANIFESTS: 'manifests',
      SECRETS: 'awsSecrets',
      CANARY_PERCENT: 'target.canary.percent',
      CANARY_MINUTES: 'target.canary.minutes',
      CANARY_MAX_ERRORS: 'target.canary.maxErrors',
      CANARY_LOG_ENTRIES: 'target.canary.logEntries',
      KUBECONFIG_CONTENT: 'kubeconfig',
      METRIC_URL: 'metricUrl',
      METRIC_QUERY: 'metricQuery',
      METRIC_MAXIMUM: 'metricMaximum',
      METRIC_TOKEN: 'metricToken',
    },
  },
  'image-find.sh': {
    variables: {
      REPOSITORY: 'imageRepository',
      TAGS: 'imageTags',
      VERSION_FILE: 'versionFile',
      VERSION_PATTERN: 'versionPattern',
    },
  },
  'image-scan.sh': { variables: { SEVERITIES: 'scanSeverities' } },
  'azure-vm-release.sh': {
    target: 'azure-vm',
    variables: {
      resource_group: 'target.resourceGroup',
      vm: 'target.name',
      storage_account: 'storageAccount',
      container: 'storageContainer',
      paths: 'include',
      directory: 'target.release.directory',
      unit: 'target.release.unit',
      keep: 'target.release.keep',
      environment_file: 'target.release.environmentFile',
      health_url: 'target.health.url',
      health_statuses: 'verifyStatuses',
      key_variable: 'target.health.keyVariable',
      key_header: 'target.health.keyHeader',
      udp_port: 'target.health.udpPort',
    },
  },
  'azure-vm-config-file.sh': {
    target: 'azure-vm',
    variables: {
      resource_group: 'target.resourceGroup',
      vm: 'target.name',
      source: 'target.configFile.source',
      path: 'target.configFile.path',
      backup_directory: 'target.configFile.backupDirectory',
      owner: 'target.configFile.owner',
      reload: 'target.configFile.reload',
    },
  },
  'verify-http.sh': { variables: {} },
  'image-size.sh': { variables: { MAXIMUM_BYTES: 'maximumBytes' } },
  'terraform-plan.sh': {
    variables: { TERRAFORM_DIRECTORY: 'terraformDirectory' },
  },
  'report-evidence.sh': {
    variables: {
      PORTAL: 'portal',
      AUDIENCE: 'audience',
      ENTITIES: 'entities',
      SUITE: 'suite',
      ENVIRONMENT: 'reportEnvironment',
      MODE: 'reportMode',
    },
  },
};

const VERIFICATION: Readonly<Record<string, Key>> = {
  VERIFY_URL: 'verifyUrl',
  VERIFY_STATUSES: 'verifyStatuses',
  VERIFY_ATTEMPTS: 'verifyAttempts',
  VERIFY_SECONDS: 'verifySeconds',
};

const NUMBERS: readonly string[] = [
  'target.minReplicas',
  'target.maxReplicas',
  'target.release.keep',
  'target.health.udpPort',
  'target.canary.percent',
  'target.canary.minutes',
  'target.canary.maxErrors',
  'target.canary.logEntries',
  'verifyAttempts',
  'verifySeconds',
  'maximumBytes',
  'watchMinutes',
  'watchSeconds',
  'watchFailures',
  'metricMaximum',
];

/** Names of secrets, and not what is in them. */
const SECRETS: readonly string[] = ['kubeconfig', 'metricToken'];

/** What scripts are told that go back, or take back: they deploy nothing. */
const BACK = ['back', 'cancelled', 'images'];

/** The scripts that generated workflows call. */
export const generatedScripts: StepRecogniser = {
  concern: 'scripts of deploy-pipeline',
  recognise(step, { facts, accounts }) {
    const { script, number } = step;
    const known = script && SCRIPTS[script.name];
    if (!script || !known) {
      resultsOf(step, facts);
      return;
    }
    for (const [name, key] of Object.entries({
      ...known.variables,
      ...VERIFICATION,
    })) {
      const told = step.variable(name);
      if (told?.value === '') {
        // Such as the column of a matrix whose other legs have a value.
        accounts.kept(told.leaves, 'empty, which is as if it was not there');
      } else {
        facts.add(key, converted(key, told), number);
      }
    }
    for (const leaf of step.under('env')) {
      const name = /^(?:SETTING|SECRET)_(.+)$/.exec(leaf.path[5])?.[1];
      const told = step.variable(leaf.path[5]);
      if (name && told) {
        const value = { name, value: told.value };
        facts.add('variable', { ...told, value }, number);
      }
    }
    if (script.words[0] === 'rollback') {
      facts.add('rollback', { value: true, leaves: [script.leaf] }, number);
    } else if (known.target && !BACK.includes(script.words[0])) {
      const told = { value: known.target, leaves: [script.leaf] };
      facts.add('targetType', told, number);
    }
    if (script.name === 'kubernetes.sh') {
      const percent = step.variable('CANARY_PERCENT');
      const told = percent && { ...percent, value: 'canary' };
      facts.add('target.strategy', told, number);
    }
    if (script.name === 'terraform-plan.sh') {
      const told = { value: true as const, leaves: [script.leaf] };
      facts.add('terraformPlan', told, number);
    }
  },
};

function resultsOf(step: StepView, facts: Book['facts']): void {
  const url = step.variable('RESULTS_URL');
  const key = step.variable('RESULTS_KEY');
  if (step.script?.name === 'post-results.sh' && url && key) {
    facts.add('results', { ...url, value: { url: url.value } }, step.number);
    facts.add('results', { ...key, value: { key: key.value } }, step.number);
  }
}

function converted(
  key: string,
  told: Told<string> | undefined,
): Told<never> | undefined {
  if (told && SECRETS.includes(key)) {
    const setting = settingOf(told.value);
    return typeof setting === 'object' && setting.secret
      ? { ...told, value: setting.secret as never }
      : undefined;
  }
  // Whoever starts the workflow may say another share of a canary.
  const usual = /\|\|\s*'(\d+)'/.exec(told?.value ?? '')?.[1];
  if (!told || !NUMBERS.includes(key)) {
    return told as Told<never> | undefined;
  }
  const value = Number(usual ?? told.value);
  return Number.isFinite(value)
    ? { ...told, value: value as never }
    : undefined;
}
