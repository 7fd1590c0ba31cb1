import { parsePipelineSpec } from '@vvp/backstage-plugin-deploy-common';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cloudDeployments } from './server/clouds/cloudDeployments';
import {
  readGeneratedPlaces,
  readPlaces,
  withVersionUrls,
} from './server/clouds/deployYaml';
import type { WorkflowJob } from './server/state/model';

const HEAD = 'a'.repeat(40);
const CHOSEN = 'b'.repeat(40);
const TRIGGERING = 'c'.repeat(40);

function exampleOf(name: string): string {
  return readFileSync(
    join(__dirname, '../../../examples', name, 'deploy.yaml'),
    'utf8',
  );
}

function jobOf(job: {
  repository: string;
  workflow: string;
  name: string;
  event?: string;
  inputs?: Record<string, string>;
  branch?: string;
  conclusion?: string;
}): WorkflowJob {
  return {
    name: job.name,
    conclusion: job.conclusion ?? 'success',
    completedAt: Date.parse('2026-11-20T10:00:00Z'),
    attempt: {
      run: {
        repository: { fullName: `example-org/${job.repository}` },
        workflow: { path: `.github/workflows/${job.workflow}` },
        event: job.event ?? 'push',
        inputs: job.inputs ?? {},
        headBranch: job.branch ?? 'main',
        headSha: HEAD,
        eventPayload: { workflow_run: { head_sha: TRIGGERING } },
      },
    },
  } as unknown as WorkflowJob;
}

function deployed(job: Parameters<typeof jobOf>[0]): string[] {
  return cloudDeployments(
    readPlaces(exampleOf(job.repository)),
    jobOf(job),
  ).map(
    ({ service, environment, commit }) =>
      `${service} ${environment} ${commit[0]}`,
  );
}

const release = {
  repository: 'edenco',
  workflow: 'deploy-release.yml',
  name: 'bring-back-backend-production',
  event: 'workflow_dispatch',
};

describe('what jobs tell the clouds', () => {
  it.each([
    [
      'a job that deploys one service',
      { repository: 'vvp', workflow: 'deploy.yml', name: 'deploy-issuer' },
      ['issuer production a'],
    ],
    [
      'a leg of a matrix with more values',
      {
        repository: 'vvp',
        workflow: 'deploy.yml',
        name: 'deploy-witnesses (wil, vvp-witness2)',
      },
      ['witness-wil production a'],
    ],
    [
      'a job that another run started',
      { repository: 'ngx-voice', workflow: 'cd.yml', name: 'deploy-staging' },
      ['ngx-voice-agent staging c'],
    ],
    [
      'a job of a feature branch',
      {
        repository: 'edenco',
        workflow: 'ci-cd.yml',
        name: 'deploy-staging',
        branch: 'feature/checkout',
      },
      ['backend staging a', 'frontend staging a'],
    ],
    [
      'a job of a branch that deploys nothing',
      {
        repository: 'edenco',
        workflow: 'ci-cd.yml',
        name: 'deploy-production',
        branch: 'feature/checkout',
      },
      [],
    ],
    [
      'a dispatch with a chosen release',
      {
        ...release,
        inputs: {
          environment: 'production',
          service: 'backend',
          commit: CHOSEN,
        },
      },
      ['backend production b'],
    ],
    [
      'a job that failed',
      {
        repository: 'vvp',
        workflow: 'deploy.yml',
        name: 'deploy-issuer',
        conclusion: 'failure',
      },
      [],
    ],
    [
      'a job that deploys nothing',
      { repository: 'vvp', workflow: 'deploy.yml', name: 'test-issuer' },
      [],
    ],
  ])('is right for %s', (_, job, expected) => {
    expect(deployed(job)).toEqual(expected);
  });
});

describe('a service that came later, whose deploy.yaml names no job', () => {
  const spec = `spec:
  pipeline: { workflow: ship.yml }
  services:
    call-log:
      environments:
        production: { target: { type: azure-container-app, name: vvp-call-log } }
    issuer:
      environments:
        production: { target: { type: azure-container-app }, jobs: [{ workflow: deploy.yml, job: ship }] }
`;

  it.each([
    ['ship.yml', 'deploy-call-log', ['call-log']],
    ['deploy.yml', 'deploy-call-log', []],
    ['ship.yml', 'deploy-issuer', []],
  ])('is deployed by the generated job: %s, %s', (workflow, name, services) => {
    expect(
      cloudDeployments(
        readGeneratedPlaces(spec),
        jobOf({ repository: 'vvp', workflow, name }),
      ).map(({ service }) => service),
    ).toEqual(services);
  });
});

describe('the addresses that versions are asked at', () => {
  it('lead to the clouds, and nothing else changes', () => {
    const before = exampleOf('phoenix-orchestrator');

    const after = withVersionUrls(
      before,
      'http://127.0.0.1:7000/version',
      'example-org/phoenix-orchestrator',
    );

    const [was, is] = [before, after].map(text => {
      const result = parsePipelineSpec(text);
      if (!result.ok) throw new Error(JSON.stringify(result.findings));
      return result.spec;
    });
    const development = is.services[0].environments[0].version;
    expect(development?.url).toBe(
      'http://127.0.0.1:7000/version/example-org/phoenix-orchestrator/orchestrator-service-rs/development',
    );
    expect(development?.commit).toBe('$.commit');
    const withoutUrls = (spec: object) =>
      JSON.stringify(spec).replace(/"version":\{"url":"[^"]+"/g, '"version":{');
    expect(withoutUrls(is)).toBe(withoutUrls(was));
  });
});
