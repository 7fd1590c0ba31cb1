import { TemplateExample } from '@backstage/plugin-scaffolder-node';

export const examples: TemplateExample[] = [
  {
    description:
      'Adds a Container App to a monorepo that was fetched, and puts what changed into a folder for a pull request.',
    example: `steps:
  - id: service
    name: Add the service
    action: deploy:service:add
    input:
      directory: repository
      out: changes
      key: call-log
      service:
        entity: component:default/vvp-call-log
        paths: [services/call-log/**]
        test: { language: python, version: '3.12', source: app }
        image: { dockerfile: services/call-log/Dockerfile }
        gates: { coverage: { coverage: lines, minimum: 80 } }
        environments:
          production:
            target:
              type: azure-container-app
              resourceGroup: VVP
              name: vvp-call-log
              image: registry.example.test/vvp-call-log
`,
  },
  {
    description: 'The same from what somebody filled in.',
    example: `steps:
  - id: service
    name: Add the service
    action: deploy:service:add
    input:
      key: \${{ parameters.name }}
      service: \${{ parameters | deployService }}
`,
  },
];
