import { TemplateExample } from '@backstage/plugin-scaffolder-node';

export const examples: TemplateExample[] = [
  {
    description: 'Ends the task if anything is wrong with the pipeline.',
    example: `steps:
  - id: check
    name: Check the pipeline
    action: deploy:pipeline:validate
    input:
      directory: repository
`,
  },
  {
    description: 'Goes on, and keeps what is wrong as an output.',
    example: `steps:
  - id: check
    name: Check the pipeline
    action: deploy:pipeline:validate
    input:
      failOnFindings: false
      shellcheck: true
`,
  },
];
