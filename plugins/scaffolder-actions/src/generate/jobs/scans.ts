import { RepositoryTestsSpec } from '@vvp/backstage-plugin-deploy-common';
import { secret } from '../expressions';
import { isOwn } from '../images/images';
import {
  buildRole,
  registryLogin,
  registryPermissions,
} from '../images/registry';
import { Permissions, Step } from '../model';
import { PipelinePlan } from '../planModel';
import { Reports } from './reportJob';

type Scan = NonNullable<RepositoryTestsSpec[string]['scan']>;

/** What CodeQL calls the file of a language, where that is not its name. */
const CODEQL_FILES: Readonly<Record<string, string>> = {
  'javascript-typescript': 'javascript',
  'java-kotlin': 'java',
  'c-cpp': 'cpp',
};

/** From the worst on; each stands for all before it. */
const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;

/** A report of a scan: where it lies, and what tells it apart from others of the same job. */
export interface ScanReport {
  file: string;
  suffix?: string;
  /** The services that it is about; those of the tests unless said otherwise. */
  entities?: Reports['entities'];
}

/** What a scan may do besides reading the code. */
export function scanPermissions(
  plan: PipelinePlan,
  { type }: Scan,
): Permissions {
  switch (type) {
    case 'codeql':
      return { actions: 'read', 'security-events': 'write' };
    case 'secrets':
    case 'commits':
      return { 'pull-requests': 'read' };
    case 'image':
      return Object.assign(
        {},
        ...imagesToScan(plan).map(({ repository }) =>
          registryPermissions(repository, 'read'),
        ),
      );
    default:
      return {};
  }
}

/** Whether all commits have to be there, and not the newest alone. */
export function needsHistory({ type }: Scan): boolean {
  return type === 'secrets' || type === 'commits';
}

/** The steps of a scan; those that look for vulnerabilities are judged last, so that all of them are reported. */
export function scanSteps(plan: PipelinePlan, scan: Scan): Step[] {
  return [...stepsOf(plan, scan), ...judgement(plan, scan)];
}

/** What a scan leaves behind. */
export function scanReports(plan: PipelinePlan, scan: Scan): ScanReport[] {
  switch (scan.type) {
    case 'codeql':
      return (scan.languages ?? []).map((language, _, all) => ({
        file: `codeql/${CODEQL_FILES[language] ?? language}.sarif`,
        ...(all.length > 1 && { suffix: language }),
      }));
    case 'secrets':
      return [{ file: 'results.sarif' }];
    case 'dependencies':
      return [{ file: 'dependencies.sarif' }];
    case 'image':
      return imagesToScan(plan).map(({ key, entityRef, file }) => ({
        file,
        suffix: key,
        entities: entityRef ? [entityRef] : [],
      }));
    default:
      return [];
  }
}

function stepsOf(plan: PipelinePlan, scan: Scan): Step[] {
  switch (scan.type) {
    case 'codeql':
      return [
        {
          name: 'Begin the analysis',
          uses: 'github/codeql-action/init',
          with: { languages: (scan.languages ?? []).join(',') },
        },
        {
          name: 'Analyse the code',
          uses: 'github/codeql-action/analyze',
          with: { output: 'codeql' },
        },
      ];
    case 'secrets':
      return [
        {
          name: 'Look for secrets',
          uses: 'gitleaks/gitleaks-action',
          env: {
            GITHUB_TOKEN: '${{ github.token }}',
            GITLEAKS_ENABLE_COMMENTS: 'false',
            // It is kept with the other reports.
            GITLEAKS_ENABLE_UPLOAD_ARTIFACT: 'false',
            ...(scan.licence && { GITLEAKS_LICENSE: secret(scan.licence) }),
          },
        },
      ];
    case 'commits':
      return [
        { name: 'Check the messages', uses: 'wagoid/commitlint-github-action' },
      ];
    case 'dependencies':
      return [trivy('Scan dependencies', 'dependencies.sarif')];
    default:
      return imageSteps(plan, scan.tag ?? 'latest');
  }
}

function imageSteps(plan: PipelinePlan, tag: string): Step[] {
  const images = imagesToScan(plan);
  const logins = images.flatMap(({ repository }) =>
    registryLogin(repository, { role: buildRole(plan.settings, repository) }),
  );
  return [
    ...logins.filter(
      (step, index) =>
        logins.findIndex(
          other => JSON.stringify(other) === JSON.stringify(step),
        ) === index,
    ),
    ...images.map(({ key, repository, file }) => ({
      name: `Scan ${key}`,
      if: '!cancelled()',
      uses: 'aquasecurity/trivy-action',
      with: {
        'image-ref': `${repository}:${tag}`,
        scanners: 'vuln',
        format: 'sarif',
        output: file,
      },
    })),
  ];
}

function trivy(name: string, output: string): Step {
  return {
    name,
    uses: 'aquasecurity/trivy-action',
    with: {
      'scan-type': 'fs',
      'scan-ref': '.',
      scanners: 'vuln',
      format: 'sarif',
      output,
    },
  };
}

function judgement(plan: PipelinePlan, scan: Scan): Step[] {
  const { severity } = scan;
  return severity
    ? [
        {
          name: 'Judge what was found',
          if: '!cancelled()',
          env: {
            SARIF_REPORTS: scanReports(plan, scan)
              .map(({ file }) => file)
              .join(' '),
            SEVERITIES: SEVERITIES.slice(
              0,
              SEVERITIES.indexOf(severity) + 1,
            ).join(' '),
          },
          run: '.github/deploy/judge-sarif.sh',
        },
      ]
    : [];
}

function imagesToScan({ spec }: PipelinePlan) {
  return spec.services.flatMap(({ key, entityRef, image }) =>
    isOwn(image)
      ? [
          {
            key,
            entityRef,
            repository: image.repository,
            file: `image-${key}.sarif`,
          },
        ]
      : [],
  );
}
