import { parsePipelineSpec } from './parsePipelineSpec';
import { findingsOf, specOf, validText } from './testing';

function change(from: string, to: string): string {
  expect(validText).toContain(from);
  return validText.replace(from, to);
}

describe('parsePipelineSpec', () => {
  it('puts a file in order and fills what is left out', () => {
    expect(specOf(validText)).toEqual({
      name: 'vvp',
      repository: 'example-org/vvp',
      environments: [
        {
          name: 'staging',
          tier: 'staging',
          url: 'https://staging.example.test',
          order: 0,
        },
        { name: 'production', tier: 'production', order: 1 },
      ],
      services: [
        {
          key: 'verifier',
          entityRef: 'component:default/vvp-verifier',
          paths: ['services/verifier/**'],
          sharedPaths: ['common/**'],
          environments: [
            {
              name: 'staging',
              tier: 'staging',
              url: 'https://staging.example.test',
              order: 0,
              jobs: [
                {
                  workflow: 'deploy.yml',
                  job: 'stage',
                  matrix: { replica: '1' },
                  commit: 'triggering-run',
                },
              ],
            },
            {
              name: 'production',
              tier: 'production',
              url: 'https://verifier.example.test',
              order: 1,
              version: {
                url: 'https://verifier.example.test/version',
                commit: '$.git_sha',
              },
              target: {
                type: 'azure-container-app',
                resourceGroup: 'VVP',
                name: 'vvp-verifier',
              },
              jobs: [
                {
                  workflow: 'deploy.yml',
                  job: 'deploy-verifier',
                  branches: ['main'],
                  commit: 'run',
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it('reads an alias as what it stands for', () => {
    const text = change(
      'paths: [services/verifier/**]',
      'paths: &shared [services/verifier/**]',
    ).replace('[common/**]', '*shared');

    expect(specOf(text).services[0].sharedPaths).toEqual([
      'services/verifier/**',
    ]);
  });

  it.each(['no', 'on', 'yes', '12:30:45', '0o14x', '2001-01-01'])(
    'keeps %s as text, as YAML 1.2 does',
    branch => {
      const text = change('branches: [main]', `branches: [${branch}]`);

      expect(specOf(text).services[0].environments[1].jobs[0].branches).toEqual(
        [branch],
      );
    },
  );

  it('reads Windows line ends and a byte order mark', () => {
    const text = `\uFEFF${validText.replace(/\n/g, '\r\n')}`;

    expect(specOf(text)).toEqual(specOf(validText));
  });

  it.each([
    [
      'a misspelt key',
      'paths:',
      'pahts:',
      '16:7 unknown key "pahts" in "verifier". Did you mean "paths"?',
    ],
    [
      'a key of a later version',
      'kind: Pipeline',
      'kind: Pipeline\ngates: []',
      '3:1 unknown key "gates" in the file. Known here: "apiVersion", "kind", "metadata", "spec".',
    ],
    [
      'a misspelt key of a target',
      'resourceGroup',
      'resourceGruop',
      '22:48 unknown key "resourceGruop" in "target". Did you mean "resourceGroup"?',
    ],
    [
      'an unknown target',
      'azure-container-app',
      'azure-container',
      '22:21 the type of "target" is "azure-container", which is not known. Did you mean "azure-container-app"?',
    ],
    [
      'a target without type',
      'type: azure-container-app, ',
      '',
      '22:11 the key "type" is missing in "target". Add it.',
    ],
    [
      'an unknown tier',
      'tier: production',
      'tier: prod',
      '12:7 "tier" is "prod", which is not known. Known here: "development", "staging", "production", "preview".',
    ],
    [
      'another version',
      'v1alpha1',
      'v2',
      '1:1 "apiVersion" is "deploy.vvp.io/v2", which is not known.',
    ],
    [
      'a number for text',
      'name: vvp\n',
      'name: 12\n',
      '4:3 "name" must be text, but is a number. Put it in quotes: "12".',
    ],
    [
      'a number among branches',
      '[main]',
      '[1.10]',
      '26:26 item 1 of "branches" must be text, but is a number.',
    ],
    [
      'nothing for text',
      'name: vvp\n',
      'name:\n',
      '4:3 "name" must be text, but is empty.',
    ],
    [
      'text for a list',
      'paths: [services/verifier/**]',
      'paths: services/verifier/**',
      '16:7 "paths" must be a list, but is text.',
    ],
    [
      'a short entity reference',
      'Component:default/VVP-verifier',
      'vvp-verifier',
      '15:7 "entity" does not have the right form. Expected: Full reference of the catalog entity',
    ],
    [
      'an upper-case service',
      'verifier:\n',
      'Verifier:\n',
      '14:5 the key "Verifier" in "services" is not a valid name.',
    ],
    [
      'a workflow with folders',
      'workflow: deploy.yml\n',
      'workflow: .github/workflows/deploy.yml\n',
      '24:15 "workflow" does not have the right form. Expected: File name',
    ],
    [
      'an address without scheme',
      'url: https://verifier.example.test\n',
      'url: verifier.example.test\n',
      '20:11 "url" does not have the right form.',
    ],
    [
      'an address of a file',
      'url: https://verifier.example.test\n',
      'url: file:///etc/passwd\n',
      '20:11 "url" does not have the right form.',
    ],
    [
      'an address that is none',
      'url: https://verifier.example.test\n',
      'url: "https://["\n',
      '20:11 this is no address.',
    ],
    [
      'an address with a password',
      'https://verifier.example.test/version',
      'https://user:word@verifier.example.test/version',
      '21:22 the address holds a user or password. Remove what stands before the @',
    ],
    [
      'a path to the commit that is none',
      '$.git_sha',
      'git_sha',
      '21:66 "commit" does not have the right form. Expected: Path to the commit',
    ],
    [
      'an absolute path',
      '[services/verifier/**]',
      '[/etc/passwd]',
      '16:15 the path "/etc/passwd" is absolute.',
    ],
    [
      'a path of Windows',
      '[services/verifier/**]',
      "['C:\\code']",
      '16:15 the path "C:\\\\code" is absolute.',
    ],
    [
      'a path that leaves the repository',
      '[services/verifier/**]',
      '[services/../../x]',
      '16:15 the path "services/../../x" leaves the repository.',
    ],
    [
      'an undeclared environment',
      '        production:',
      '        prodution:',
      '19:9 the environment "prodution" is not declared. Add it to spec.environments. Did you mean "production"?',
    ],
    [
      'an environment twice',
      'name: production',
      'name: staging',
      '11:7 the environment "staging" is declared twice.',
    ],
    [
      'a key twice',
      '      paths:',
      '      entity: component:default/x\n      paths:',
      '16:7 the key "entity" is there twice. It was first on line 15; keep one of the two.',
    ],
    [
      '__proto__',
      'verifier:\n',
      '__proto__:\n',
      '14:5 the key "__proto__" is reserved.',
    ],
    [
      'constructor',
      '        production:',
      '        constructor:',
      '19:9 the key "constructor" is reserved.',
    ],
    [
      'a merge key',
      'kind: Pipeline',
      'kind: Pipeline\n<<: {}',
      '3:1 merge keys (<<) are not part of YAML 1.2.',
    ],
    [
      'another YAML',
      'apiVersion',
      '%YAML 1.1\n---\napiVersion',
      '1:1 the file asks for another version of YAML than 1.2.',
    ],
    [
      'a tag',
      'name: vvp\n',
      'name: !!binary dnZw\n',
      '4:9 not valid YAML: Unresolved tag: tag:yaml.org,2002:binary. Remove the tag.',
    ],
    [
      'a key that is a list',
      'kind: Pipeline',
      '? [a]\n: b',
      '2:3 not valid YAML: With stringKeys, all keys must be strings.',
    ],
    [
      'a tab',
      '  name: vvp',
      '\tname: vvp',
      '4:1 not valid YAML: Tabs are not allowed as indentation. Indent with spaces.',
    ],
    [
      'an unknown alias',
      '[main]',
      '*main',
      '26:25 the alias "main" has no anchor above it.',
    ],
    [
      'an alias of itself',
      '[main]',
      '&main [*main]',
      '26:32 the alias "main" refers to itself.',
    ],
  ])('refuses %s', (_, from, to, expected) => {
    expect(findingsOf(change(from, to)).join('\n')).toContain(
      `deploy.yaml:${expected}`,
    );
  });

  it('names both services of one key', () => {
    const text = `${validText}    verifier:\n      environments: {}\n`;

    expect(findingsOf(text)).toEqual([
      'deploy.yaml:30:5 the key "verifier" is there twice. It was first on line 14; keep one of the two.',
    ]);
  });

  it('refuses two services of one entity', () => {
    const text = `${validText}    other:
      entity: component:default/vvp-verifier
      environments: { staging: {} }
`;

    expect(findingsOf(text)).toEqual([
      'deploy.yaml:31:7 the services "verifier" and "other" both name component:default/vvp-verifier. Give each service an entity of its own.',
    ]);
  });

  it('refuses several documents', () => {
    expect(findingsOf(`${validText}---\n${validText}`)).toEqual([
      'deploy.yaml:30:1 the file holds several documents. Keep one document and remove the line --- and what follows.',
    ]);
  });

  it.each([
    ['an empty file', '', '1:1 the file is empty'],
    ['a file of comments', '# nothing\n', '1:1 the file is empty'],
    ['a file that is text', 'hello', '1:1 the file must be a map, but is text'],
    [
      'a file that is a list',
      '- a',
      '1:1 the file must be a map, but is a list',
    ],
    ['a file that is not YAML', 'a: [', '1:5 not valid YAML'],
    ['a NUL byte', 'a\n b\0', '2:3 the file holds a NUL byte'],
  ])('refuses %s', (_, text, expected) => {
    expect(findingsOf(text)[0]).toContain(expected);
  });

  it('finds everything at once, in the order of the file', () => {
    const text = validText
      .replace('tier: staging', 'tier: stage')
      .replace('paths:', 'path:')
      .replace('kind: Pipeline', 'kind: Pipelin');

    expect(findingsOf(text).map(line => line.split(' ')[0])).toEqual([
      'deploy.yaml:2:1',
      'deploy.yaml:9:7',
      'deploy.yaml:16:7',
    ]);
  });

  it('takes events whose runs may bring reports besides the safe ones', () => {
    const text = change(
      '  environments:\n    - name: staging',
      '  evidence: { events: [workflow_run, check_run] }\n  environments:\n    - name: staging',
    );

    expect(specOf(text).evidence).toEqual({
      events: ['workflow_run', 'check_run'],
    });
  });

  it.each([
    ['[workflow-run]', '7:24 item 1 of "events" does not have the right form'],
    ['["*"]', '7:24 item 1 of "events" does not have the right form'],
    ['[]', '7:15 "events" must NOT have fewer than 1 items'],
    ['workflow_run', '7:15 "events" must be a list'],
  ])('refuses events: %s', (events, expected) => {
    const text = change(
      '  environments:\n    - name: staging',
      `  evidence: { events: ${events} }\n  environments:\n    - name: staging`,
    );

    expect(findingsOf(text)).toEqual([expect.stringContaining(expected)]);
  });

  it('does not repeat a value that may be a secret', () => {
    const text = change(
      'resourceGroup: VVP',
      'resourceGroup: VVP, connection: "s3cr3t value"',
    );

    expect(findingsOf(text).join('\n')).not.toContain('s3cr3t');
  });

  it('points into the document', () => {
    const result = parsePipelineSpec(change('tier: production', 'tier: x'));

    expect(result).toMatchObject({
      ok: false,
      findings: [{ path: '/spec/environments/1/tier', line: 12, column: 7 }],
    });
  });
});
