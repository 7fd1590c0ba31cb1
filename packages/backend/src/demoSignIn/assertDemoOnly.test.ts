import { mockServices } from '@backstage/backend-test-utils';
import { assertDemoOnly } from './assertDemoOnly';

function demoConfig(backend: {
  baseUrl?: string;
  listen?: string | { host?: string; port: number };
}) {
  return mockServices.rootConfig({
    data: {
      demo: { enabled: true },
      backend: {
        baseUrl: 'http://localhost:7007',
        listen: { host: '127.0.0.1', port: 7007 },
        ...backend,
      },
    },
  });
}

describe('assertDemoOnly', () => {
  it.each([
    { baseUrl: 'http://localhost:7007' },
    { baseUrl: 'http://127.0.0.1:7007' },
    { baseUrl: 'http://[::1]:7007', listen: { host: '::1', port: 7007 } },
    { listen: '127.0.0.1:7007' },
  ])('lets the demo start with %j', backend => {
    expect(() =>
      assertDemoOnly(demoConfig(backend), 'development'),
    ).not.toThrow();
  });

  it.each([
    { baseUrl: 'https://portal.example.test' },
    { baseUrl: 'http://127.0.0.1.example.test' },
    { baseUrl: 'http://10.0.0.1:7007' },
    { listen: ':7007' },
    { listen: { port: 7007 } },
    { listen: { host: '0.0.0.0', port: 7007 } },
    { listen: '0.0.0.0:7007' },
  ])('refuses %j, which others can reach', backend => {
    expect(() => assertDemoOnly(demoConfig(backend), 'development')).toThrow(
      'not this machine alone',
    );
  });

  it('refuses production', () => {
    expect(() => assertDemoOnly(demoConfig({}), 'production')).toThrow(
      'NODE_ENV is production',
    );
  });

  it('refuses a configuration that is not the demo', () => {
    const config = mockServices.rootConfig({
      data: { backend: { baseUrl: 'http://localhost:7007' } },
    });

    expect(() => assertDemoOnly(config, 'development')).toThrow(
      'demo.enabled is not true',
    );
  });
});
