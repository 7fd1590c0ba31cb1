import { Leaf, Told } from '../types';

/** What steps say, by what it is about. */
export interface FactTypes {
  /** Filters of a change detection: globs by what changed. */
  filters: Record<string, string[]>;
  language: 'python' | 'typescript' | 'rust';
  languageVersion: string;
  /** A package of the repository that is installed so that its files are used. */
  localPackage: string;
  package: string;
  requirements: string;
  systemPackage: string;
  /** Where tests are run. */
  testDirectory: string;
  /** One run of tests, by its suite where there are several. */
  testRun: string;
  coverageSource: string;
  coverageMinimum: number;
  select: string;
  /** A variable that only tests see. */
  testVariable: { name: string; value: string };
  compose: string;
  wait: { url: string; seconds: number };
  results: { url?: string; key?: string };
  artifactDays: number;
  azureLogin: true;
  awsRole: string;
  awsRegion: string;
  /** What names a service's entity, one or more with blanks between. */
  entities: string;
  suite: string;
  reportEnvironment: string;
  reportMode: string;
  portal: string;
  audience: string;
  dockerfile: string;
  context: string;
  platforms: string;
  /** Image with its tag. */
  image: string;
  maximumBytes: number;
  /** What an image is called, and what else it gets, by a job of its own. */
  imageRepository: string;
  imageTags: string;
  imageStage: string;
  imageSign: true;
  scanSeverities: string;
  ignoreUnfixed: true;
  versionFile: string;
  versionPattern: string;
  /** Of a Kubernetes cluster, and what is applied there. */
  cluster: string;
  manifests: string;
  /** Name of the secret that holds it. */
  kubeconfig: string;
  kubectlVersion: string;
  awsSecrets: string;
  /** What a canary must not let rise. */
  metricUrl: string;
  metricQuery: string;
  metricMaximum: number;
  metricToken: string;
  /** For how long a deployment is watched. */
  watchMinutes: number;
  watchSeconds: number;
  watchFailures: number;
  terraformVersion: string;
  terraformDirectory: string;
  terraformPlan: true;
  /** A deployment to a platform; what it is told stands in the facts `target.*` of the same step. */
  targetType: string;
  [target: `target.${string}`]: string | number;
  /** A variable of the service. */
  variable: { name: string; value: string };
  verifyUrl: string;
  verifyStatuses: string;
  verifyAttempts: number;
  verifySeconds: number;
  include: string;
  storageAccount: string;
  storageContainer: string;
  /** Goes back, and deploys nothing. */
  rollback: true;
}

interface Fact {
  key: keyof FactTypes;
  value: unknown;
  leaves: readonly Leaf[];
  step: number;
}

/** All that the steps of a job say. */
export class Facts {
  readonly #facts: Fact[] = [];

  add<Key extends keyof FactTypes>(
    key: Key,
    told: Told<FactTypes[Key]> | undefined,
    step: number,
  ): void {
    // What may mean something else is not taken for anything.
    if (told && !told.leaves.some(({ surprise }) => surprise)) {
      this.#facts.push({ key, ...told, step });
    }
  }

  all<Key extends keyof FactTypes>(
    key: Key,
    step?: number,
  ): (Told<FactTypes[Key]> & { step: number })[] {
    return this.#facts
      .filter(fact => fact.key === key && (step ?? fact.step) === fact.step)
      .map(fact => fact as unknown as Told<FactTypes[Key]> & { step: number });
  }

  /** What a step says itself, else the nearest one before, else any. */
  near<Key extends keyof FactTypes>(
    key: Key,
    step: number,
  ): Told<FactTypes[Key]> | undefined {
    const all = this.all(key);
    const before = all.filter(fact => fact.step <= step);
    return before[before.length - 1] ?? all[0];
  }

  one<Key extends keyof FactTypes>(
    key: Key,
    step?: number,
  ): Told<FactTypes[Key]> | undefined {
    return this.all(key, step)[0];
  }

  has(key: keyof FactTypes): boolean {
    return this.#facts.some(fact => fact.key === key);
  }

  /** What `target.*` facts of a step say, without the prefix. */
  target(step: number): Record<string, Told<string | number>> {
    return Object.fromEntries(
      this.#facts
        .filter(fact => fact.step === step && fact.key.startsWith('target.'))
        .map(fact => [
          fact.key.slice('target.'.length),
          { value: fact.value as string | number, leaves: fact.leaves },
        ]),
    );
  }
}
