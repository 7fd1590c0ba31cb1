import { TemplateExample } from '@backstage/plugin-scaffolder-node';

export const examples: TemplateExample[] = [
  {
    description:
      'Writes a deploy.yaml for a repository that was fetched, from the workflows that it has.',
    example: `steps:
  - id: import
    name: Read the workflows
    action: deploy:pipeline:import
    input:
      directory: repository
      repository: example-org/shop
      out: changes
`,
  },
  {
    description:
      'Reads two workflows, and ends the task if there is anything that deploy.yaml has no word for.',
    example: `steps:
  - id: import
    name: Read the workflows
    action: deploy:pipeline:import
    input:
      workflows:
        - .github/workflows/ci.yml
        - .github/workflows/deploy.yml
      failOnUnsupported: true
`,
  },
];
