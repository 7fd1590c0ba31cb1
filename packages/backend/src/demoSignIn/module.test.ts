import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import authPlugin from '@backstage/plugin-auth-backend';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import request from 'supertest';
import demoSignIn from './index';

jest.setTimeout(240_000);

const dana = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'User',
  metadata: { name: 'dana' },
  spec: { memberOf: ['vvp-team'] },
  relations: [{ type: 'memberOf', targetRef: 'group:default/vvp-team' }],
};

function startAuth(config: { demo?: { enabled: boolean }; providers: object }) {
  return startTestBackend({
    features: [
      authPlugin,
      demoSignIn,
      catalogServiceMock.factory({ entities: [dana] }),
      mockServices.rootConfig.factory({
        data: {
          app: { baseUrl: 'http://localhost:3000' },
          backend: {
            baseUrl: 'http://localhost:7007',
            listen: { host: '127.0.0.1', port: 0 },
          },
          auth: { environment: 'development', providers: config.providers },
          ...(config.demo && { demo: config.demo }),
        },
      }),
    ],
  });
}

describe('authModuleDemoSignIn', () => {
  it('signs Dana in with the groups of the catalog', async () => {
    const { server } = await startAuth({
      demo: { enabled: true },
      providers: { demo: {} },
    });

    const signIn = await request(server)
      .get('/api/auth/demo/refresh?env=development')
      .set('x-demo-user', 'dana');

    expect(signIn.status).toBe(200);
    expect(signIn.body.backstageIdentity.identity).toMatchObject({
      userEntityRef: 'user:default/dana',
      ownershipEntityRefs: ['user:default/dana', 'group:default/vvp-team'],
    });
  });

  it.each([{ 'x-demo-user': 'mallory' }, { 'x-demo-user': '' }, {}])(
    'answers 401 to the headers %j',
    async headers => {
      const { server } = await startAuth({
        demo: { enabled: true },
        providers: { demo: {} },
      });

      const response = await request(server)
        .get('/api/auth/demo/refresh?env=development')
        .set(headers);

      expect(response.status).toBe(401);
    },
  );

  it('refuses to start where the demo is not enabled', async () => {
    await expect(startAuth({ providers: { demo: {} } })).rejects.toThrow(
      'demo.enabled is not true',
    );
  });

  it('stays away where nobody configured it', async () => {
    const { server } = await startAuth({ providers: {} });

    const response = await request(server)
      .get('/api/auth/demo/refresh?env=development')
      .set('x-demo-user', 'dana');

    expect(response.status).toBe(404);
  });
});
