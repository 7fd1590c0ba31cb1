import { NewApp, NewRevision } from './containerApps';
import { RegistryStore } from './registry';

const REGISTRY = 'registry.example.test';
const DAY_MS = 86_400_000;

/** VVP's container apps as its pipeline deploys them, with three releases each. */
export function demoApps(now: number = Date.now()): NewApp[] {
  const app = (
    name: string,
    mode: NewApp['mode'],
    scale: { minReplicas: number; maxReplicas: number },
    env: NonNullable<NewRevision['env']> = [],
  ): NewApp => ({
    resourceGroup: 'VVP',
    name,
    mode,
    secrets: ['postgres-password'],
    revisions: [6, 3, 1].map((daysAgo, index) => {
      const sha = demoCommit(name, index);
      return {
        suffix: `0000${index + 1}`.replace(/^0/, 'r'),
        image: `${REGISTRY}/${name}:${sha}`,
        env: [{ name: 'GIT_SHA', value: sha }, ...env],
        createdAt: new Date(now - daysAgo * DAY_MS).toISOString(),
        ...scale,
      };
    }),
  });
  return [
    app('vvp-verifier', 'Single', { minReplicas: 0, maxReplicas: 3 }),
    app('vvp-issuer', 'Multiple', { minReplicas: 1, maxReplicas: 3 }, [
      { name: 'VVP_POSTGRES_HOST', value: 'database.example.test' },
      { name: 'VVP_POSTGRES_PASSWORD', secretRef: 'postgres-password' },
    ]),
    ...[1, 2, 3].map(number =>
      app(`vvp-witness${number}`, 'Single', { minReplicas: 1, maxReplicas: 1 }),
    ),
  ];
}

/** The registry of these apps, with the images of all of their releases. */
export function demoRegistry(apps: readonly NewApp[]): RegistryStore {
  const registry = new RegistryStore(REGISTRY);
  apps
    .flatMap(({ revisions }) => revisions)
    .forEach(({ image }) => registry.push(image.slice(REGISTRY.length + 1)));
  return registry;
}

/** A made-up commit, always the same one for an app and a release. */
function demoCommit(name: string, release: number): string {
  return Buffer.from(`${name}-${release}`.padEnd(20, '-').slice(-20)).toString(
    'hex',
  );
}
