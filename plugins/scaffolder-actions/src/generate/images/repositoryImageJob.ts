import { Job, Step } from '../model';
import { Group, PipelinePlan } from '../planModel';
import {
  deployCondition,
  firstJob,
  groupsOfImage,
  needing,
  testsOf,
} from '../jobs/conditions';
import { Reports, withReportJob } from '../jobs/reportJob';
import { checkout } from '../jobs/steps';
import { identityOf, signedFor } from './identity';
import { BuiltImage, installCosign, OwnImage } from './images';
import { buildRole, registryLogin, registryPermissions } from './registry';
import {
  DIGEST,
  emulation,
  IS_NEW,
  oneImageAtATime,
  pushedByDigest,
} from './buildSteps';

const SCAN = 'image-scan.json';
const SARIF = 'image-scan.sarif';

/** From the worst on; each stands for all before it. */
const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;

/**
 * The job that builds the image of a commit without any name, scans and signs it, and only then gives it its names: under
 * the commit stands nothing that was not looked at, and what stands there is not built again. And the job that hands over
 * what the scan found.
 */
export function repositoryImageJobs(
  plan: PipelinePlan,
  group: Group,
  built: BuiltImage,
): [string, Job][] {
  const { settings } = plan;
  const { image } = built;
  const groups = groupsOfImage(plan, built.job);
  const platforms = image.platforms ?? ['linux/amd64'];
  const named = `${image.repository}@${DIGEST}`;
  const needs = [...firstJob(plan), ...testsOf(plan, groups)];
  const job: Job = {
    ...needing(needs),
    if: deployCondition(plan, groups, needs),
    'runs-on': settings.runner,
    'timeout-minutes': image.timeoutMinutes ?? 20,
    permissions: {
      contents: 'read',
      ...registryPermissions(image.repository, 'write'),
      ...(image.sign && { 'id-token': 'write' as const }),
    },
    concurrency: oneImageAtATime(image.repository),
    outputs: {
      image: named,
      reference: `${image.repository}:\${{ github.sha }}@${DIGEST}`,
    },
    steps: [
      checkout(),
      ...registryLogin(image.repository, {
        role: buildRole(settings, image.repository),
      }),
      { name: 'Set up Buildx', uses: 'docker/setup-buildx-action' },
      lookUp(plan, group, image),
      ...(image.sign ? [installCosign(), checkStep(plan, image)] : []),
      ...emulation(platforms).map(step => ({ ...step, if: IS_NEW })),
      buildStep(built, platforms),
      ...(image.scan ? scanSteps(image.scan, named) : []),
      ...(image.sign ? [signStep(named)] : []),
      {
        name: 'Name the image',
        env: { IMAGE: named, NAMES: '${{ steps.image.outputs.names }}' },
        run: '.github/deploy/image-names.sh',
      },
    ],
  };
  return withReportJob(
    settings,
    [built.job, job],
    image.scan ? [reportsOf(built)] : [],
  );
}

function lookUp({ stage }: PipelinePlan, group: Group, image: OwnImage): Step {
  const { repository, tags = [], version } = image;
  return {
    name: 'Look for the image',
    id: 'image',
    env: {
      REPOSITORY: repository,
      TAG: '${{ github.sha }}',
      TAGS: tags.filter(tag => tag !== 'commit').join(' '),
      // A run that another workflow started is always one of the default branch.
      ...(stage.after && {
        BRANCH: '${{ github.event.workflow_run.head_branch }}',
      }),
      ...(tags.includes('environment') && { ENVIRONMENT: group.environment }),
      ...(tags.includes('latest') && {
        DEFAULT_BRANCH: '${{ github.event.repository.default_branch }}',
      }),
      ...(version && { VERSION_FILE: version.file }),
      ...(version?.pattern && { VERSION_PATTERN: version.pattern }),
    },
    run: '.github/deploy/image-find.sh',
  };
}

/** What somebody else pushed under the commit's name is not taken for ours. */
function checkStep(plan: PipelinePlan, { repository }: OwnImage): Step {
  return {
    name: 'Check the signature',
    if: "steps.image.outputs.digest != ''",
    env: {
      IMAGE: `${repository}@\${{ steps.image.outputs.digest }}`,
      IDENTITY: identityOf(plan, repository),
      ...signedFor(plan.stage, '${{ github.sha }}'),
    },
    run: '.github/deploy/image-verify.sh',
  };
}

function buildStep(
  { job, image }: BuiltImage,
  platforms: readonly string[],
): Step {
  // A cache for each image: those of one repository would push each other out.
  const scope = job.replace(/^build-|-image$/g, '');
  return {
    name: 'Build and push the image',
    id: 'build',
    if: IS_NEW,
    uses: 'docker/build-push-action',
    with: {
      context: image.context ?? '.',
      file: image.dockerfile,
      ...(image.target && { target: image.target }),
      platforms: platforms.join(','),
      outputs: pushedByDigest(image.repository),
      labels: 'org.opencontainers.image.revision=${{ github.sha }}',
      'build-args': 'GIT_SHA=${{ github.sha }}',
      // That of this branch, else of the default branch; else whatever is there.
      'cache-from': `type=gha,scope=${scope}\ntype=gha`,
      'cache-to': `type=gha,scope=${scope},mode=max`,
    },
  };
}

function scanSteps(
  { severity, ignoreUnfixed }: NonNullable<OwnImage['scan']>,
  named: string,
): Step[] {
  return [
    {
      name: 'Scan the image',
      uses: 'aquasecurity/trivy-action',
      with: {
        'image-ref': named,
        scanners: 'vuln',
        format: 'json',
        output: SCAN,
        ...(ignoreUnfixed && { 'ignore-unfixed': true }),
      },
    },
    {
      name: 'Judge the scan',
      env: {
        SCAN_REPORT: SCAN,
        SARIF_REPORT: SARIF,
        SEVERITIES: SEVERITIES.slice(0, SEVERITIES.indexOf(severity) + 1)
          .join(',')
          .toUpperCase(),
      },
      run: '.github/deploy/image-scan.sh',
    },
  ];
}

function signStep(named: string): Step {
  return {
    name: 'Sign the image',
    if: IS_NEW,
    env: { IMAGE: named },
    run: 'cosign sign --yes "$IMAGE"',
  };
}

function reportsOf({ services }: BuiltImage): Reports {
  return {
    entities: services.flatMap(({ entityRef }) => entityRef ?? []),
    suite: 'images',
    files: { security: SARIF },
  };
}
