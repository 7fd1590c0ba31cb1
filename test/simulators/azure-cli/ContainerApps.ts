import { JSONValue, search } from '@jmespath-community/jmespath';
import { CallError, ParsedCall } from './grammar';

/** A revision as `az containerapp revision show` tells it. */
interface Revision {
  name: string;
  properties: {
    active: boolean;
    trafficWeight: number;
    createdTime: string;
    provisioningState: string;
    healthState: string;
    runningState: string;
    template: {
      containers: { name: string; image: string; env: Variable[] }[];
      scale: { minReplicas: number; maxReplicas: number };
    };
  };
}

interface Variable {
  name: string;
  value?: string;
  secretRef?: string;
}

/** One Container App and its revisions. */
export class ContainerApps {
  readonly secrets = new Map<string, string>();
  /** Secrets that a key vault has; by their names, its addresses. */
  readonly vault = new Map<string, string>();
  /** Images that never become healthy. */
  readonly bad = new Set<string>();
  mode: 'Single' | 'Multiple' = 'Single';
  revisions: Revision[] = [];

  constructor(readonly name: string, readonly resourceGroup: string) {}

  /** The revision that gets the traffic. */
  get serving(): Revision | undefined {
    return this.revisions.find(
      ({ properties }) => properties.trafficWeight === 100,
    );
  }

  /** Image of the revision that gets the traffic. */
  get image(): string | undefined {
    return this.serving?.properties.template.containers[0].image;
  }

  /** What the serving revision's process sees. */
  get environment(): Record<string, string> {
    const [container] = this.serving?.properties.template.containers ?? [];
    return Object.fromEntries(
      (container?.env ?? []).map(({ name, value, secretRef }) => [
        name,
        secretRef === undefined
          ? value ?? ''
          : this.secrets.get(secretRef) ?? 'no such secret',
      ]),
    );
  }

  /** A revision that serves already. */
  addRevision(suffix: string, image: string): void {
    this.#bring(suffix, {
      containers: [{ name: this.name, image, env: [] }],
      scale: { minReplicas: 1, maxReplicas: 1 },
    });
    this.#settle();
    if (this.mode === 'Multiple') {
      this.#giveTraffic(`${this.name}--${suffix}`);
    }
  }

  handle(call: ParsedCall): string {
    const { command, values } = call;
    if (
      values['--name'] !== this.name ||
      values['--resource-group'] !== this.resourceGroup
    ) {
      throw new CallError('ERROR: (ResourceNotFound)', 3);
    }
    this.#settle();
    switch (command) {
      case 'containerapp show':
        return told(call, {
          properties: { configuration: { activeRevisionsMode: this.mode } },
        });
      case 'containerapp revision list':
        return told(call, this.revisions);
      case 'containerapp revision show':
        return told(call, this.#find(values['--revision']));
      case 'containerapp secret list':
        return this.#listSecrets(call);
      case 'containerapp secret set':
        for (const pair of call.lists['--secrets']) {
          const [, key, value] =
            /^([a-z0-9][a-z0-9-]*)=(.*)$/s.exec(pair) ?? [];
          if (key === undefined) {
            throw new CallError('ERROR: a secret needs a name in lower case.');
          }
          this.secrets.set(key, value);
        }
        return '';
      case 'containerapp update':
        this.#update(call);
        return '';
      case 'containerapp revision copy': {
        const from = this.#find(values['--from-revision']);
        this.#bring(
          values['--revision-suffix'],
          structuredClone(from.properties.template),
        );
        return '';
      }
      case 'containerapp revision activate':
        this.#find(values['--revision']).properties.active = true;
        return '';
      case 'containerapp revision deactivate':
        this.#find(values['--revision']).properties.active = false;
        return '';
      default: {
        const [revision, weight] = values['--revision-weight'].split('=');
        if (weight !== '100') {
          throw new CallError('Only all of the traffic.');
        }
        this.#giveTraffic(revision);
        return '';
      }
    }
  }

  #listSecrets({ values, flags }: ParsedCall): string {
    if (values['--output'] !== 'json' || !flags.has('--show-values')) {
      throw new CallError('Only with values, as JSON.');
    }
    const own = [...this.secrets].map(([name, value]) => ({ name, value }));
    const others = [...this.vault].map(([name, keyVaultUrl]) => ({
      name,
      keyVaultUrl,
      identity: 'system',
    }));
    return `${JSON.stringify([...own, ...others])}\n`;
  }

  #update({ values, lists }: ParsedCall): void {
    const template = structuredClone(
      this.revisions[this.revisions.length - 1]?.properties.template ?? {
        containers: [{ name: this.name, image: '', env: [] }],
        scale: { minReplicas: 0, maxReplicas: 10 },
      },
    );
    const container = template.containers.find(
      ({ name }) => name === values['--container-name'],
    );
    if (!container) {
      throw new CallError('ERROR: there is no such container.');
    }
    container.image = values['--image'];
    template.scale = {
      minReplicas: Number(
        values['--min-replicas'] ?? template.scale.minReplicas,
      ),
      maxReplicas: Number(
        values['--max-replicas'] ?? template.scale.maxReplicas,
      ),
    };
    for (const pair of lists['--set-env-vars'] ?? []) {
      const end = pair.indexOf('=');
      const [name, value] = [pair.slice(0, end), pair.slice(end + 1)];
      const secretRef = /^secretref:(.+)$/.exec(value)?.[1];
      if (secretRef !== undefined && !this.secrets.has(secretRef)) {
        throw new CallError('ERROR: (ContainerAppSecretRefNotFound)');
      }
      container.env = [
        ...container.env.filter(one => one.name !== name),
        secretRef === undefined ? { name, value } : { name, secretRef },
      ];
    }
    this.#bring(values['--revision-suffix'], template);
  }

  #bring(suffix: string, template: Revision['properties']['template']): void {
    const name = `${this.name}--${suffix}`;
    // Of Azure: letters, digits and single hyphens, 64 with the name of the app.
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(suffix) || name.length > 64) {
      throw new CallError('ERROR: (ContainerAppInvalidRevisionSuffix)');
    }
    if (this.revisions.some(one => one.name === name)) {
      throw new CallError('ERROR: (ContainerAppRevisionAlreadyExists)');
    }
    this.revisions.push({
      name,
      properties: {
        active: true,
        trafficWeight: 0,
        createdTime: new Date().toISOString(),
        provisioningState: 'Provisioning',
        healthState: 'None',
        runningState: 'Activating',
        template,
      },
    });
  }

  /** Each look finds things further on; a single revision gives way only to one that is healthy. */
  #settle(): void {
    for (const { name, properties } of this.revisions) {
      if (properties.provisioningState === 'Provisioning') {
        const isBad = this.bad.has(properties.template.containers[0].image);
        properties.provisioningState = 'Provisioned';
        properties.healthState = isBad ? 'Unhealthy' : 'Healthy';
        properties.runningState = isBad ? 'Degraded' : 'Running';
        if (!isBad && this.mode === 'Single') {
          this.#giveTraffic(name);
          for (const other of this.revisions) {
            other.properties.active = other.name === name;
          }
        }
      }
    }
  }

  #giveTraffic(name: string): void {
    if (!this.#find(name).properties.active) {
      throw new CallError('ERROR: the revision is not active.');
    }
    for (const one of this.revisions) {
      one.properties.trafficWeight = one.name === name ? 100 : 0;
    }
  }

  #find(name: string): Revision {
    const revision = this.revisions.find(one => one.name === name);
    if (!revision) {
      throw new CallError('ERROR: (RevisionNotFound)', 3);
    }
    return revision;
  }
}

/** What a query finds, as `--output tsv` prints a single value. */
function told({ values }: ParsedCall, data: unknown): string {
  if (values['--output'] !== 'tsv') {
    throw new CallError('Only tsv.');
  }
  const found = search(data as JSONValue, values['--query']);
  return found === null ? '' : `${found}\n`;
}
