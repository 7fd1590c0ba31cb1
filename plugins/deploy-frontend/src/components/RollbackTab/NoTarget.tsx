import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { Snippet } from '../common';

const useStyles = makeStyles(theme => ({
  text: { maxWidth: '72ch', marginBottom: theme.spacing(1) },
}));

/**
 * Says why nothing can be rolled back in an environment, and what to add.
 *
 * @internal
 */
export function NoTarget(props: { service: string; environments: string[] }) {
  const { service, environments } = props;
  const classes = useStyles();
  return (
    <>
      <Typography className={classes.text} variant="body2">
        The portal cannot reach what runs in {environments.join(', ')}: either
        deploy.yaml names no target there, or the portal has no connection that
        this repository may use. It takes both:
      </Typography>
      <Typography variant="body2">
        In deploy.yaml, the platform and the resource (the types are
        azure-container-app, azure-vm, kubernetes, ecs and github-workflow):
      </Typography>
      <Snippet
        label="target for deploy.yaml"
        text={specSnippet(service, environments[0])}
      />
      <Typography variant="body2">
        In the portal's app-config, a connection for the repository; whoever
        runs the portal adds it. github-workflow needs none, it uses the GitHub
        App:
      </Typography>
      <Snippet
        label="connection for app-config"
        text={connectionSnippet(service)}
      />
    </>
  );
}

function specSnippet(service: string, environment: string): string {
  return [
    'spec:',
    '  services:',
    `    ${service}:`,
    '      environments:',
    `        ${environment}:`,
    '          target:',
    '            type: azure-container-app',
    '            resourceGroup: your-resource-group',
    `            name: ${service}`,
    '',
  ].join('\n');
}

function connectionSnippet(service: string): string {
  return [
    'deploy:',
    '  targets:',
    '    azure:',
    '      connections:',
    `        - name: ${service}`,
    '          repositories: [your-organisation/your-repository]',
    '          subscriptionId: ${AZURE_SUBSCRIPTION_ID}',
    '',
  ].join('\n');
}
