import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { EXAMPLES, generate, SHOP, specOf } from '../__testUtils__/generating';
import { planPipeline } from '../plan';

jest.setTimeout(240_000);

const example = (name: string) =>
  readFileSync(path.join(EXAMPLES, name, 'deploy.yaml'), 'utf8');

/** Time limits of jobs, by workflow and job. */
function limitsOf(text: string): Record<string, Record<string, number>> {
  return Object.fromEntries(
    generate(text)
      .filter(file => /workflows\/.*\.yml$/.test(file.path))
      .map(file => [
        path.basename(file.path),
        Object.fromEntries(
          Object.entries<any>(parse(file.content).jobs).map(([key, job]) => [
            key,
            job['timeout-minutes'],
          ]),
        ),
      ]),
  );
}

function problemsOf(text: string): string[] {
  const planned = planPipeline(specOf(text));
  return 'problems' in planned
    ? planned.problems.map(({ message }) => message)
    : [];
}

const deploy = (of: string) =>
  SHOP.replace('deploy: { environment', `${of}deploy: { environment`);

describe('the time limit of a deployment', () => {
  // Azure: 4 minutes of commands and 8 until it is well, each way.
  const WAY = 4 + 8;

  it.each([
    ['', 5 + 20 + 2 * (WAY + 3)],
    ['verify: { attempts: 1 }\n          ', 5 + 20 + 2 * (WAY + 3)],
    [
      'verify: { attempts: 20, seconds: 5 }\n          ',
      // Each look waits ten seconds for its answer.
      5 + 20 + 2 * (WAY + (20 * 15) / 60),
    ],
  ])('to a Container App has room for both ways: %j', (verify, minutes) => {
    expect(limitsOf(deploy(verify))['deploy.yml']['deploy-shop']).toBe(minutes);
  });

  it('has no room for the image where another job builds it', () => {
    const own = SHOP.replace(
      'image: { dockerfile: Dockerfile }',
      'image: { dockerfile: Dockerfile, repository: ghcr.io/example-org/shop }',
    ).replace(', image: registry.example.test/shop', '');
    const longer = SHOP.replace(
      'image: { dockerfile: Dockerfile }',
      'image: { dockerfile: Dockerfile, timeoutMinutes: 24 }',
    );

    expect(limitsOf(own)['deploy.yml']['deploy-shop']).toBe(35);
    expect(limitsOf(SHOP)['deploy.yml']['deploy-shop']).toBe(55);
    expect(limitsOf(longer)['deploy.yml']['deploy-shop']).toBe(59);
  });

  it('is as long as deploy.yaml asks, and never too short for the way back', () => {
    const limit = (minutes: number) =>
      limitsOf(
        SHOP.replace('deploy: {', `deploy: { timeoutMinutes: ${minutes},`),
      )['deploy.yml']['deploy-shop'];

    expect(limit(90)).toBe(90);
    expect(limit(10)).toBe(55);
  });

  it('by docker compose has the containers be well twice, back by hand as well', () => {
    const text = example('edenco');
    const limits = (seconds: number) =>
      limitsOf(
        text.replace(/healthSeconds: 120/g, `healthSeconds: ${seconds}`),
      );
    const usual = 5 + 10 + 2 * (10 + 2 + 3);

    expect(limits(120)['ci-cd.yml']['deploy-production']).toBe(usual);
    expect(limits(1200)['ci-cd.yml']['deploy-production']).toBe(usual + 2 * 18);
    expect(
      limits(1200)['deploy-release.yml']['bring-back-backend-production'],
    ).toBe(usual + 2 * 18);
  });

  it('to a machine is longer than its script may run, and wait for its turn', () => {
    const limits = limitsOf(example('vvp'))['deploy.yml'];
    const seconds = (file: string, name: string) =>
      Number(
        new RegExp(`${name}=\\$\\{${name}:-(\\d+)\\}`).exec(
          readFileSync(path.join(EXAMPLES, 'vvp/.github/deploy', file), 'utf8'),
        )?.[1],
      );
    const needed = ['turn_seconds', 'limit_seconds', 'grace_seconds']
      .map(name => seconds('azure-vm-run.sh', name))
      .reduce((sum, one) => sum + one / 60, 0);

    expect(needed).toBe(15 + 30 + 2);
    expect(limits['deploy-sip-redirect']).toBeGreaterThan(needed);
  });

  it('to ECS has both ways, and the watch; with the time that old and new run side by side', () => {
    const { 'cd.yml': limits, 'manual-deploy.yml': manual } = limitsOf(
      example('ngx-voice'),
    );

    expect(limits['deploy-staging']).toBe(5 + 2 * (20 + 3));
    expect(limits['deploy-production']).toBe(5 + 15 + 2 * (20 + 50 + 3));
    expect(Object.values(manual)).toEqual([
      limits['deploy-staging'],
      limits['deploy-production'],
    ]);
    expect(limitsOf(example('sandbox-broker'))['deploy.yml'].deploy).toBe(
      5 + 20 + 2 * (20 + 3),
    );
  });

  it('to Kubernetes has the canary besides, and the role is good for as long', () => {
    const text = example('phoenix-orchestrator');
    const limits = limitsOf(text);
    const both = 9 + 2 * (15 + 3);
    const roles = generate(text)
      .filter(file => file.path.endsWith('deploy-production.yml'))
      .flatMap(file => [
        ...file.content.matchAll(/role-duration-seconds: (\d+)/g),
      ]);

    expect(limits['deploy-staging.yml']['deploy-frontend']).toBe(both);
    expect(limits['deploy-production.yml']['deploy-frontend']).toBe(
      both + 15 + 2 * 5,
    );
    expect(roles.length).toBeGreaterThan(0);
    expect(new Set(roles.map(([, seconds]) => Number(seconds)))).toEqual(
      new Set([(both + 15 + 2 * 5) * 60]),
    );
    expect(
      generate(text).find(file => file.path === 'deploy/aws/README.md')
        ?.content,
    ).toContain(`--max-session-duration ${(both + 15 + 2 * 5) * 60}`);
  });

  it('refuses looks that outlive the login to Azure, or a job of GitHub', () => {
    expect(
      problemsOf(deploy('verify: { attempts: 60, seconds: 5 }\n          ')),
    ).toEqual([
      'a deployment of shop and its way back may take 79 minutes, and a login to Azure is good for 60',
    ]);
    expect(
      problemsOf(
        example('edenco').replace(
          /attempts: 12, seconds: 5/g,
          'attempts: 120, seconds: 60',
        ),
      ).join(),
    ).not.toContain('GitHub ends jobs');
    expect(
      problemsOf(
        example('edenco')
          .replace(/attempts: 12, seconds: 5/g, 'attempts: 120, seconds: 60')
          .replace(/healthSeconds: 120/g, 'healthSeconds: 1800'),
      )[0],
    ).toBe(
      'a deployment of backend and its way back may take 375 minutes, and GitHub ends jobs after 360',
    );
  });
});
