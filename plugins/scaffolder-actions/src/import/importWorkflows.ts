import {
  parsePipelineSpec,
  PipelineSpec,
} from '@vvp/backstage-plugin-deploy-common';
import { Document, visit } from 'yaml';
import { Finding, WorkflowFile } from '../lint';
import { hidesSomething, printable } from '../workflows/printable';
import { assembleCleanup, assembleManual } from './assemble/byHand';
import { assembleName } from './assemble/compose';
import {
  assembleEnvironments,
  deploymentsByHand,
  deploymentsOf,
} from './assemble/deployments';
import { assembleEntities } from './assemble/entities';
import { assembleFailures } from './assemble/failures';
import { assembleImageSize, assemblePipeline } from './assemble/pipeline';
import { Deployment, Repository, slug } from './assemble/Repository';
import { repositoryName } from './assemble/repositoryName';
import { assembleRepositoryTests } from './assemble/repositoryTests';
import { assembleServices } from './assemble/services';
import { SpecDraft } from './assemble/SpecDraft';
import { assembleTitleOfAfter } from './assemble/starts';
import { keepStructure } from './assemble/structure';
import { placedTests } from './assemble/testPlaces';
import { assembleServiceTests } from './assemble/tests';
import { Accounts } from './report/Accounts';
import { buildItems } from './report/buildItems';
import { keepWhatIsGenerated, missingIn } from './report/compareGenerated';
import { compareJobs, generatedOf } from './report/compareJobs';
import {
  OF_A_SERVICE,
  OF_CONTAINER_APPS,
  UNKNOWN_KEYS,
} from './report/openKeys';
import { JobView } from './source/JobView';
import { ReadWorkflow, readWorkflow } from './source/readWorkflow';
import { ImportReport, OpenKey } from './types';

/** As many as a person can go through. */
const MOST_FILES = 50;

/** More than these are a fault of this tool, not of a workflow. */
const MOST_REFUSALS = 200;

/**
 * What workflows do not say of themselves.
 *
 * @public
 */
export interface ImportOptions {
  /** `owner/name` of the repository that the workflows are of. */
  repository?: string;
}

/**
 * A `deploy.yaml` made of workflows, or what stands in the way.
 *
 * @public
 */
export type ImportResult =
  | { text: string; spec: PipelineSpec; report: ImportReport }
  | { findings: Finding[] };

/**
 * Reads the workflows of a repository, by whatever author, into a `deploy.yaml`, and accounts for every value in them:
 * it became a key, or what is generated does the same, or nothing stands in for it. Pure: nothing is run or asked.
 *
 * @public
 */
export function importWorkflows(
  files: readonly WorkflowFile[],
  options: ImportOptions = {},
): ImportResult {
  const read = files.slice(0, MOST_FILES).map(file => ({
    file: file.file,
    result: readWorkflow(file),
  }));
  const findings = [
    ...tooMany(files),
    ...read.flatMap(({ file, result }) =>
      'problems' in result
        ? result.problems.map(problem => ({ file, rule: 'import', ...problem }))
        : [],
    ),
  ];
  const workflows = read.flatMap(({ result }) =>
    'problems' in result ? [] : [result],
  );
  return findings.length > 0 ? { findings } : assemble(workflows, options);
}

function tooMany(files: readonly WorkflowFile[]): Finding[] {
  const place = { line: 1, column: 1, rule: 'import' };
  if (files.length === 0) {
    return [
      {
        ...place,
        file: '.github/workflows',
        message: 'there is no workflow',
        remedy: 'Name a workflow, or a folder with some.',
      },
    ];
  }
  return files.length > MOST_FILES
    ? [
        {
          ...place,
          file: files[MOST_FILES].file,
          message: `there are ${files.length} workflows, and no more than ${MOST_FILES} are read at once`,
          remedy: 'Name those that test and deploy.',
        },
      ]
    : [];
}

function assemble(
  workflows: readonly ReadWorkflow[],
  options: ImportOptions,
): ImportResult {
  const accounts = new Accounts();
  const draft = new SpecDraft(accounts);
  const repository = new Repository(workflows, draft);
  const name = options.repository ?? repositoryName(repository);
  const deployments = deploymentsOf(repository);
  const tests = repository.jobs.filter(({ facts }) => facts.has('testRun'));
  const placed = placedTests(repository, deployments);
  const isPlaced = ({ key, workflow }: JobView) =>
    placed.some(({ job }) => job.key === key && job.workflow === workflow);
  assemblePipeline(repository, deployments, repository.jobs.filter(isPlaced));
  assembleEnvironments(repository, deployments);
  assembleServices(repository, deployments);
  assembleName(repository, deployments);
  guessService(draft, deployments, name);
  assembleServiceTests(
    repository,
    deployments,
    tests.filter(job => !isPlaced(job)),
  );
  assembleEntities(repository, deployments);
  assembleRepositoryTests(repository, deployments, placed);
  assembleTitleOfAfter(repository);
  assembleFailures(repository);
  assembleManual(repository, deploymentsByHand(repository, deployments));
  assembleCleanup(repository);
  assembleImageSize(repository, deployments);
  keepStructure(repository, deployments);
  const checked = checkedSpec(draft, name);
  if ('findings' in checked) {
    return checked;
  }
  const generated = generatedOf(checked.spec);
  const missing = missingIn(checked.spec);
  if (generated) {
    keepWhatIsGenerated(generated.workflows, workflows, accounts);
  }
  compareJobs({ repository, deployments }, checked.spec, generated);
  return {
    ...checked,
    report: {
      items: buildItems(workflows, accounts),
      guessed: draft.guessed,
      unknown: [
        ...UNKNOWN_KEYS.filter(
          ({ key }) => !(name && key === 'spec.repository'),
        ),
        ...draft.open,
        ...unknownOfServices(checked.spec),
        ...unknownOfTargets(checked.spec),
        ...missing.filter(
          one => !UNKNOWN_KEYS.some(({ key }) => key === one.key),
        ),
      ],
    },
  };
}

/** A spec has a service, whatever the workflows are about. */
function guessService(
  draft: SpecDraft,
  deployments: readonly Deployment[],
  repository = '',
): void {
  if (deployments.length === 0) {
    const key = slug(repository.replace(/^.*\//, '')) || 'service';
    draft.guess(
      ['spec', 'services', key, 'environments', 'production'],
      {},
      'since no job was understood to deploy anything',
    );
  }
}

/** The spec that the draft is, without what a spec must not hold; whatever said that is told why. */
function checkedSpec(
  draft: SpecDraft,
  repository: string | undefined,
): { text: string; spec: PipelineSpec } | { findings: Finding[] } {
  const named = draft.name ?? slug((repository ?? '').replace(/^.*\//, ''));
  if (!named) {
    draft.guessed.push({
      key: 'metadata.name',
      message: '"pipeline", since workflows do not say it',
      remedy: 'Say it by --repository owner/name, or change it.',
    });
  }
  for (let refusals = 0; ; refusals += 1) {
    const text = render(draft, named || 'pipeline', repository);
    const result = parsePipelineSpec(text);
    if (result.ok) {
      return { text, spec: result.spec };
    }
    const [finding] = result.findings;
    const path = finding.path
      .split('/')
      .slice(1)
      .map(segment => segment.replace(/~1/g, '/').replace(/~0/g, '~'));
    if (refusals > MOST_REFUSALS || path.length < 3) {
      return {
        findings: result.findings.map(({ line, column, message, remedy }) => ({
          file: 'deploy.yaml',
          line,
          column,
          rule: 'deploy.yaml',
          message,
          remedy,
        })),
      };
    }
    draft.remove(path, {
      message: `${path.join('.')}: ${finding.message}`,
      remedy: finding.remedy,
    });
  }
}

/**
 * In the order in which people read it; values that YAML 1.1 would take for something else are quoted, and characters that
 * nobody sees are written out.
 */
function render(
  { document }: SpecDraft,
  name: string,
  repository: string | undefined,
): string {
  const { pipeline, tests, environments, services } = document.spec as Record<
    string,
    unknown
  >;
  const written = new Document(
    {
      apiVersion: 'deploy.vvp.io/v1alpha1',
      kind: 'Pipeline',
      metadata: { name },
      spec: {
        ...(repository !== undefined && { repository }),
        pipeline,
        ...(tests !== undefined && { tests }),
        environments,
        services: Object.fromEntries(
          Object.entries(services as Record<string, object>).map(
            ([key, service]) => [key, inOrder(service)],
          ),
        ),
      },
    },
    { compat: 'yaml-1.1', aliasDuplicateObjects: false },
  );
  visit(written, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'string' && hidesSomething(scalar.value)) {
        scalar.type = 'QUOTE_DOUBLE';
      }
    },
  });
  return printable(written.toString({ lineWidth: 0 }));
}

const ORDER = [
  'entity',
  'paths',
  'sharedPaths',
  'test',
  'testedBy',
  'image',
  'gates',
  'environments',
];

function inOrder(service: object): object {
  return Object.fromEntries(
    Object.entries(service).sort(
      ([left], [right]) => ORDER.indexOf(left) - ORDER.indexOf(right),
    ),
  );
}

function unknownOfTargets({ services }: PipelineSpec): OpenKey[] {
  const targets = services.flatMap(({ environments }) =>
    environments.map(({ target }) => target?.type),
  );
  return targets.includes('azure-container-app') ? [OF_CONTAINER_APPS] : [];
}

function unknownOfServices(spec: PipelineSpec): OpenKey[] {
  return spec.services.flatMap(service =>
    OF_A_SERVICE.filter(({ key }) =>
      key === 'paths' ? service.paths.length === 0 : !service.entityRef,
    ).map(one => ({ ...one, key: `spec.services.${service.key}.${one.key}` })),
  );
}
