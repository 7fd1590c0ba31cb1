/** What installs or builds, with the variables by which it is told how to get at a registry. */
const INSTALLATIONS: readonly (readonly [RegExp, RegExp])[] = [
  [/^(python[\d.]* -m )?pip[\d.]* (install|download|wheel)(?=\s|$)/, /^PIP_/],
  [/^pipx install(?=\s|$)/, /^PIP_/],
  [/^uv (sync|pip (install|sync)|tool install)(?=\s|$)/, /^(UV|PIP)_/],
  [/^poetry install(?=\s|$)/, /^(POETRY|PIP)_/],
  [
    /^(npm (ci|i|install)|pnpm (i|install)|yarn( install)?( --\S+)*$)(?=\s|$)/,
    /^(NPM_|YARN_|NODE_AUTH_TOKEN$)/,
  ],
  [/^(npx |python[\d.]* -m )?playwright install(?=\s|$)/, /^PLAYWRIGHT_/],
  [/^cargo (build|fetch|install|binstall)(?=\s|$)/, /^CARGO_/],
  [/^go (build|install|mod download)(?=\s|$)/, /^GO(PROXY|AUTH|PRIVATE)$/],
  [/^bundle install(?=\s|$)/, /^BUNDLE_/],
  [
    /^docker (build|buildx build|compose( -\S+ \S+)* build|pull)(?=\s|$)/,
    /^DOCKER_/,
  ],
  [/^apt(-get)? (update|install)(?=\s|$)/, /^APT_/],
];

/** Whether a command does nothing but install or build, as far as can be seen. */
export function isInstallation(command: string): boolean {
  return partsOf(command).every(part => registryOf(part) !== undefined);
}

/**
 * Whether a command gets a secret of its tests. What is installed or built runs code of others, and needs none but what
 * the command itself names or what opens a registry to it.
 */
export function getsSecret(command: string, name: string): boolean {
  return (
    !isInstallation(command) ||
    command.split(/\W+/).includes(name) ||
    partsOf(command).some(part => registryOf(part)?.test(name))
  );
}

function partsOf(command: string): string[] {
  return command
    .split(/&&|;|\n/)
    .map(part => part.trim().replace(/^sudo /, ''))
    .filter(part => part !== '');
}

/** Undefined for what is no installation, or hands something on. */
function registryOf(part: string): RegExp | undefined {
  return /[|`]|\$\(/.test(part)
    ? undefined
    : INSTALLATIONS.find(([program]) => program.test(part))?.[1];
}
