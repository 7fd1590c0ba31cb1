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
    description:
      'Brings the pipeline of a repository up to date with a newer version of the generator, as a pull request.',
    example: `steps:
  - id: fetch
    name: Fetch the repository
    action: fetch:plain
    input:
      url: https://github.com/example-org/shop
      targetPath: ./repository
  - id: pipeline
    name: Write the pipeline
    action: deploy:pipeline:generate
    input:
      directory: repository
      out: changes
  - id: pull
    name: Open the pull request
    if: \${{ steps.pipeline.output.written.length > 0 or steps.pipeline.output.obsolete.length > 0 }}
    action: publish:github:pull-request
    input:
      repoUrl: github.com?owner=example-org&repo=shop
      branchName: deploy-pipeline
      sourcePath: changes
      title: The pipeline, generated anew
      description: \${{ steps.pipeline.output.summary }}
      filesToDelete: \${{ steps.pipeline.output.obsolete }}
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
