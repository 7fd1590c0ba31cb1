import { ComposeWorld } from './composeWorld';

jest.setTimeout(240_000);

describe('the scripts for docker compose', () => {
  let world: ComposeWorld;

  beforeEach(async () => {
    world = await ComposeWorld.start();
    await world.furnish();
  });

  afterEach(async () => {
    await world.stop();
  });

  it.each([
    ['HOST', '-oProxyCommand=id'],
    ['HOST', ''],
    ['SSH_USER', 'a\nProxyCommand id'],
    ['SSH_KEY', 'no key'],
    ['KNOWN_HOSTS', ' \n'],
    ['DIRECTORY', 'a b'],
    ['DIRECTORY', '$(id)'],
    ['DIRECTORY', '-rf'],
    ['COMPOSE_FILES', 'docker-compose.yml;id'],
    ['COMPOSE_FILES', '/etc/passwd'],
    ['ENVIRONMENT_FILES', '../.env'],
    ['ENV_0_DB_PASSWORD', "an ' apostrophe"],
    ['ENV_0_DB_PASSWORD', 'backslash\\'],
    ['ENV_0_DB_PASSWORD', 'bell\u0007'],
    ['ENV_0_DB_PASSWORD', ''],
    ['IMAGES', 'BACKEND_IMAGE=$(id)'],
    ['IMAGES', ''],
    ['RELEASE', '$(id)'],
    ['RELEASE', 'latest'],
    ['REGISTRY_USER', 'a\nregistry=evil.example.test'],
    ['HEALTH_SECONDS', '0'],
  ])('refuse %s = %j, and reach nobody', async (name, value) => {
    const { code, output } = await world.run('deploy', { [name]: value });

    expect(output).toContain(name.replace(/^ENV_0_/, ''));
    expect(code).toBe(64);
    expect(world.host.invocations).toEqual([]);
    expect(value === '' || value.length < 5 || !output.includes(value)).toBe(
      true,
    );
  });

  it.each([
    ['DIRECTORY', 'a/../../b', 'A path leads out of its directory.'],
    ['COMPOSE_FILES', 'missing.yml', 'There is no missing.yml.'],
  ])('refuse %s = %j', async (name, value, message) => {
    const { code, output } = await world.run('deploy', { [name]: value });

    expect(output).toContain(message);
    expect(code).toBe(64);
    expect(world.host.invocations).toEqual([]);
  });
});
