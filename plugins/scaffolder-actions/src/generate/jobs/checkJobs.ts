import { mergeGates, ServiceSpec } from '@vvp/backstage-plugin-deploy-common';
import { expressionOf } from '../expressions';
import { Job, Step } from '../model';
import { names } from '../names';
import { PipelinePlan, Unit } from '../planModel';
import {
  firstJob,
  isByHand,
  isConfirmed,
  isWanted,
  needing,
  unitsBehind,
} from './conditions';
import { withReportJob } from './reportJob';
import { awsLogin, checkout, commentStep, ofThisRepository } from './steps';

/** Of the scan of Terraform; its action takes the newest unless told. */
const TFSEC = 'v1.28.11';

const BYTES: Readonly<Record<string, number>> = {
  bytes: 1,
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

/** The job that builds the image of a service and pushes it nowhere, and its report; none without an image. */
export function buildJobs(
  plan: PipelinePlan,
  unit: Unit,
  ofPullRequest: boolean,
): [string, Job][] {
  const service = unit.services.find(({ image }) => image);
  if (!service?.image) {
    return [];
  }
  const { settings } = plan;
  const { image } = service;
  const tag = `${unit.key}:check`;
  const maximum = largestImage(plan, unit.services);
  const reports = {
    entities: unit.services.flatMap(({ entityRef }) => entityRef ?? []),
    suite: 'image',
    files: { performance: 'image-size.json' },
  };
  const job: Job = {
    ...(ofPullRequest
      ? {}
      : {
          ...needing(firstJob(plan)),
          if: isWanted(
            plan,
            unitsBehind(plan, unit.key, names.check(unit.key)),
          ),
        }),
    'runs-on': settings.runner,
    'timeout-minutes': image.timeoutMinutes ?? 20,
    permissions: { contents: 'read' },
    steps: [
      checkout(),
      { name: 'Set up Buildx', uses: 'docker/setup-buildx-action' },
      {
        name: 'Build the image',
        uses: 'docker/build-push-action',
        with: {
          context: image.context ?? '.',
          file: image.dockerfile,
          ...(image.target && { target: image.target }),
          push: false,
          load: true,
          tags: tag,
          'build-args': 'GIT_SHA=${{ github.sha }}',
          'cache-from': 'type=gha',
          'cache-to': 'type=gha,mode=max',
        },
      },
      {
        name: 'Measure the image',
        env: {
          IMAGE: tag,
          SIZE_REPORT: 'image-size.json',
          ...(maximum !== undefined && { MAXIMUM_BYTES: String(maximum) }),
        },
        run: '.github/deploy/image-size.sh',
      },
    ],
  };
  return withReportJob(settings, [names.check(unit.key), job], [reports], {
    ofPullRequest,
  });
}

/** The least that the gates of services with one image ask of its size, in bytes. */
function largestImage(
  { spec }: PipelinePlan,
  services: readonly ServiceSpec[],
): number | undefined {
  const [limit] = services
    .flatMap(({ gates }) => mergeGates([spec.gates, gates]))
    .filter(
      ({ evidence, metric }) =>
        evidence?.type === 'performance' && metric?.name === 'image.size',
    )
    .flatMap(({ metric, maximum, lessThan }) => {
      const unit = BYTES[metric?.unit ?? 'bytes'] ?? Number.NaN;
      return [
        ...(maximum === undefined ? [] : [Math.floor(maximum * unit)]),
        ...(lessThan === undefined ? [] : [Math.ceil(lessThan * unit) - 1]),
      ];
    })
    .filter(Number.isFinite)
    .sort((left, right) => left - right);
  return limit;
}

/** The job that checks the form, the meaning and the safety of Terraform, without any cloud, and its report. */
export function terraformJobs(
  plan: PipelinePlan,
  ofPullRequest: boolean,
): [string, Job][] {
  const { settings } = plan;
  const { terraform } = settings;
  if (!terraform) {
    return [];
  }
  const reports = {
    entities: plan.spec.services.flatMap(({ entityRef }) => entityRef ?? []),
    suite: 'terraform',
    files: {
      test: `${terraform.directory}/terraform-validate.json`,
      security: 'tfsec.sarif',
    },
  };
  const job: Job = {
    ...(ofPullRequest
      ? {}
      : { ...needing(firstJob(plan)), if: anyIsWanted(plan) }),
    'runs-on': settings.runner,
    'timeout-minutes': 15,
    permissions: { contents: 'read' },
    steps: [
      checkout(),
      setUpTerraform(terraform.version),
      {
        name: 'Check the format',
        'working-directory': terraform.directory,
        run: 'terraform fmt -check -diff -recursive',
      },
      {
        name: 'Validate',
        'working-directory': terraform.directory,
        run: [
          'terraform init -backend=false -input=false',
          'terraform validate -json | tee terraform-validate.json',
        ].join('\n'),
      },
      {
        name: 'Scan',
        if: '!cancelled()',
        uses: 'aquasecurity/tfsec-action',
        with: {
          working_directory: terraform.directory,
          version: TFSEC,
          format: 'sarif',
          additional_args: '--out tfsec.sarif',
          github_token: '${{ github.token }}',
        },
      },
    ],
  };
  return withReportJob(settings, ['terraform', job], [reports], {
    ofPullRequest,
  });
}

function anyIsWanted(plan: PipelinePlan): string {
  return isByHand(plan)
    ? isConfirmed('DEPLOY', plan.stage.allowed)
    : plan.units.map(({ key }) => isWanted(plan, [key])).join(' || ');
}

/** The job that shows what a pull request would change, by a role that may only read. */
export function planJob({ settings, groups }: PipelinePlan): Job | undefined {
  const { terraform, aws } = settings;
  const [region] = groups.flatMap(({ placements: [{ target }] }) =>
    target.type === 'ecs' ? target.region : [],
  );
  return terraform && aws.planRole && region
    ? {
        needs: ['terraform'],
        if: ofThisRepository,
        'runs-on': settings.runner,
        'timeout-minutes': 15,
        permissions: {
          contents: 'read',
          'id-token': 'write',
          'pull-requests': 'write',
        },
        steps: [
          checkout(),
          awsLogin(expressionOf(aws.planRole), region),
          setUpTerraform(terraform.version),
          {
            name: 'Plan',
            env: {
              TERRAFORM_DIRECTORY: terraform.directory,
              COMMENT_FILE: 'terraform-plan.md',
            },
            run: '.github/deploy/terraform-plan.sh',
          },
          commentStep('terraform-plan', 'terraform-plan.md'),
        ],
      }
    : undefined;
}

function setUpTerraform(version: string): Step {
  return {
    name: 'Set up Terraform',
    uses: 'hashicorp/setup-terraform',
    with: { terraform_version: version, terraform_wrapper: false },
  };
}
