import { readdirSync } from 'node:fs';
import { OpenApiValidator } from '../simulators/kubernetes';
import { saveKubernetesValidation } from '../targets/kubernetesValidation';
import {
  COMMIT,
  imageOf,
  KubernetesWorld,
  NAME,
  NAMESPACE,
} from './kubernetesWorld';

jest.setTimeout(240_000);

const SECRET = 'p@ss "word" $(id) = 1';

const MANIFESTS: Record<string, string> = {
  'k8s/00-namespace.yml': `apiVersion: v1
kind: Namespace
metadata: { name: ${NAMESPACE} }
`,
  'k8s/production/configmaps/all.yml': `apiVersion: v1
kind: ConfigMap
metadata: { name: ${NAME}, labels: { app: ${NAME} } }
data: { LEVEL: info }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: ${NAME}-limits, labels: { app.kubernetes.io/name: ${NAME} } }
data: { MOST: '10' }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: frontend, labels: { app: frontend } }
data: { TITLE: Phoenix }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: shared }
data: { REGION: eu }
`,
  'k8s/production/services/data-router-rs.yml': `apiVersion: v1
kind: Service
metadata: { name: ${NAME} }
spec: { selector: { app: ${NAME} }, ports: [{ port: 80 }] }
`,
};

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${NAME}, labels: { app: ${NAME} } }
spec:
  replicas: 4
  selector: { matchLabels: { app: ${NAME} } }
  template:
    metadata: { labels: { app: ${NAME} } }
    spec:
      containers:
        - { name: app, image: to-be-set, env: [{ name: MODE, value: fast }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: frontend }
spec: {}
`;

describe('the script for Kubernetes', () => {
  const validator = new OpenApiValidator();
  let world: KubernetesWorld;

  beforeEach(async () => {
    world = await KubernetesWorld.start({ validator });
  });

  afterEach(() => world.stop());

  afterAll(() => saveKubernetesValidation(validator, 'kubernetes-script'));

  function writeManifests(files = MANIFESTS): { MANIFESTS: string } {
    for (const [path, content] of Object.entries(files)) {
      world.write(path, content);
    }
    return { MANIFESTS: 'k8s/00-namespace.yml\nk8s/production\n' };
  }

  it('brings an image in, says which commit it is of, and leaves nothing behind', async () => {
    await world.deployed('old', 'now');

    const { code, output } = await world.run();

    expect(output).toContain(`${NAME} runs ${imageOf('new')}.`);
    expect(code).toBe(0);
    expect(world.serving()).toEqual(['new']);
    expect(world.leftovers()).toEqual([]);
    expect(
      world.deployment()?.spec.template.metadata.annotations,
    ).toMatchObject({ 'deploy.vvp.io/commit': COMMIT });
    expect(readdirSync(world.folder)).toEqual(['bin']);
  });

  it('applies what belongs to the service and what belongs to nobody, and leaves the others alone', async () => {
    await world.deployed('now');

    const { code, output } = await world.run(writeManifests());

    expect(output).toContain('ConfigMap frontend is of another service');
    expect(code).toBe(0);
    expect(world.config(NAME)).toEqual({ LEVEL: 'info' });
    expect(world.config(`${NAME}-limits`)).toEqual({ MOST: '10' });
    expect(world.config('shared')).toEqual({ REGION: 'eu' });
    expect(world.config('frontend')).toBeUndefined();
    expect(world.front.find('Service', NAMESPACE, NAME)).toBeDefined();
    expect(world.front.find('Namespace', '', NAMESPACE)).toBeDefined();
  });

  it('puts what it applied back if the release does not work', async () => {
    await world.deployed('now');
    await world.run({ ...writeManifests(), IMAGE: imageOf('good') });
    world.healthy = release => release !== 'new';
    const files = writeManifests({
      ...MANIFESTS,
      'k8s/production/configmaps/all.yml': `apiVersion: v1
kind: ConfigMap
metadata: { name: ${NAME} }
data: { LEVEL: debug }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: added, labels: { app: ${NAME} } }
data: { MORE: '1' }
`,
    });

    const { code, output } = await world.run(files);

    expect(output).toContain(`${imageOf('new')} does not work on ${NAME}.`);
    expect(output).toMatch(/Rolled back: data-router-rs runs \S+ again\./);
    expect(code).toBe(1);
    expect(world.serving()).toEqual(['good']);
    expect(world.config(NAME)).toEqual({ LEVEL: 'info' });
    expect(world.config('added')).toBeUndefined();
    expect(world.leftovers()).toEqual([]);
  });

  it('takes its own Deployment from the manifests, with the image in it', async () => {
    const files = writeManifests({
      ...MANIFESTS,
      'k8s/production/deployments/all.yml': DEPLOYMENT,
    });

    const first = await world.run(files);

    expect(first.output).toContain('Deployment frontend is of another service');
    expect(first.code).toBe(0);
    expect(world.serving()).toEqual(['new']);
    const { spec } = world.deployment() ?? {};
    expect(spec.replicas).toBe(4);
    expect(spec.template.spec.containers[0]).toMatchObject({
      image: imageOf('new'),
      env: [{ name: 'MODE', value: 'fast' }],
    });

    world.healthy = release => release !== 'next';
    writeManifests({
      'k8s/production/deployments/all.yml': DEPLOYMENT.replace(
        'replicas: 4',
        'replicas: 2',
      ).replace('fast', 'slow'),
    });
    const second = await world.run({ ...files, IMAGE: imageOf('next') });

    expect(second.code).toBe(1);
    expect(world.serving()).toEqual(['new']);
    const after = world.deployment()?.spec;
    expect(after.replicas).toBe(4);
    expect(after.template.spec.containers[0].env[0].value).toBe('fast');
  });

  it('has nothing to go back to if the first release does not work, and a second run mends it', async () => {
    world.front.remove('Namespace', '', NAMESPACE);
    world.healthy = release => release !== 'new';
    const files = writeManifests({
      'k8s/00-namespace.yml': MANIFESTS['k8s/00-namespace.yml'],
      'k8s/production/deployments/all.yml': DEPLOYMENT,
    });

    const { code, output } = await world.run(files);

    expect(output).toContain('there is nothing to go back to');
    expect(code).toBe(1);

    expect((await world.run({ ...files, IMAGE: imageOf('fixed') })).code).toBe(
      0,
    );
    expect(world.serving()).toEqual(['fixed']);
    expect(world.leftovers()).toEqual([]);
  });

  it.each([
    ['never-pull', 'ImagePullBackOff'],
    ['crash', 'CrashLoopBackOff, exit code 3'],
    ['unschedulable', 'Insufficient cpu'],
  ] as const)(
    'says why the pods do not come up, and goes back: %s',
    async (fate, reason) => {
      await world.deployed('old', 'now');
      world.simulator.setFate(imageOf('new'), fate);

      const { code, output } = await world.run();

      expect(output).toContain(`The pods of ${NAME} do not come up`);
      expect(output).toContain(reason);
      expect(output).toContain('Rolled back');
      expect(code).toBe(1);
      expect(world.serving()).toEqual(['now']);
      expect(world.leftovers()).toEqual([]);
    },
  );

  it('says that it is still broken if going back does not help, and remembers what ran before', async () => {
    await world.deployed('old', 'now');
    world.healthy = () => false;

    const { code, output } = await world.run();

    expect(output).toContain('Still broken');
    expect(output).not.toContain('Rolled back');
    expect(code).toBe(1);
    expect(world.leftovers()).toEqual(['record']);
  });

  it('goes back to what ran, and not to what ran before that', async () => {
    await world.deployed('old', 'broken', 'now');
    world.healthy = release => release !== 'new';

    await world.run();

    expect(world.serving()).toEqual(['now']);
  });

  it('goes back to what serves if that is brought in again and does not answer for a while', async () => {
    await world.deployed('old');
    expect((await world.run()).code).toBe(0);
    let asked = 0;
    world.healthy = () => ++asked > 1;

    const { code, output } = await world.run();

    expect(output).toContain('Rolled back');
    expect(code).toBe(1);
    expect(world.serving()).toEqual(['new']);
    expect(world.leftovers()).toEqual([]);
  });

  describe('secrets', () => {
    const secrets = {
      SECRETS: 'router-secret=phoenix/router\n',
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'key',
      KUBECONFIG_CONTENT: '',
      CLUSTER: 'phoenix',
    };

    it('come from AWS, and are seen by nobody on the way', async () => {
      await world.deployed('now');
      world.kubectl.secrets.set(
        'phoenix/router',
        JSON.stringify({ PASSWORD: SECRET, 'tls.key': 'two\nlines' }),
      );

      const { code, output } = await world.run(secrets);

      expect(code).toBe(0);
      const kept = world.front.find('Secret', NAMESPACE, 'router-secret');
      expect(Buffer.from(kept?.data.PASSWORD, 'base64').toString('utf8')).toBe(
        SECRET,
      );
      expect(kept?.metadata.annotations).toBeUndefined();
      expect(output).not.toContain('p@ss');
      expect(JSON.stringify(world.kubectl.invocations)).not.toContain('p@ss');
    });

    it.each([
      ['is not there', undefined, 'ResourceNotFoundException'],
      ['is no object', 'just-text', 'is not a JSON object of texts'],
      ['has numbers', '{"A":1}', 'is not a JSON object of texts'],
    ])('change nothing where one %s', async (_, value, message) => {
      await world.deployed('now');
      if (value !== undefined) {
        world.kubectl.secrets.set('phoenix/router', value);
      }

      const { code, output } = await world.run(secrets);

      expect(output).toContain(message);
      expect(output).toContain(`Nothing was changed on ${NAME}.`);
      expect(output).not.toContain('just-text');
      expect(code).not.toBe(0);
      expect(world.serving()).toEqual(['now']);
      expect(world.leftovers()).toEqual([]);
    });
  });

  describe('changes nothing', () => {
    const changing = () =>
      world.kubectl.commands.filter(command =>
        /^(apply|replace|delete|patch|annotate|rollout)/.test(command),
      );

    it.each([
      [
        'there is no such Deployment',
        { DEPLOYMENT: 'nobody' },
        'no Deployment',
      ],
      ['it has no such container', { CONTAINER: 'web' }, 'no container web'],
      ['the image is no name', { IMAGE: '-x $(id)' }, 'not the name of one'],
      ['a canary has no share', { CANARY_PERCENT: '100' }, 'from 1 to 99'],
      ['a manifest is not there', { MANIFESTS: 'k8s/none' }, 'does not exist'],
      ['nobody can get in', { KUBECONFIG_CONTENT: undefined }, 'was refused'],
      [
        'GitHub has no secret for the way in',
        { KUBECONFIG_CONTENT: '' },
        'KUBECONFIG_CONTENT is empty',
      ],
      [
        'GitHub has no token for the metric',
        { METRIC_TOKEN: '' },
        'METRIC_TOKEN is empty',
      ],
    ])('if %s', async (_, environment, message) => {
      await world.deployed('now');

      const { code, output } = await world.run(environment);

      expect(output).toContain(message);
      expect(output).toMatch(/Nothing was changed on/);
      expect(code).toBe(1);
      expect(changing()).toEqual([]);
    });

    it('if somebody paused the Deployment', async () => {
      await world.deployed('now');
      await world.pipeline.patch('deployments', NAME, {
        spec: { paused: true },
      });

      const { output } = await world.run();

      expect(output).toContain(`${NAME} is paused`);
      expect(changing()).toEqual([]);
    });

    it('if there is a Secret among the manifests', async () => {
      await world.deployed('now');
      const files = writeManifests({
        ...MANIFESTS,
        'k8s/production/secret.yml': `apiVersion: v1
kind: Secret
metadata: { name: ${NAME} }
`,
      });

      const { output } = await world.run(files);

      expect(output).toContain('where everybody can read it');
      expect(changing()).toEqual([]);
    });
  });

  describe('a rollback', () => {
    it('goes back to what served before, past what never worked', async () => {
      await world.deployed('now');
      await world.run({ IMAGE: imageOf('good') });
      world.healthy = release => release !== 'bad';
      await world.run({ IMAGE: imageOf('bad') });
      await world.run({ IMAGE: imageOf('new') });
      expect(world.serving()).toEqual(['new']);

      const { code, output } = await world.rollBack();

      expect(output).toContain(`${NAME} runs`);
      expect(code).toBe(0);
      expect(world.serving()).toEqual(['good']);
      expect(world.leftovers()).toEqual([]);

      // And from there still further, not forth again.
      expect((await world.rollBack()).code).toBe(0);
      expect(world.serving()).toEqual(['now']);
      expect((await world.rollBack()).output).toContain(
        'Nothing else is known to have served before',
      );
      expect(world.serving()).toEqual(['now']);
    });

    it('is undone if it does not work', async () => {
      await world.deployed('now');
      await world.run();
      world.healthy = release => release !== 'now';

      const { code, output } = await world.rollBack();

      expect(output).toContain('Rolled back');
      expect(code).toBe(1);
      expect(world.serving()).toEqual(['new']);
    });

    it('resumes a Deployment that is paused', async () => {
      await world.deployed('now');
      await world.run();
      await world.pipeline.patch('deployments', NAME, {
        spec: { paused: true },
      });

      expect((await world.rollBack()).code).toBe(0);
      expect(world.serving()).toEqual(['now']);
    });
  });
});
