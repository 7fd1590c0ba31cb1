import { posix } from 'node:path';
import { CommandView } from '../source/CommandView';
import { StepView } from '../source/StepView';
import { Book, StepRecogniser } from './types';

const SETUPS: Readonly<
  Record<string, readonly ['python' | 'typescript' | 'rust', string]>
> = {
  'actions/setup-python': ['python', 'python-version'],
  'actions/setup-node': ['typescript', 'node-version'],
  'dtolnay/rust-toolchain': ['rust', 'toolchain'],
};

/** Packages that a generated job of tests installs by itself, or that pip is brought up to date with. */
const OWN_PACKAGES = ['pytest', 'pytest-cov', 'pip', 'wheel', 'setuptools'];

const PYTEST_OPTIONS = [
  '-m',
  '--cov',
  '--cov-report',
  '--cov-fail-under',
  '--junitxml',
  '--junit-xml',
  '-v',
  '-vv',
  '-q',
  '--verbose',
  '--tb',
];

/** The language, by the action that sets it up. */
export const languages: StepRecogniser = {
  concern: 'set-up of languages',
  recognise(step, { facts, accounts }) {
    const setup = SETUPS[step.uses ?? ''];
    const uses = step.at('uses');
    if (!setup || !uses) {
      return;
    }
    const [language, input] = setup;
    const version = step.input(input);
    facts.add('language', { value: language, leaves: [uses] }, step.number);
    facts.add(
      'languageVersion',
      version && { ...version, value: version.value.replace(/\.x$/, '') },
      step.number,
    );
    accounts.refuse(
      ['cache', 'cache-dependency-path'].flatMap(
        name => step.at('with', name) ?? [],
      ),
      'generated jobs of tests keep no packages from run to run',
      'Leave it: it makes tests faster, and nothing else.',
    );
  },
};

/** What is installed by pip, npm and apt. */
export const installation: StepRecogniser = {
  concern: 'installation of packages',
  recognise(step, book) {
    for (const command of step.commands) {
      const words = command.words.filter(word => word !== 'sudo');
      const isApt = /^apt(-get)?$/.test(words[0]);
      const packages = afterPip(words);
      if (packages) {
        installed(step, command, packages, book);
      } else if (isApt && words.includes('install')) {
        words.slice(words.indexOf('install') + 1).forEach(value => {
          if (!value.startsWith('-')) {
            book.facts.add('systemPackage', command.told(value), step.number);
          }
        });
      } else if (isApt && words.includes('update')) {
        book.accounts.kept(
          [command.leaf],
          'done before packages are installed',
        );
      } else if (words[0] === 'npm' && /^(ci|i|install)$/.test(words[1])) {
        words.slice(2).forEach(value => {
          if (!value.startsWith('-')) {
            book.facts.add('package', command.told(value), step.number);
          }
        });
        if (words[1] === 'ci') {
          book.facts.add('localPackage', step.directory, step.number);
        }
        book.accounts.kept(
          [command.leaf],
          'generated jobs of tests run npm ci',
        );
      }
    }
  },
};

/** What follows `pip install`, however pip is called. */
function afterPip(words: readonly string[]): string[] | undefined {
  const at = words.findIndex(
    (word, index) => /^pip3?$/.test(word) && words[index + 1] === 'install',
  );
  const isPip =
    at === 0 || (at === 2 && /^python3?$/.test(words[0]) && words[1] === '-m');
  return isPip ? words.slice(at + 2) : undefined;
}

function installed(
  step: StepView,
  command: CommandView,
  words: readonly string[],
  { facts, accounts }: Book,
): void {
  const inside = (path: string) =>
    posix.join(step.directory?.value ?? '.', path).replace(/(.)\/$/, '$1');
  const local = command.options('--editable', '-e');
  const requirements = command.options('--requirement', '-r');
  for (const { value, leaves } of local) {
    const told = { value: inside(value), leaves };
    facts.add('localPackage', told, step.number);
  }
  for (const { value, leaves } of requirements) {
    const told = { value: inside(value), leaves };
    facts.add('requirements', told, step.number);
  }
  const named = [...local, ...requirements].map(({ value }) => value);
  const others = words.filter(
    word => !word.startsWith('-') && !named.includes(word),
  );
  for (const value of others) {
    if (/^\.(\/|$|\[)/.test(value)) {
      const path = value.replace(/\[.*$/, '');
      facts.add('localPackage', command.told(inside(path)), step.number);
    } else if (!OWN_PACKAGES.includes(value)) {
      facts.add('package', command.told(value), step.number);
    }
  }
  if (named.length === 0 && others.every(word => OWN_PACKAGES.includes(word))) {
    accounts.kept(
      [command.leaf],
      'generated jobs of tests install what they run with',
    );
  }
  leftOver(
    command,
    ['-e', '--editable', '-r', '--requirement', '-m', '-U', '--upgrade', '-q'],
    accounts,
  );
}

/** Runs of tests, with what they ask of coverage. */
export const tests: StepRecogniser = {
  concern: 'tests and their thresholds',
  recognise(step, { facts, accounts }) {
    const { number } = step;
    for (const command of step.commands) {
      const start = pytestIn(command.words);
      const isNpm =
        command.is('npm', 'test') ||
        command.is('npm', 't') ||
        command.is('npm', 'run', 'test');
      if (start === undefined && !isNpm) {
        continue;
      }
      const folders = start === undefined ? [] : foldersOf(command, start);
      facts.add('testRun', command.told(folders[0] ?? ''), number);
      facts.add(
        'language',
        command.told(isNpm ? 'typescript' : 'python'),
        number,
      );
      facts.add('testDirectory', step.directory ?? command.told('.'), number);
      if (isNpm) {
        leftOver(command, [], accounts);
      } else {
        facts.add('coverageSource', command.option('--cov'), number);
        const markers = command.words.indexOf('-m', start);
        facts.add(
          'select',
          markers < 0
            ? undefined
            : command.told(command.words[markers + 1], markers + 1),
          number,
        );
        leftOver(command, PYTEST_OPTIONS, accounts, folders.slice(1));
      }
      const minimum =
        command.option('--cov-fail-under') ?? step.variable('COVERAGE_MINIMUM');
      facts.add(
        'coverageMinimum',
        minimum && { ...minimum, value: Number(minimum.value) },
        number,
      );
      for (const leaf of step.under('env')) {
        const name = leaf.path[5];
        const told = step.variable(name);
        if (told && name !== 'COVERAGE_MINIMUM') {
          const value = { name, value: told.value };
          facts.add('testVariable', { ...told, value }, number);
        }
      }
    }
  },
};

/** Runs of tests of Rust. */
export const rustTests: StepRecogniser = {
  concern: 'tests of Rust',
  recognise(step, { facts, accounts }) {
    const { number } = step;
    for (const command of step.commands) {
      const measures = command.is('cargo', 'tarpaulin');
      if (measures || command.is('cargo', 'test')) {
        const minimum = command.option('--fail-under');
        const source = command.option('--include-files');
        facts.add('testRun', command.told(''), number);
        facts.add('language', command.told('rust' as const), number);
        facts.add('testDirectory', step.directory ?? command.told('.'), number);
        facts.add(
          'coverageMinimum',
          minimum && { ...minimum, value: Number(minimum.value) },
          number,
        );
        facts.add(
          'coverageSource',
          source && { ...source, value: source.value.replace(/\/\*+$/, '') },
          number,
        );
        leftOver(
          command,
          [
            '--locked',
            '--out',
            '--output-dir',
            '--include-files',
            '--fail-under',
          ],
          accounts,
        );
      }
    }
  },
};

/** Where the arguments of pytest begin, if it is pytest. */
function pytestIn(words: readonly string[]): number | undefined {
  if (/(^|\/)(pytest|py\.test)$/.test(words[0])) {
    return 1;
  }
  return /^python3?$/.test(words[0]) &&
    words[1] === '-m' &&
    words[2] === 'pytest'
    ? 3
    : undefined;
}

/** Directories and files of tests that are named, before or after the options. */
function foldersOf({ words }: CommandView, start: number): string[] {
  return words
    .slice(start)
    .filter(
      (word, index, all) =>
        !word.startsWith('-') &&
        !['-m', '-k', '-n', '-c', '--cov-fail-under', '--tb'].includes(
          all[index - 1],
        ),
    );
}

/** Names what a command says besides. */
function leftOver(
  command: CommandView,
  known: readonly string[],
  accounts: Book['accounts'],
  words: readonly string[] = [],
): void {
  const further = [...command.furtherThan(...known), ...words];
  if (further.length > 0) {
    accounts.refuse(
      [command.leaf],
      `${further.join(' ')} is not taken over`,
      'Say it where the tool itself is configured, such as pyproject.toml or package.json.',
    );
  }
}

/** What tests need around them, and what is kept of them. */
export const aroundTests: StepRecogniser = {
  concern: 'compose, waiting and artifacts of tests',
  recognise(step, { facts }) {
    const { number } = step;
    for (const command of step.commands) {
      const isCompose =
        command.is('docker-compose') || command.is('docker', 'compose');
      if (isCompose && command.words.includes('up')) {
        const files = command.options('--file', '-f');
        const usual = [command.told('docker-compose.yml')];
        (files.length > 0 ? files : usual).forEach(file =>
          facts.add('compose', file, number),
        );
      }
    }
    const url = step.variable('VERIFY_URL');
    if (step.script?.name === 'verify-http.sh' && url) {
      const attempts = step.variable('VERIFY_ATTEMPTS');
      const pause = step.variable('VERIFY_SECONDS');
      const seconds = Number(attempts?.value) * Number(pause?.value);
      const leaves = [url, attempts, pause].flatMap(one => one?.leaves ?? []);
      facts.add('wait', { value: { url: url.value, seconds }, leaves }, number);
    }
    if (step.uses === 'actions/upload-artifact') {
      const days = step.input('retention-days');
      const told = days && { ...days, value: Number(days.value) };
      facts.add('artifactDays', told, number);
    }
  },
};
