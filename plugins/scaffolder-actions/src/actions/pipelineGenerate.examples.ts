import { TemplateExample } from '@backstage/plugin-scaffolder-node';

export const examples: TemplateExample[] = [
  {
    description: 'Writes the pipeline of the repository in the workspace.',
    example: `steps:
  - id: pipeline
    name: Write the pipeline
    action: deploy:pipeline:generate
`,
  },
  {
    description:
      'Reads a repository that was fetched, and puts what changed into a folder for a pull request.',
    example: `steps:
  - id: pipeline
    name: Write the pipeline
    action: deploy:pipeline:generate
    input:
      directory: repository
      file: deploy.yaml
      out: changes
`,
  },
  {
    description: 'Overwrites files that somebody changed by hand.',
    example: `steps:
  - id: pipeline
    name: Write the pipeline
    action: deploy:pipeline:generate
    input:
      force: true
`,
  },
];
