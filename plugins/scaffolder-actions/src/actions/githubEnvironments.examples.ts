import { TemplateExample } from '@backstage/plugin-scaffolder-node';

export const examples: TemplateExample[] = [
  {
    description:
      'Lets the portal decide what goes in, from the branch main alone.',
    example: `steps:
  - id: environments
    name: Protect production
    action: deploy:github:environments
    input:
      repoUrl: github.com?owner=example-org&repo=shop
      environments: [production]
      branches: [main]
      protectionRuleApp: deploy-portal
`,
  },
  {
    description: 'Asks for a review of the platform team, and waits.',
    example: `steps:
  - id: environments
    name: Protect the environments of the new service
    action: deploy:github:environments
    input:
      repoUrl: \${{ parameters.repoUrl }}
      environments: \${{ steps.service.output.environments }}
      teams: [platform-team]
      preventSelfReview: true
      waitMinutes: 10
`,
  },
];
