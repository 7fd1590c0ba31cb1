/** Where the service runs: as a container, or on a machine that several services share. */
export type ServiceKind = 'container-app' | 'vm';

/** What somebody fills in about a new service. Whether it makes sense is for `parsePipelineSpec` to say. */
export interface ServiceForm {
  /** Key in `deploy.yaml`, and name of its directory. */
  name: string;
  /** Full reference of its catalog entity. */
  entity: string;
  kind: ServiceKind;
  language: 'python' | 'typescript';
  database: 'none' | 'postgresql';
  /** Lines that its tests have to cover, in percent. */
  coverage: number;
  /** TCP port that it answers on. */
  port: number;
  healthPath: string;
  /** Directory from the root of the repository, `services/<name>` unless said otherwise. */
  directory?: string;
  /** Environment that it is deployed to, `production` unless said otherwise. */
  environment?: string;
  resourceGroup: string;
  /** Connection of the portal; the only one unless said otherwise. */
  connection?: string;
  /** Container App: image repository without a tag. */
  image?: string;
  /** Container App: address that it answers on. */
  url?: string;
  /** VM: the name of the machine. */
  machine?: string;
  /** VM: what releases, units and environment files lie under, such as vvp for `/opt/vvp`. */
  product?: string;
}

/** What the skeletons are written for. Jest's own configuration says what of TypeScript is measured. */
const LANGUAGES = {
  python: { version: '3.12', source: 'app' },
  typescript: { version: '24' },
} as const;

/** The name of the secret at GitHub that holds the address of a service's database. */
export function databaseSecret(name: string): string {
  return `${name.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}_DATABASE_URL`;
}

/** What `spec.services.<name>` of a `deploy.yaml` says of a new service. */
export function serviceEntry(form: ServiceForm): Record<string, unknown> {
  const directory = form.directory ?? `services/${form.name}`;
  return {
    entity: form.entity,
    paths: [`${directory}/**`],
    test: {
      language: form.language,
      ...LANGUAGES[form.language],
      ...(form.database === 'postgresql' && {
        databases: [
          { type: 'postgresql', version: '16', variable: 'DATABASE_URL' },
        ],
      }),
    },
    ...(form.kind === 'container-app' && {
      image: { dockerfile: `${directory}/Dockerfile`, context: directory },
    }),
    gates: { coverage: { coverage: 'lines', minimum: form.coverage } },
    environments: {
      [form.environment ?? 'production']:
        form.kind === 'container-app'
          ? containerApp(form)
          : virtualMachine(form),
    },
  };
}

function containerApp(form: ServiceForm): Record<string, unknown> {
  const url = form.url?.replace(/\/$/, '');
  return {
    ...(url && {
      url,
      version: { url: `${url}/version`, commit: '$.git_sha' },
    }),
    target: {
      type: 'azure-container-app',
      ...(form.connection && { connection: form.connection }),
      resourceGroup: form.resourceGroup,
      name: containerAppName(form),
      ...(form.image && { image: form.image }),
      minReplicas: 1,
    },
    deploy: {
      environment: {
        GIT_SHA: { from: 'commit' },
        PORT: String(form.port),
        ...(form.database === 'postgresql' && {
          DATABASE_URL: { secret: databaseSecret(form.name) },
        }),
      },
    },
    verify: { path: form.healthPath },
  };
}

/** As the images are called, so that both are found by the same word. */
function containerAppName({ name, image }: ServiceForm): string {
  return image?.split('/').pop() ?? name;
}

function virtualMachine(form: ServiceForm): Record<string, unknown> {
  const product = form.product ?? 'services';
  return {
    target: {
      type: 'azure-vm',
      ...(form.connection && { connection: form.connection }),
      resourceGroup: form.resourceGroup,
      name: form.machine,
      release: {
        directory: `/opt/${product}/${form.name}`,
        unit: `${product}-${form.name}.service`,
        environmentFile: `/etc/${product}/${form.name}.env`,
        keep: 3,
      },
      health: { url: `http://127.0.0.1:${form.port}${form.healthPath}` },
    },
  };
}
