import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  parsePipelineSpec,
  PipelineSpec,
} from '@vvp/backstage-plugin-deploy-common';
import { generatePipeline } from '../generate';
import { WorkflowFile } from '../lint';
import {
  accountedOf,
  importing,
  REPOSITORY,
  scalarsOf,
} from './__testUtils__/importing';

/** A spec, and the workflows that are generated of it. */
function generated(name: string): {
  spec: PipelineSpec;
  files: WorkflowFile[];
} {
  const path = resolve(REPOSITORY, 'test/pipelines/specs', `${name}.yaml`);
  const source = readFileSync(path, 'utf8');
  const parsed = parsePipelineSpec(source);
  if (!parsed.ok) {
    throw new Error(JSON.stringify(parsed.findings));
  }
  const made = generatePipeline(parsed.spec, {
    version: '1.0.0',
    source,
    scripts: {},
  });
  if ('problems' in made) {
    throw new Error(JSON.stringify(made.problems));
  }
  return {
    spec: parsed.spec,
    files: made.files
      .filter(file => file.path.startsWith('.github/workflows/'))
      .map(file => ({
        file: file.path.replace(/^.*\//, ''),
        text: file.content,
      })),
  };
}

/** What is read so far of pipelines with stages, images by jobs of their own, and tests of several services. */
function partsOf({ services, environments }: PipelineSpec) {
  // Nothing is generated for an environment without a target, and the portal alone goes by connections.
  const placed = services.map(service => ({
    ...service,
    environments: service.environments.filter(({ target }) => target),
  }));
  const used = placed.flatMap(service =>
    service.environments.map(({ name }) => name),
  );
  return {
    environments: environments
      .filter(({ name }) => used.includes(name))
      .map(({ name, tier }) => ({ name, tier })),
    services: placed.map(service => ({
      key: service.key,
      entityRef: service.entityRef,
      image: service.image,
      environments: service.environments.map(
        ({ name, url, target, verify }) => ({
          name,
          url,
          target: {
            strategy: 'rolling',
            ...target,
            connection: undefined,
          },
          verify,
        }),
      ),
    })),
  };
}

const GENERATED = new Map(
  ['phoenix', 'ngx', 'edenco'].map(name => {
    const { spec, files } = generated(name);
    const imported = importing(files, { repository: spec.repository });
    return [name, { spec, files, imported }] as const;
  }),
);

/** A spec, its workflows, and what they were imported as. */
function caseOf(name: string) {
  const found = GENERATED.get(name);
  if (!found) {
    throw new Error(`There is no ${name}.`);
  }
  return found;
}

describe.each(['phoenix', 'ngx', 'edenco'])(
  'an import of what is generated of specs/%s.yaml',
  name => {
    const { spec, files, imported } = caseOf(name);

    it('accounts for every value', () => {
      for (const { file, text } of files) {
        expect(accountedOf(imported.report.items, file)).toEqual(
          scalarsOf(text),
        );
      }
    });

    it('invents nothing', () => {
      const known = spec.environments.map(({ name: one }) => one);

      expect(known).toEqual(
        expect.arrayContaining(
          imported.spec.environments.map(({ name: one }) => one),
        ),
      );
    });
  },
);

describe.each(['phoenix', 'ngx'])('specs/%s.yaml', name => {
  it('comes back with services, entities, images, addresses and targets', () => {
    const { spec, imported } = caseOf(name);

    expect(partsOf(imported.spec)).toEqual(partsOf(spec));
  });
});

describe('specs/phoenix.yaml', () => {
  it('comes back with what changes deploy, and the workflow of each environment', () => {
    const {
      spec,
      imported: { spec: imported },
    } = caseOf('phoenix');
    const changes = ({ services }: PipelineSpec) =>
      services.map(({ key, paths, sharedPaths }) => [key, paths, sharedPaths]);
    const stages = ({ environments }: PipelineSpec) =>
      environments.map(({ stage }) => ({ ...stage, signedTags: undefined }));

    expect(changes(imported)).toEqual(changes(spec));
    expect(stages(imported)).toEqual(stages(spec));
    expect(stages(spec)[0]).toHaveProperty('kubernetes.manifests');
  });
});
