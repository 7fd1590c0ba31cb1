import { isPlain } from '../source/scope';
import { StepView } from '../source/StepView';
import { Leaf, Told } from '../types';
import { scanStep, ScanPart } from './scanSteps';

/** What one step of a job of tests is there for. */
export type TestStep =
  /** Needs no word: the generator knows when it takes one. */
  | { kind: 'frame' }
  /** Logs in to a registry, which only a scan of images has to. */
  | { kind: 'registry' }
  | { kind: 'tool'; tool: Tool; version: Told<string> }
  | { kind: 'cargo'; programs: Told<string[]> }
  | { kind: 'rust-cache'; leaves: readonly Leaf[] }
  | { kind: 'compose'; files: Told<string[]> }
  | { kind: 'system'; packages: Told<string[]> }
  | { kind: 'scan'; part: ScanPart }
  | Run;

export type Tool = 'python' | 'node' | 'rust' | 'k6' | 'kubectl' | 'terraform';

/** A command, which is an installation if nothing but that comes before it. */
export interface Run {
  kind: 'run';
  step: StepView;
  /** In one line; undefined for one that only installs can be. */
  text?: string;
  leaves: readonly Leaf[];
}

const TOOLS: Readonly<Record<string, readonly [Tool, string]>> = {
  'actions/setup-python': ['python', 'python-version'],
  'actions/setup-node': ['node', 'node-version'],
  'dtolnay/rust-toolchain': ['rust', 'toolchain'],
  'grafana/setup-k6-action': ['k6', 'k6-version'],
  'azure/setup-kubectl': ['kubectl', 'version'],
  'hashicorp/setup-terraform': ['terraform', 'terraform_version'],
};

const FRAME = ['azure/login', 'tailscale/github-action'];

const REGISTRIES = [
  'docker/login-action',
  'aws-actions/configure-aws-credentials',
  'aws-actions/amazon-ecr-login',
];

/** Scripts that tests of `deploy.yaml` call besides their commands. */
const SCRIPTS = ['verify-http.sh', 'report-evidence.sh', 'post-results.sh'];

const KEYS = ['name', 'id', 'if', 'uses', 'with', 'env', 'run', 'shell'];

/** What is done whatever became of the tests. */
const AFTERWARDS = /^(!\s*cancelled\(\)|always\(\)|failure\(\))/;

/** What a step is there for; undefined for one that `spec.tests` has no word for. */
export function testStep(step: StepView): TestStep | undefined {
  const keys = new Set(step.under().map(({ path }) => path[4]));
  if (step.uses === 'actions/upload-artifact') {
    // What cannot be kept has failed no test.
    keys.delete('continue-on-error');
  }
  const condition = String(step.at('if')?.value ?? '');
  if ([...keys].some(key => ![...KEYS, 'working-directory'].includes(key))) {
    return undefined;
  }
  const found =
    scanStep(step) ?? (step.uses ? ofAction(step) : ofScript(step, condition));
  const isFree = found?.kind === 'frame' || found?.kind === 'scan';
  return condition === '' || (isFree && AFTERWARDS.test(condition))
    ? found
    : undefined;
}

function ofAction(step: StepView): TestStep | undefined {
  const { uses = '' } = step;
  const [tool, input] = TOOLS[uses] ?? [];
  if (tool && input) {
    const version = plainly(step.input(input));
    return (
      version && {
        kind: 'tool',
        tool,
        version: {
          ...version,
          value: version.value.replace(/^v(?=\d)|\.x$/g, ''),
        },
      }
    );
  }
  if (uses === 'actions/checkout') {
    const usual = ['persist-credentials', 'fetch-depth', 'ref'];
    return step.under('with').every(({ path }) => usual.includes(path[5]))
      ? { kind: 'frame' }
      : undefined;
  }
  if (uses === 'taiki-e/install-action') {
    const programs = plainly(step.input('tool'));
    return (
      programs && {
        kind: 'cargo',
        programs: { ...programs, value: programs.value.split(/[\s,]+/) },
      }
    );
  }
  if (uses === 'Swatinem/rust-cache') {
    return { kind: 'rust-cache', leaves: step.under() };
  }
  if (uses === 'actions/upload-artifact') {
    // What is kept only if all went well is something that was built.
    return step.at('if') ? { kind: 'frame' } : undefined;
  }
  if (REGISTRIES.includes(uses)) {
    return { kind: 'registry' };
  }
  return FRAME.includes(uses) ? { kind: 'frame' } : undefined;
}

function ofScript(step: StepView, condition: string): TestStep | undefined {
  const leaves = step.under('run');
  const text = (step.at('run')?.node.text ?? '').trim();
  if (text === '' || leaves.some(({ secrets }) => secrets)) {
    // What holds a secret is no command to take over.
    return undefined;
  }
  if (step.script) {
    return SCRIPTS.includes(step.script.name) ? { kind: 'frame' } : undefined;
  }
  if (/^az acr login --name "\$\{REGISTRY%%\.\*\}"$/.test(text)) {
    return { kind: 'registry' };
  }
  if (AFTERWARDS.test(condition)) {
    return /^docker compose .*( logs .*> *compose\.log| down\b.*)$/.test(text)
      ? { kind: 'frame' }
      : undefined;
  }
  return (
    composeUp(step) ??
    systemPackages(step) ?? {
      kind: 'run',
      step,
      leaves,
      ...(!text.includes('\n') && !text.includes('${{') && { text }),
    }
  );
}

/** Services that run meanwhile. */
function composeUp(step: StepView): TestStep | undefined {
  const [command, ...rest] = step.commands;
  if (
    rest.length > 0 ||
    !command?.is('docker', 'compose') ||
    !command.words.includes('up') ||
    !command.words.some(word => word === '--detach' || word === '-d')
  ) {
    return undefined;
  }
  const files = command.options('--file', '-f').map(({ value }) => value);
  return {
    kind: 'compose',
    files: command.told(files.length > 0 ? files : ['docker-compose.yml']),
  };
}

function systemPackages(step: StepView): TestStep | undefined {
  const isApt = ({ words }: { words: readonly string[] }) =>
    /^apt(-get)?$/.test(words.find(word => word !== 'sudo') ?? '');
  const { commands } = step;
  const install = commands.find(({ words }) => words.includes('install'));
  if (!install || !commands.every(isApt)) {
    return undefined;
  }
  const { words } = install;
  return {
    kind: 'system',
    packages: {
      value: words
        .slice(words.indexOf('install') + 1)
        .filter(word => !word.startsWith('-')),
      leaves: step.under('run'),
    },
  };
}

/** Only what is written down, and means what it seems to. */
function plainly(told: Told<string> | undefined): Told<string> | undefined {
  return told &&
    isPlain(told.value) &&
    !told.leaves.some(({ surprise }) => surprise)
    ? told
    : undefined;
}
