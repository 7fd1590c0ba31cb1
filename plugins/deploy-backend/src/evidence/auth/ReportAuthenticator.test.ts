import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import express from 'express';
import { generateKeyPair, UnsecuredJWT } from 'jose';
import request from 'supertest';
import { MiddlewareFactory } from '@backstage/backend-defaults/rootHttpRouter';
import { Authorizer } from '../../permissions/Authorizer';
import { LoopbackIssuer, SHA } from './__testUtils__/loopbackIssuer';
import { recordingAuditor } from './__testUtils__/recordingAuditor';
import { OidcVerifier } from './OidcVerifier';
import { ReportAuthenticator, ReportTarget } from './ReportAuthenticator';

const OTHER = 'c'.repeat(40);

describe('ReportAuthenticator', () => {
  let issuer: LoopbackIssuer;
  let auditor: ReturnType<typeof recordingAuditor>;

  beforeEach(async () => {
    issuer = await LoopbackIssuer.start();
    auditor = recordingAuditor();
  });

  afterEach(() => issuer.stop());

  /** Posts a report about `target` to a route that only authenticates. */
  async function post(
    token: string | undefined,
    target: Partial<ReportTarget> = {},
    options: {
      allowed?: string[];
      issuers?: { issuer: string; host: string }[];
    } = {},
  ) {
    const asked: unknown[] = [];
    const permissions = mockServices.permissions.mock({
      authorize: async requests => {
        asked.push(
          ...requests.map(one => [
            one.permission.name,
            'resourceRef' in one && one.resourceRef,
          ]),
        );
        return requests.map(({ permission }) => ({
          result: (options.allowed ?? ['deploy.report']).includes(
            permission.name,
          )
            ? AuthorizeResult.ALLOW
            : AuthorizeResult.DENY,
        }));
      },
      authorizeConditional: async requests =>
        requests.map(({ permission }) => ({
          result: options.allowed?.includes(permission.name)
            ? AuthorizeResult.ALLOW
            : AuthorizeResult.DENY,
        })),
    });
    const authenticator = new ReportAuthenticator({
      httpAuth: mockServices.httpAuth({
        pluginId: 'deploy',
        defaultCredentials: mockCredentials.none(),
      }),
      auditor,
      authorizer: new Authorizer({
        permissions,
        sees: async () => true,
        registry: mockServices.permissionsRegistry.mock({
          getPermissionRuleset: () => ({
            getRuleByName: () => undefined as never,
          }),
        }),
      }),
      verifier: new OidcVerifier({
        issuers: (
          options.issuers ?? [{ issuer: issuer.url, host: 'github.com' }]
        ).map(one => ({ ...one, audience: 'deploy' })),
        logger: mockServices.logger.mock(),
      }),
      pulls: { headOf: async () => OTHER, withHead: async () => [] },
    });
    const app = express();
    app.post('/evidence', async (incoming, response, next) => {
      try {
        response.json(
          await authenticator.authenticate(incoming, {
            entityRef: 'component:default/issuer',
            repository: 'example-org/vvp',
            host: 'github.com',
            commit: SHA,
            trust: {},
            ...target,
          }),
        );
      } catch (error) {
        next(error);
      }
    });
    app.use(
      MiddlewareFactory.create({
        config: mockServices.rootConfig(),
        logger: mockServices.logger.mock(),
      }).error(),
    );
    const call = request(app).post('/evidence');
    if (token !== undefined) {
      call.set('Authorization', `Bearer ${token}`);
    }
    const { status, body } = await call;
    return { status, body, message: String(body.error?.message), asked };
  }

  it('takes the token of a job', async () => {
    const { status, body, asked } = await post(await issuer.token());

    expect(status).toBe(200);
    expect(body).toMatchObject({
      ref: 'main',
      provenance: { kind: 'github-oidc', runId: '7' },
    });
    expect(asked).toEqual([]);
    expect(auditor.events).toEqual([]);
  });

  it.each([
    ['an audience', { aud: 'other' }, 401, '(aud)'],
    ['an issuer', { iss: 'https://evil.example.test' }, 401, '(iss)'],
    ['a time', { exp: 1 }, 401, '(exp)'],
    ['a repository', { repository: 'evil/vvp' }, 403, '(repository)'],
    ['a commit', { sha: OTHER }, 403, '(sha)'],
    ['a ref', { ref: 'refs/heads/other' }, 403, '(ref)'],
    [
      'a workflow',
      { job_workflow_ref: 'evil/x/.github/workflows/x.yml@refs/heads/main' },
      403,
      '(job_workflow_ref)',
    ],
  ])(
    'refuses %s that is wrong, and audits it',
    async (_case, claims, expected, reason) => {
      const token = await issuer.token(claims);

      const { status, message } = await post(token, {
        trust: { refs: ['main'] },
      });

      expect(status).toBe(expected);
      expect(message).toContain(reason);
      expect(auditor.events).toEqual([
        {
          eventId: 'evidence-report',
          status: 'failed',
          withRequest: false,
          error: message,
          meta: expect.objectContaining({
            entityRef: 'component:default/issuer',
            commit: SHA,
            iss: (claims as { iss?: string }).iss ?? issuer.url,
            repository:
              (claims as { repository?: string }).repository ??
              'Example-Org/vvp',
            sha: (claims as { sha?: string }).sha ?? SHA,
            run_id: '7',
          }),
        },
      ]);
      expect(JSON.stringify(auditor.events)).not.toContain(token.slice(0, 30));
    },
  );

  it('refuses a token without signature, and one by a key that is not published', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    const forged = await issuer.token({}, { key: privateKey, kid: 'mine' });
    const unsigned = new UnsecuredJWT(issuer.claims()).encode();

    const answers = [await post(forged), await post(unsigned)];

    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
    expect(auditor.events.map(event => event.meta.verified)).toEqual([
      false,
      false,
    ]);
  });

  it('asks to come back while the issuer is down', async () => {
    issuer.down = true;

    const { status } = await post(await issuer.token());

    expect(status).toBe(503);
  });

  it('keeps what a stranger writes into claims out of the lines of the audit', async () => {
    await post(
      await issuer.token({ repository: `evil/${'x'.repeat(5_000)}\nforged` }),
    );

    const { repository } = auditor.events[0].meta;
    expect(String(repository).length).toBeLessThan(300);
    expect(repository).not.toContain('\n');
  });

  it('tells a stranger’s job the same of a service that there is and of one that there is not', async () => {
    const token = await issuer.token({ repository: 'evil/vvp' });

    const there = await post(token);
    const notThere = await post(token, { repository: undefined });
    const elsewhere = await post(token, { host: 'github.example.test' });

    expect(there.status).toBe(403);
    expect(notThere.body.error).toEqual(there.body.error);
    expect(elsewhere.body.error).toEqual(there.body.error);
  });

  it('does not take a repository for one of the same name on another GitHub', async () => {
    const token = await issuer.token();

    const { status } = await post(token, { host: 'github.example.test' });

    expect(status).toBe(403);
  });

  it('takes the GitHub of an entity for granted only if there is but one', async () => {
    const token = await issuer.token();
    const one = { issuer: issuer.url, host: 'github.com' };
    const two = { issuer: 'https://b.example.test', host: 'b.example.test' };

    const alone = await post(token, { host: undefined });
    const ambiguous = await post(
      token,
      { host: undefined },
      { issuers: [one, two] },
    );

    expect(alone.status).toBe(200);
    expect(ambiguous.status).toBe(403);
  });

  it('ties the report of a pull request to it', async () => {
    const token = await issuer.token({
      ref: 'refs/pull/12/merge',
      event_name: 'pull_request',
    });

    const { body } = await post(token, { commit: OTHER });

    expect(body.pullRequest).toBe(12);
  });

  it.each([
    [
      'a user',
      mockCredentials.user.token(),
      { kind: 'user', userRef: 'user:default/mock' },
    ],
    [
      'a service',
      mockCredentials.service.token({
        onBehalfOf: mockCredentials.service('external:ci'),
        targetPluginId: 'deploy',
      }),
      { kind: 'service', subject: 'external:ci' },
    ],
  ])('takes the token of %s who may', async (_case, token, provenance) => {
    const { status, body, asked } = await post(token);

    expect(status).toBe(200);
    expect(body).toEqual({ provenance });
    expect(asked).toEqual([['deploy.report', 'component:default/issuer']]);
  });

  it('asks for the environment that a report is of', async () => {
    const { asked } = await post(mockCredentials.user.token(), {
      environment: 'production',
    });

    expect(asked).toEqual([
      ['deploy.report', 'component:default/issuer#production'],
    ]);
  });

  it.each([
    [
      'and may not read either: as if it were not there',
      [],
      404,
      'No deployments are tracked',
    ],
    ['but may read', ['deploy.read'], 403, 'deploy.report'],
  ])(
    'refuses a user who may not, %s',
    async (_case, allowed, expected, text) => {
      const { status, message } = await post(
        mockCredentials.user.token(),
        {},
        { allowed },
      );

      expect(status).toBe(expected);
      expect(message).toContain(text);
      expect(auditor.events[0]).toMatchObject({
        status: 'failed',
        meta: { subject: 'user:default/mock' },
      });
    },
  );

  it('tells a user who may not read the same of a service that there is not', async () => {
    const token = mockCredentials.user.token();

    const hidden = await post(token, {}, { allowed: [] });
    const notThere = await post(token, { repository: undefined });

    expect(notThere.status).toBe(404);
    expect(notThere.body.error).toEqual(hidden.body.error);
  });

  it.each([
    ['no token', undefined],
    ['a token that is none', 'nonsense'],
    [
      'a token of Backstage that does not count',
      mockCredentials.user.invalidToken(),
    ],
  ])('refuses %s', async (_case, token) => {
    const { status, message } = await post(token, { repository: undefined });

    expect(status).toBe(401);
    expect(message).toContain('id-token: write');
    expect(auditor.events).toHaveLength(1);
  });
});
