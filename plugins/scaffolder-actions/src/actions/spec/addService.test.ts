import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parsePipelineSpec } from '@vvp/backstage-plugin-deploy-common';
import { addService } from './addService';
import { serviceEntry, ServiceForm } from './serviceEntry';

const VVP = readFileSync(
  path.resolve(__dirname, '../../../../../examples/vvp/deploy.yaml'),
  'utf8',
);

const FORM: ServiceForm = {
  name: 'call-log',
  entity: 'component:default/vvp-call-log',
  kind: 'container-app',
  language: 'python',
  database: 'postgresql',
  coverage: 80,
  port: 8080,
  healthPath: '/healthz',
  resourceGroup: 'VVP',
  connection: 'vvp',
  image: 'vvpacr.example.test/vvp-call-log',
  url: 'https://vvp-call-log.example.test/',
};

const MACHINE: ServiceForm = {
  ...FORM,
  name: 'sip-log',
  entity: 'component:default/vvp-sip-log',
  kind: 'vm',
  machine: 'vvp-pbx',
  product: 'vvp',
  port: 8090,
};

function add(form: ServiceForm, change: object = {}): string {
  return addService(VVP, {
    key: form.name,
    service: { ...serviceEntry(form), ...change },
  });
}

function serviceIn(text: string, key: string) {
  const result = parsePipelineSpec(text);
  if (!result.ok) {
    throw new Error(JSON.stringify(result.findings));
  }
  return result.spec.services.find(service => service.key === key);
}

describe('addService', () => {
  it('leaves every byte before and behind as it was', () => {
    const before =
      '# first\n\nspec:\n    services:\n        a:   {x: [1,2]} # why\n\n        # of b\n        b:\n          text: |\n            one\n\n            two\n    # last\n    tail: yes\n';

    const after = addService(before, { key: 'c', service: { x: { y: 1 } } });

    expect(after).toBe(
      before.replace(
        '            two\n',
        '            two\n        c:\n          x:\n            y: 1\n',
      ),
    );
  });

  it.each([FORM, MACHINE])('adds a service of kind $kind to VVP', form => {
    const text = add(form);

    expect(text.startsWith(VVP)).toBe(true);
    expect(serviceIn(text, form.name)).toMatchObject({
      entityRef: form.entity,
      paths: [`services/${form.name}/**`],
    });
  });

  it('makes a block of services that are written in one line', () => {
    const text = addService('# kept\nspec:\n  services: {}\n  z: 1 # why\n', {
      key: 'a',
      service: { paths: ['a/**'] },
    });

    expect(text).toBe(
      '# kept\nspec:\n  services:\n    a:\n      paths:\n        - a/**\n  z: 1 # why\n',
    );
  });

  it('keeps comments and order where services are in flow style', () => {
    const text = addService(
      'spec:\n  services: {b: {x: 1}, a: {x: 2}} # why\n  z: 1 # last\n',
      { key: '0', service: { x: 3 } },
    );

    expect(text.replace(/\s+/g, ' ')).toContain('b: { x: 1 } a: { x: 2 }');
    expect(text).toMatch(/# why[^]*z: 1 # last/);
  });

  it('takes values of which YAML would make something else', () => {
    const text = addService('spec:\n  services:\n    a: {}\n', {
      key: 'no',
      service: { version: '3.10', answer: 'yes', colon: 'a: b # c' },
    });

    expect(text).toContain('"3.10"');
    expect(text).toContain('"a: b # c"');
  });

  it.each<[string, ServiceForm, object, string]>([
    [
      'key',
      { ...FORM, name: 'issuer' },
      {},
      'There is a service "issuer" already',
    ],
    [
      'entity',
      { ...FORM, entity: 'Component:default/VVP-Issuer' },
      {},
      'The entity Component:default/VVP-Issuer is that of the service "issuer"',
    ],
    [
      'Container App',
      { ...FORM, image: 'vvpacr.example.test/vvp-issuer' },
      {},
      'The Container App vvp-issuer is that of the service "issuer"',
    ],
    [
      'port of a health check',
      { ...MACHINE, port: 8080 },
      {},
      'The TCP port 8080 on vvp-pbx is that of the service "sip-redirect"',
    ],
    [
      'directory on a machine',
      MACHINE,
      vm({ release: { directory: '/opt/vvp/sip-verify/', unit: 'a.service' } }),
      'The directory /opt/vvp/sip-verify on vvp-pbx is that of the service "sip-verify"',
    ],
    [
      'unit',
      MACHINE,
      vm({ release: { directory: '/opt/a', unit: 'vvp-sip-verify.service' } }),
      'The unit vvp-sip-verify.service on vvp-pbx',
    ],
    [
      'UDP port',
      MACHINE,
      vm({ health: { udpPort: 5071 } }),
      'The UDP port 5071 on vvp-pbx is that of the service "sip-verify"',
    ],
    [
      'shape of its key',
      { ...FORM, name: 'Bad Name' },
      {},
      '"Bad Name" is no key of a service',
    ],
  ])('refuses the %s of another', (_what, form, change, message) => {
    expect(() => add(form, change)).toThrow(message);
  });

  it('lets the same path be used on another machine', () => {
    const text = add(
      MACHINE,
      vm({
        name: 'other',
        release: { directory: '/opt/vvp/sip-verify', unit: 'a.service' },
      }),
    );

    expect(serviceIn(text, 'sip-log')).toBeDefined();
  });

  it.each([
    ['spec: {}\n', 'has no spec.services'],
    ['a: [\n', 'cannot be read'],
    ['', 'has no spec.services'],
  ])('says what is wrong with %j', (text, message) => {
    expect(() => addService(text, { key: 'a', service: {} })).toThrow(message);
  });
});

function vm(target: object): object {
  return {
    environments: {
      production: {
        target: {
          type: 'azure-vm',
          resourceGroup: 'vvp',
          name: 'vvp-pbx',
          ...target,
        },
      },
    },
  };
}
