import { PipelineDocument } from './schema';
import { quote } from './suggest';

type Report = (
  path: readonly string[],
  message: string,
  remedy: string,
) => void;

/** Workflows that a safety level has besides those that deploy. */
const CHECKS = ['test.yml', 'build.yml', 'terraform.yml'];

/** Inputs that workflows which deploy may have anyway. */
const INPUTS = [
  'confirm',
  'version',
  'image_tag',
  'rollback',
  'rollback_environment',
  'deploy_percentage',
];

/** Files of the workflows that deploy. */
export function deployingFiles({ spec }: PipelineDocument): string[] {
  const { workflow = 'deploy.yml' } = spec.pipeline ?? {};
  return [
    ...new Set(
      spec.environments.map(({ deploy }) => deploy?.workflow ?? workflow),
    ),
  ];
}

/** File names of generated workflows besides those that deploy or test. */
export function takenFiles({ spec }: PipelineDocument): string[] {
  const { safetyLevel, cleanup, manual } = spec.pipeline ?? {};
  const goesToEcs = Object.values(spec.services).some(({ environments }) =>
    Object.values(environments).some(({ target }) => target?.type === 'ecs'),
  );
  return [
    ...(safetyLevel === undefined ? [] : CHECKS),
    ...(goesToEcs ? [manual?.workflow ?? 'rollback.yml'] : []),
    ...(cleanup ? ['cleanup.yml'] : []),
  ];
}

/** Checks in which workflows is deployed, and what starts them. */
export function checkStages(document: PipelineDocument, report: Report): void {
  checkSafetyLevel(document, report);
  checkFiles(document, report);
  checkCases(document, report);
  checkTags(document, report);
  checkAfter(document, report);
  checkOwnCommits(document, report);
  checkInput(document, report);
}

function checkInput({ spec }: PipelineDocument, report: Report): void {
  const { serviceInput } = spec.pipeline ?? {};
  if (serviceInput !== undefined && INPUTS.includes(serviceInput)) {
    report(
      ['spec', 'pipeline', 'serviceInput'],
      `the input "${serviceInput}" is there for something else`,
      'Give it another name, such as specific_service.',
    );
  }
}

function checkSafetyLevel({ spec }: PipelineDocument, report: Report): void {
  const { safetyLevel, pullRequests, after } = spec.pipeline ?? {};
  if (safetyLevel !== undefined && pullRequests) {
    report(
      ['spec', 'pipeline', 'pullRequests'],
      'with a "safetyLevel" pull requests have workflows of their own',
      'Remove "pullRequests": from level 1 on they are tested.',
    );
  }
  if (after && (safetyLevel ?? 5) < 5) {
    report(
      ['spec', 'pipeline', 'after'],
      `at safety level ${safetyLevel} nothing is deployed by itself`,
      'Remove "after", or use safetyLevel: 5.',
    );
  }
}

function checkFiles(document: PipelineDocument, report: Report): void {
  const { spec } = document;
  const taken = takenFiles(document);
  const places: [string[], string | undefined][] = [
    [['spec', 'pipeline', 'workflow'], spec.pipeline?.workflow],
    ...spec.environments.map(
      ({ deploy }, index): [string[], string | undefined] => [
        ['spec', 'environments', String(index), 'deploy', 'workflow'],
        deploy?.workflow,
      ],
    ),
  ];
  for (const [path, file] of places) {
    if (file !== undefined && taken.includes(file)) {
      report(
        path,
        `${file} is the name of another generated workflow`,
        'Name another file.',
      );
    }
  }
}

/** Where upper and lower case are the same, as in many a checkout, one file would replace the other. */
function checkCases(document: PipelineDocument, report: Report): void {
  const { spec } = document;
  const places: [string[], string][] = [
    ...deployingFiles(document).map((file): [string[], string] => [
      placeOf(document, file),
      file,
    ]),
    ...(spec.pipeline?.manual
      ? [
          [
            ['spec', 'pipeline', 'manual', 'workflow'],
            spec.pipeline.manual.workflow,
          ] as [string[], string],
        ]
      : []),
    ...Object.entries(spec.tests ?? {}).flatMap(
      ([key, { workflow }]): [string[], string][] =>
        workflow ? [[['spec', 'tests', key, 'workflow'], workflow]] : [],
    ),
    ...waysBack(document),
  ];
  const spelled = new Map(
    takenFiles(document).map(file => [file.toLowerCase(), file]),
  );
  for (const [path, file] of places) {
    const other = spelled.get(file.toLowerCase()) ?? file;
    if (other !== file) {
      report(
        path,
        `the workflows ${other} and ${file} differ in upper and lower case only`,
        'Name another file.',
      );
    }
    spelled.set(file.toLowerCase(), other);
  }
}

function placeOf({ spec }: PipelineDocument, file: string): string[] {
  const index = spec.environments.findIndex(
    ({ deploy }) => deploy?.workflow === file,
  );
  return index < 0
    ? ['spec', 'pipeline', 'workflow']
    : ['spec', 'environments', String(index), 'deploy', 'workflow'];
}

/** Workflows that bring releases back by docker compose. */
function waysBack({ spec }: PipelineDocument): [string[], string][] {
  return Object.entries(spec.services).flatMap(([key, { environments }]) =>
    Object.entries(environments).flatMap(
      ([name, { target }]): [string[], string][] =>
        target?.type === 'github-workflow' && spec.pipeline
          ? [
              [
                [
                  ...['spec', 'services', key, 'environments', name],
                  ...['target', 'workflow'],
                ],
                target.workflow,
              ],
            ]
          : [],
    ),
  );
}

function checkTags({ spec }: PipelineDocument, report: Report): void {
  spec.environments.forEach(({ deploy }, index) => {
    if (deploy?.signedTags && !deploy.tags) {
      report(
        ['spec', 'environments', String(index), 'deploy', 'signedTags'],
        'no tags are deployed here',
        "Say which ones, such as tags: ['v*'].",
      );
    }
    if (deploy?.signedTags && spec.pipeline?.safetyLevel === 4) {
      report(
        ['spec', 'environments', String(index), 'deploy', 'signedTags'],
        'at safety level 4 nobody looks at the signature of a tag: somebody types what is to be deployed',
        'Remove "signedTags", or use safetyLevel: 5.',
      );
    }
  });
}

/** The workflow that comes first has to be known, to run for pushes, and to be the one that the portal looks for. */
function checkAfter(document: PipelineDocument, report: Report): void {
  const { spec } = document;
  const { after, workflow = 'deploy.yml' } = spec.pipeline ?? {};
  if (!after) {
    return;
  }
  const path = ['spec', 'pipeline', 'after'];
  const tests = Object.values(spec.tests ?? {}).filter(
    one => one.workflow === after.workflow,
  );
  if (deployingFiles(document).includes(after.workflow)) {
    report(
      [...path, 'workflow'],
      `${after.workflow} is a workflow that deploys`,
      'Name the one that has to succeed before.',
    );
  } else if (tests.length === 0 && after.title === undefined) {
    report(
      path,
      `there are no tests in ${after.workflow}`,
      'Add its "title": GitHub knows it by its name only.',
    );
  } else if (
    tests.length > 0 &&
    !tests.some(one => one.on?.includes('push') || one.pushPaths)
  ) {
    report(
      [...path, 'workflow'],
      `${after.workflow} does not run for pushes, and would never start a deployment`,
      'Add on: [push] to its tests.',
    );
  }
  spec.environments.forEach(({ deploy }, index) => {
    if (deploy?.tags && (deploy.workflow ?? workflow) === workflow) {
      report(
        ['spec', 'environments', String(index), 'deploy', 'tags'],
        `${workflow} is started by ${after.workflow}, and not by tags`,
        'Give this environment a workflow of its own.',
      );
    }
  });
  checkCommits(document, workflow, report);
}

/** The portal has to take the commit of the run that came before for the one that is deployed. */
function checkCommits(
  { spec }: PipelineDocument,
  workflow: string,
  report: Report,
): void {
  for (const [service, { environments }] of Object.entries(spec.services)) {
    for (const [name, { jobs = [] }] of Object.entries(environments)) {
      jobs.forEach((job, index) => {
        if (job.workflow === workflow && job.commit !== 'triggering-run') {
          report(
            [
              ...['spec', 'services', service, 'environments', name],
              ...['jobs', String(index)],
            ],
            `${quote(
              job.job,
            )} deploys the commit of the run that started it, and this says otherwise`,
            'Add commit: triggering-run.',
          );
        }
      });
    }
  }
}

/** What no other run started has no commit but its own: the portal would find none. */
function checkOwnCommits(document: PipelineDocument, report: Report): void {
  const { pipeline, services } = document.spec;
  // Below safety level 4 no workflow that deploys is generated: one of that name is somebody's own.
  if (!pipeline || (pipeline.safetyLevel ?? 5) < 4) {
    return;
  }
  const { after, workflow = 'deploy.yml' } = pipeline;
  const files = deployingFiles(document).filter(
    file => !after || file !== workflow,
  );
  for (const [service, { environments }] of Object.entries(services)) {
    for (const [name, { jobs = [] }] of Object.entries(environments)) {
      jobs.forEach((job, index) => {
        if (files.includes(job.workflow) && job.commit === 'triggering-run') {
          report(
            [
              ...['spec', 'services', service, 'environments', name],
              ...['jobs', String(index), 'commit'],
            ],
            `no other run starts ${job.workflow}, whose commit ${quote(
              job.job,
            )} could deploy`,
            'Remove "commit", or say by pipeline.after what starts it.',
          );
        }
      });
    }
  }
}
