import { ConfigReader } from '@backstage/config';
import { JsonObject, JsonValue } from '@backstage/types';
import {
  GateRule,
  readGateSettings,
} from '@vvp/backstage-plugin-deploy-common';
import { configuredGatesFor, GatedPlace } from './configuredGatesFor';
import { readGateConfig } from './readGateConfig';

function read(gates: JsonValue) {
  return readGateConfig(new ConfigReader({ deploy: { gates } }));
}

const minimum = (value: number) => ({ coverage: 'lines', minimum: value });

function ownRules(gates: JsonObject): GateRule[] {
  const result = readGateSettings(gates);
  if (!result.ok) {
    throw new Error(result.findings[0].message);
  }
  return Object.values(result.gates).flatMap(rule => rule || []);
}

const place: GatedPlace = {
  entityRef: 'component:default/vvp-verifier',
  owner: 'group:default/vvp-team',
  system: 'system:default/vvp',
  repository: 'example-org/vvp',
  environment: 'production',
  tier: 'production',
  previousEnvironment: 'staging',
};

describe('readGateConfig', () => {
  it('reads what applies to which services', () => {
    const config = read([
      {
        match: { owner: 'group:default/VVP-*', tier: 'production' },
        required: true,
        gates: { coverage: minimum(50) },
      },
      { gates: { old: false } },
    ]);

    expect(config).toEqual([
      {
        match: { owner: 'group:default/vvp-*', tier: 'production' },
        required: true,
        gates: {
          coverage: expect.objectContaining({ name: 'coverage', minimum: 50 }),
        },
      },
      { match: {}, required: false, gates: { old: false } },
    ]);
  });

  it('is empty without configuration', () => {
    expect(readGateConfig(new ConfigReader({}))).toEqual([]);
  });

  it.each([
    [
      [{ gates: { a: { coverage: 'lines', minimum: '79 %' } } }],
      'deploy.gates[0].gates.a.minimum: "minimum" must be a number, but is text. Expected: At least this is asked, a number alone: 79, not 79 %.',
    ],
    [
      [{ gates: {} }, { gates: { a: { coverage: 'lines' } } }],
      'deploy.gates[1].gates.a.coverage: the gate does not say how many "lines" are asked',
    ],
    [
      [{ gates: { a: { mininum: 1 } } }],
      'deploy.gates[0].gates.a.mininum: unknown key "mininum" in "a". Did you mean "minimum"?',
    ],
    [
      [{ match: { team: 'a' }, gates: {} }],
      'deploy.gates[0].match.team: is not known; use entity, owner, system, repository, environment, tier only',
    ],
    [
      [{ gates: {}, enforce: true }],
      'deploy.gates[0].enforce: is not known; use match, required, gates only',
    ],
    [[{ match: {} }], 'deploy.gates[0].gates: is missing'],
    [
      [{ required: true, gates: { a: false } }],
      'deploy.gates[0].gates.a: a required gate cannot be false',
    ],
    [[{ required: 'often', gates: {} }], "key 'deploy.gates[0].required'"],
    [[{ match: { tier: 3 }, gates: {} }], "key 'deploy.gates[0].match.tier'"],
  ])('refuses %j', (gates, message) => {
    expect(() => read(gates)).toThrow(message);
  });
});

describe('configuredGatesFor', () => {
  const namesFor = (gates: JsonValue, own: JsonObject = {}) =>
    configuredGatesFor(place, read(gates), ownRules(own)).map(
      ({ name, minimum: least }) => `${name} ${least}`,
    );

  it.each([
    [{}, true],
    [{ entity: 'component:default/vvp-*' }, true],
    [{ entity: 'component:default/phoenix-*' }, false],
    [{ owner: 'group:*/vvp-team', system: 'system:default/vvp' }, true],
    [{ owner: 'group:*/vvp-team', system: 'system:default/x' }, false],
    [{ repository: 'Example-Org/*' }, true],
    [{ environment: 'prod*' }, true],
    [{ environment: 'prod' }, false],
    [{ tier: 'staging' }, false],
  ])('with match %j applies: %p', (match, applies) => {
    expect(namesFor([{ match, gates: { a: minimum(1) } }])).toEqual(
      applies ? ['a 1'] : [],
    );
  });

  it('asks nothing of who has no owner by an owner', () => {
    const configured = read([
      { match: { owner: '*' }, gates: { a: minimum(1) } },
    ]);

    expect(
      configuredGatesFor({ ...place, owner: undefined }, configured, []),
    ).toEqual([]);
  });

  it('lets later entries and deploy.yaml replace earlier rules', () => {
    const gates = [
      { gates: { a: minimum(1), b: minimum(1), c: minimum(1) } },
      { gates: { b: minimum(2), c: false } },
    ];

    expect(namesFor(gates, { a: minimum(3), d: minimum(3) })).toEqual([
      'a 3',
      'b 2',
      'd 3',
    ]);
  });

  it('keeps a required rule beside that of deploy.yaml', () => {
    const gates = [
      { required: true, gates: { coverage: minimum(50) } },
      { gates: { coverage: false } },
    ];

    expect(namesFor(gates, { coverage: minimum(20) })).toEqual([
      'required-coverage 50',
      'coverage 20',
    ]);
  });

  it('names the environment before', () => {
    const configured = read([
      { gates: { soak: { soak: { in: 'previous', for: '1 hour' } } } },
    ]);

    expect(configuredGatesFor(place, configured, [])).toMatchObject([
      { soak: { environment: 'staging', seconds: 3600 } },
    ]);
  });
});
