import { readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import {
  ANNOTATION_PROJECT_SLUG,
  ANNOTATION_SERVICE,
  ANNOTATION_SPEC,
} from '../annotations';
import { checkRepository, selectService } from './selectService';
import { specOf } from './testing';
import { JobSpec } from './types';

interface Entity {
  kind: string;
  metadata: {
    name: string;
    description?: string;
    annotations?: Record<string, string>;
  };
  spec: Record<string, unknown>;
}

interface WorkflowJob {
  name?: string;
  strategy?: { matrix: Record<string, unknown> };
}

const root = join(__dirname, '../../../../examples');
const repositories = readdirSync(root, { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(entry => entry.name);

function filesOf(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap(
    entry =>
      entry.isDirectory()
        ? filesOf(posix.join(folder, entry.name))
        : [posix.join(folder, entry.name)],
  );
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

function entitiesOf(file: string): Entity[] {
  return parseAllDocuments(read(file)).map(document => document.toJS());
}

function specText(repository: string): string {
  return read(`${repository}/deploy.yaml`);
}

const catalog = repositories.flatMap(repository =>
  filesOf(repository)
    .filter(file => posix.basename(file) === 'catalog-info.yaml')
    .flatMap(file =>
      entitiesOf(file).map(entity => ({ repository, file, entity })),
    ),
);
const components = catalog.filter(({ entity }) => entity.kind === 'Component');

/** Names under which GitHub may show a job, as far as the workflow tells; `*` for what it does not. */
function shownNames(id: string, job: WorkflowJob): string {
  return (job.name ?? id).replace(/\$\{\{.*?\}\}/g, '*');
}

function matrixValues(job: WorkflowJob): Record<string, string>[] {
  const { include = [], ...axes } = job.strategy?.matrix ?? {};
  const listed = Array.isArray(include) ? include : [];
  return [
    ...listed,
    ...Object.entries(axes).flatMap(([key, values]) =>
      (Array.isArray(values) ? values : []).map(value => ({ [key]: value })),
    ),
  ].map(each =>
    Object.fromEntries(
      Object.entries(each).map(([key, value]) => [key, String(value)]),
    ),
  );
}

function fits(mapping: JobSpec, id: string, job: WorkflowJob): boolean {
  const name = shownNames(id, job)
    .split('*')
    .map(part => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.+');
  const values = matrixValues(job);
  return (
    // With the values of its matrix, if its name says which ones are shown.
    new RegExp(`^${name}$`).test(
      name.endsWith('\\)') ? `${mapping.job} (value)` : mapping.job,
    ) &&
    (mapping.matrix !== undefined) === values.length > 0 &&
    Object.entries(mapping.matrix ?? {}).every(([key, value]) =>
      values.some(each => each[key] === value),
    )
  );
}

describe('the examples', () => {
  it('are the five pipelines', () => {
    expect(repositories.sort()).toEqual([
      'edenco',
      'ngx-voice',
      'phoenix-orchestrator',
      'sandbox-broker',
      'vvp',
    ]);
    expect(components.map(({ entity }) => entity.metadata.name).sort()).toEqual(
      [
        ...['data-router-rs', 'edenco-backend', 'edenco-frontend'],
        ...['llm-service-rs', 'ngx-voice-agent', 'orchestrator-service-rs'],
        ...['phoenix-frontend', 'sandbox-broker-api', 'tools-service-rs'],
        ...['vvp-issuer', 'vvp-pbx-config', 'vvp-sip-redirect'],
        ...['vvp-sip-verify', 'vvp-verifier', 'vvp-witness-wan'],
        ...['vvp-witness-wes', 'vvp-witness-wil'],
      ],
    );
  });

  it.each(repositories)('of %s parse and name their repository', repository => {
    const spec = specOf(specText(repository));

    expect(spec.repository).toBe(`example-org/${repository}`);
    expect(checkRepository(spec, `example-org/${repository}`)).toBeUndefined();
  });

  it.each(repositories)('of %s name only entities that exist', repository => {
    const own = components
      .filter(each => each.repository === repository)
      .map(({ entity }) => `component:default/${entity.metadata.name}`);
    const named = specOf(specText(repository)).services.map(
      service => service.entityRef,
    );

    expect(named.sort()).toEqual(own.sort());
  });

  it.each(components)('of $file lead to a service', each => {
    const { repository, file, entity } = each;
    const annotations = entity.metadata.annotations ?? {};
    const specFile = posix.join(
      posix.dirname(file),
      annotations[ANNOTATION_SPEC],
    );
    const selected = selectService(specOf(read(specFile)), {
      serviceKey: annotations[ANNOTATION_SERVICE],
      entityRef: `component:default/${entity.metadata.name}`,
    });

    expect(selected).toMatchObject({ ok: true });
    expect(annotations[ANNOTATION_PROJECT_SLUG]).toBe(
      `example-org/${repository}`,
    );
    expect(entity.metadata.description).toEqual(expect.any(String));
    expect(entity.spec).toEqual({
      type: 'service',
      lifecycle: expect.any(String),
      owner: expect.stringMatching(
        /^group:default\/(vvp|platform|voice)-team$/,
      ),
      system: repository,
    });
  });

  it.each(repositories)('of %s locate every catalog file', repository => {
    const located = catalog
      .filter(each => each.repository === repository)
      .flatMap(({ file, entity }) =>
        entity.kind === 'Location' && Array.isArray(entity.spec.targets)
          ? entity.spec.targets.map(target =>
              posix.join(posix.dirname(file), String(target)),
            )
          : [],
      );
    const others = new Set(
      catalog
        .filter(each => each.repository === repository)
        .map(({ file }) => file)
        .filter(file => file !== `${repository}/catalog-info.yaml`),
    );

    expect(located.sort()).toEqual([...others].sort());
  });

  it.each(repositories)('of %s map only jobs that exist', repository => {
    const mappings = specOf(specText(repository)).services.flatMap(service =>
      service.environments.flatMap(environment => environment.jobs),
    );
    const missing = mappings.filter(mapping => {
      const file = `${repository}/.github/workflows/${mapping.workflow}`;
      const workflow: { jobs: Record<string, WorkflowJob> } = parse(read(file));
      return !Object.entries(workflow.jobs).some(([id, job]) =>
        fits(mapping, id, job),
      );
    });

    expect(mappings.length).toBeGreaterThan(0);
    expect(missing).toEqual([]);
  });

  it.each(repositories)('of %s have the files of every path', repository => {
    const files = filesOf(repository).map(file =>
      file.slice(repository.length + 1),
    );
    const empty = specOf(specText(repository))
      .services.flatMap(service => [...service.paths, ...service.sharedPaths])
      .filter(
        path =>
          !files.some(file =>
            path.endsWith('/**')
              ? file.startsWith(path.slice(0, -2))
              : file === path,
          ),
      );

    expect(empty).toEqual([]);
  });

  it('own every component by a group of org.yaml', () => {
    const groups = entitiesOf('org.yaml')
      .filter(entity => entity.kind === 'Group')
      .map(entity => `group:default/${entity.metadata.name}`);

    expect(groups).toEqual(
      expect.arrayContaining(components.map(({ entity }) => entity.spec.owner)),
    );
  });

  it('name no host but placeholders', () => {
    // Scripts have patterns of addresses in them, and no address.
    const files = [...repositories.flatMap(filesOf), 'org.yaml'].filter(
      file => !file.includes('/.github/deploy/'),
    );
    const strange = files.flatMap(file => {
      const text = read(file);
      const hosts = [
        // A file of one's own is no host.
        ...text.matchAll(/\b(?!file:)[a-z][a-z0-9+.-]*:\/\/([^\s/"'`:)>]+)/gi),
        ...text.matchAll(/[\w.-]+@([\w-]+(?:\.[\w-]+)+)/g),
        // A name that ends like a public one, written without a scheme.
        ...text.matchAll(
          /\b((?:[a-z0-9-]+\.)+(?:com|net|org|io|online|dev|cloud))\b(?!\/v\d)/gi,
        ),
        // As a pattern has it, and in the name of a lock
      ].map(match => match[1].replace(/^[a-z]+@|,.*$|\\|^image-/g, ''));
      return hosts
        .filter(
          host =>
            !/(^|\.)example\.test$/.test(host) &&
            !['github.com', 'localhost', '127.0.0.1'].includes(host) &&
            !['backstage.io', 'deploy.vvp.io'].includes(host) &&
            // Whom the cloud is told to trust
            !['token.actions.githubusercontent.com'].includes(host) &&
            host !== 'AzureADTokenExchange' &&
            // Parts of AWS, and the registry of GitHub
            !/^([a-z-]+|(111122223333\.)?dkr\.ecr\.[a-z0-9-]+)\.amazonaws\.com$/.test(
              host,
            ) &&
            host !== 'ghcr.io',
        )
        .map(host => `${file}: ${host}`);
    });

    expect(strange).toEqual([]);
  });

  it('hold no number or address that belongs to somebody', () => {
    const files = [...repositories.flatMap(filesOf), 'org.yaml'];
    const strange = files.filter(file =>
      // Placeholders may stand where an account would, such as the one of AWS's own examples.
      /\b(?!111122223333\b)\d{12}\b|arn:aws(?!:[a-z0-9]+:[a-z0-9-]*:(<account>|111122223333)?:)|\b(?!127\.|0\.0\.0\.0\b)\d{1,3}(?:\.\d{1,3}){3}\b/.test(
        read(file),
      ),
    );

    expect(strange).toEqual([]);
  });

  it('of the documentation parse', () => {
    const page = readFileSync(join(root, '../docs/deploy-yaml.md'), 'utf8');
    const blocks = [...page.matchAll(/```yaml\n([^]*?)```/g)];

    expect(blocks).toHaveLength(1);
    expect(specOf(blocks[0][1]).services.map(({ key }) => key)).toEqual([
      'verifier',
      'witness-wan',
    ]);
  });
});
