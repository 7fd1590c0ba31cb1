import { Facts } from '../source/facts';
import { CommandView } from '../source/CommandView';
import { Leaf, Told } from '../types';
import { Book, StepRecogniser } from './types';

const CONTAINER_APP_OPTIONS = [
  '--name',
  '-n',
  '--resource-group',
  '-g',
  '--container-name',
  '--image',
  '-i',
  '--min-replicas',
  '--max-replicas',
  '--set-env-vars',
  '--replace-env-vars',
  '--env-vars',
  '--output',
  '-o',
  '--only-show-errors',
];

/** Azure Container Apps, by the command line or by Microsoft's action. */
export const containerApps: StepRecogniser = {
  concern: 'Azure Container Apps',
  recognise(step, { facts, accounts }) {
    for (const command of step.commands) {
      const number = command.place;
      if (
        command.is('az', 'containerapp', 'update') ||
        command.is('az', 'containerapp', 'up')
      ) {
        facts.add('targetType', command.told('azure-container-app'), number);
        facts.add('target.name', command.option('--name', '-n'), number);
        facts.add(
          'target.resourceGroup',
          command.option('--resource-group', '-g'),
          number,
        );
        facts.add(
          'target.container',
          command.option('--container-name'),
          number,
        );
        facts.add('image', command.option('--image', '-i'), number);
        facts.add(
          'target.minReplicas',
          numberOf(command.option('--min-replicas')),
          number,
        );
        facts.add(
          'target.maxReplicas',
          numberOf(command.option('--max-replicas')),
          number,
        );
        variablesOf(command.words, [command.leaf], facts, number);
        leftOver(command, CONTAINER_APP_OPTIONS, accounts);
      }
    }
    const { number } = step;
    const uses = step.at('uses');
    if (
      uses &&
      step.uses?.toLowerCase() === 'azure/container-apps-deploy-action'
    ) {
      facts.add(
        'targetType',
        { value: 'azure-container-app', leaves: [uses] },
        number,
      );
      facts.add('target.name', step.input('containerAppName'), number);
      facts.add('target.resourceGroup', step.input('resourceGroup'), number);
      facts.add('image', step.input('imageToDeploy'), number);
      facts.add('dockerfile', step.input('dockerfilePath'), number);
      facts.add('context', step.input('appSourcePath'), number);
      const variables = step.input('environmentVariables');
      if (variables) {
        const words = ['--set-env-vars', ...variables.value.split(/\s+/)];
        variablesOf(words, variables.leaves, facts, number);
      }
    }
  },
};

/** `NAME=value` behind the option that sets variables. */
function variablesOf(
  words: readonly string[],
  leaves: readonly Leaf[],
  facts: Facts,
  number: number,
): void {
  const start = words.findIndex(word =>
    ['--set-env-vars', '--replace-env-vars', '--env-vars'].includes(word),
  );
  for (const word of start < 0 ? [] : words.slice(start + 1)) {
    const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? [];
    if (name === undefined) {
      return;
    }
    facts.add('variable', { value: { name, value }, leaves }, number);
  }
}

/** Amazon ECS, by AWS's actions or by the command line. */
export const ecs: StepRecogniser = {
  concern: 'Amazon ECS',
  recognise(step, { facts, accounts }) {
    const { number } = step;
    const uses = step.at('uses');
    const inputs = (...names: string[]) =>
      names.flatMap(name => step.at('with', name) ?? []);
    if (uses && step.uses === 'aws-actions/amazon-ecs-render-task-definition') {
      facts.add('target.container', step.input('container-name'), number);
      accounts.kept(
        [uses, ...inputs('image')],
        'aws-ecs.sh registers the task definition that the service has, with the new image',
      );
      accounts.refuse(
        inputs('task-definition'),
        'a task definition in the repository; generated jobs take the one that the service has, and change its image',
        'Apply other changes of it by Terraform or by hand, and name its family as target.taskDefinition.',
      );
    }
    if (uses && step.uses === 'aws-actions/amazon-ecs-deploy-task-definition') {
      facts.add('targetType', { value: 'ecs', leaves: [uses] }, number);
      facts.add('target.cluster', step.input('cluster'), number);
      facts.add('target.service', step.input('service'), number);
      accounts.kept(
        inputs('wait-for-service-stability', 'task-definition'),
        'aws-ecs.sh registers the task definition, waits until ECS calls the deployment complete, and goes back otherwise',
      );
    }
    for (const command of step.commands) {
      if (command.is('aws', 'ecs', 'update-service')) {
        const { place } = command;
        const family = command.option('--task-definition');
        facts.add('targetType', command.told('ecs'), place);
        facts.add('target.cluster', command.option('--cluster'), place);
        facts.add('target.service', command.option('--service'), place);
        facts.add('target.region', command.option('--region'), place);
        facts.add(
          'target.taskDefinition',
          family && { ...family, value: family.value.replace(/:\d+$/, '') },
          place,
        );
        leftOver(
          command,
          [
            '--cluster',
            '--service',
            '--region',
            '--task-definition',
            '--output',
          ],
          accounts,
        );
      } else if (command.is('aws', 'ecs', 'wait', 'services-stable')) {
        accounts.kept(
          [command.leaf],
          'aws-ecs.sh waits until ECS calls the deployment complete',
        );
      }
    }
  },
};

/** Kubernetes, by kubectl. */
export const kubernetes: StepRecogniser = {
  concern: 'Kubernetes',
  recognise(step, { facts, accounts }) {
    if (step.uses === 'azure/setup-kubectl') {
      const told = step.input('version');
      const version = told && { ...told, value: told.value.replace(/^v/, '') };
      facts.add('kubectlVersion', version, step.number);
    }
    for (const command of step.commands) {
      if (command.is('kubectl') && command.words.includes('image')) {
        setImage(command, { facts, accounts });
      } else if (command.is('kubectl', 'rollout', 'status')) {
        accounts.kept(
          [command.leaf],
          'the portal and generated scripts wait until the rollout is through',
        );
      }
    }
  },
};

const WORKLOADS: Readonly<Record<string, string>> = {
  statefulset: 'StatefulSet',
  sts: 'StatefulSet',
  daemonset: 'DaemonSet',
  ds: 'DaemonSet',
};

/** `kubectl set image deployment/name container=image`, options anywhere. */
function setImage(command: CommandView, { facts, accounts }: Book): void {
  const { words, place: number } = command;
  const options = ['--namespace', '-n', '--context', '--kubeconfig'];
  const rest = words
    .map((word, at) => ({ word, at }))
    .slice(1)
    .filter(
      ({ word, at }) =>
        !word.startsWith('-') && !options.includes(words[at - 1]),
    );
  const [verb, noun, first, ...others] = rest;
  if (verb?.word !== 'set' || noun?.word !== 'image' || !first) {
    return;
  }
  const [kind, name] = first.word.split('/');
  const named = name === undefined ? others[0] : { word: name, at: first.at };
  const pairs = others.filter(({ word }) => word.includes('='));
  const [pair] = pairs;
  const workload = WORKLOADS[kind.toLowerCase().replace(/(?<=t)s$/, '')];
  facts.add('targetType', command.told('kubernetes'), number);
  facts.add('target.name', named && command.told(named.word, named.at), number);
  facts.add(
    'target.workload',
    workload ? command.told(workload, first.at) : undefined,
    number,
  );
  facts.add('target.namespace', command.option('--namespace', '-n'), number);
  if (pair) {
    const end = pair.word.indexOf('=');
    facts.add(
      'target.container',
      command.told(pair.word.slice(0, end), pair.at),
      number,
    );
    facts.add('image', command.told(pair.word.slice(end + 1), pair.at), number);
  }
  leftOver(command, ['--namespace', '-n', '--record'], accounts);
  if (pairs.length > 1) {
    accounts.refuse(
      [command.leaf],
      `further containers are not taken over: ${pairs
        .slice(1)
        .map(({ word }) => word.split('=')[0])
        .join(', ')}`,
      'A target has one container whose image changes; let the others come with the manifests.',
    );
  }
}

/** Whatever only this workflow reaches: a machine over SSH, or run-command of one at Azure. */
export const machines: StepRecogniser = {
  concern: 'machines, over SSH or run-command',
  recognise(step, { facts }) {
    const uses = step.at('uses');
    if (uses && /^appleboy\/(ssh|scp)-action$/.test(step.uses ?? '')) {
      facts.add(
        'targetType',
        { value: 'github-workflow', leaves: [uses] },
        step.number,
      );
    }
    for (const command of step.commands) {
      if (/^(ssh|scp|rsync)$/.test(command.words[0])) {
        facts.add('targetType', command.told('github-workflow'), command.place);
      } else if (command.is('az', 'vm', 'run-command')) {
        facts.add('targetType', command.told('azure-vm'), command.place);
        facts.add(
          'target.name',
          command.option('--name', '-n', '--vm-name'),
          command.place,
        );
        facts.add(
          'target.resourceGroup',
          command.option('--resource-group', '-g'),
          command.place,
        );
      }
    }
  },
};

function leftOver(
  command: CommandView,
  known: readonly string[],
  accounts: Book['accounts'],
): void {
  const further = command.furtherThan(...known);
  if (further.length > 0) {
    accounts.refuse(
      [command.leaf],
      `${further.join(' ')} is not taken over`,
      'Set it where the platform keeps it; generated jobs change the image and the variables, and nothing else.',
    );
  }
}

function numberOf(told: Told<string> | undefined): Told<number> | undefined {
  return told && { ...told, value: Number(told.value) };
}
