import { getsSecret, isInstallation } from './installations';

describe('a command of tests', () => {
  it.each([
    'pip install "bandit[sarif]" semgrep',
    'python3.12 -m pip install --requirement requirements.txt',
    'npm ci',
    'yarn',
    'yarn --frozen-lockfile',
    'cargo build --locked',
    'docker compose --file a.yml build backend',
    'sudo apt-get update && sudo apt-get install --yes jq',
    'npx playwright install --with-deps',
  ])('installs or builds: %s', command => {
    expect(isInstallation(command)).toBe(true);
    expect(getsSecret(command, 'API_TOKEN')).toBe(false);
  });

  it.each([
    'pytest -m "not slow"',
    'npm test',
    'yarn test',
    'npm run check',
    'cargo test --locked',
    'npm ci && npm test',
    'npm install-test',
    'npm install | ./look.sh',
    'pip install "$(./what.sh)"',
    './install.sh',
  ])('does something else: %s', command => {
    expect(isInstallation(command)).toBe(false);
    expect(getsSecret(command, 'API_TOKEN')).toBe(true);
  });

  it.each([
    ['pip install private', 'PIP_INDEX_URL'],
    ['npm ci', 'NODE_AUTH_TOKEN'],
    ['cargo fetch', 'CARGO_REGISTRIES_OWN_TOKEN'],
    ['docker build --secret id=key,env=LICENCE .', 'LICENCE'],
    ['pip install "git+https://$GIT_TOKEN@git.example.test/a"', 'GIT_TOKEN'],
  ])('gets what opens its registry, or what it names: %s', (command, name) => {
    expect(isInstallation(command)).toBe(true);
    expect(getsSecret(command, name)).toBe(true);
  });
});
