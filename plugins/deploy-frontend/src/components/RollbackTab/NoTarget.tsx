import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { EnvironmentOverview } from '@vvp/backstage-plugin-deploy-common';
import { RefText, Snippet } from '../common';

const useStyles = makeStyles(theme => ({
  text: { maxWidth: '72ch', marginBottom: theme.spacing(1) },
  reasons: { maxWidth: '72ch', marginTop: 0, paddingLeft: theme.spacing(2.5) },
}));

/**
 * Says why nothing can be rolled back in an environment, and what to add.
 *
 * @internal
 */
export function NoTarget(props: {
  service: string;
  /** `owner/name` */
  repository?: string;
  environments: EnvironmentOverview[];
}) {
  const { service, repository, environments } = props;
  const classes = useStyles();
  const explained = environments.filter(each => each.inoperable);
  return (
    <>
      <Typography className={classes.text} variant="body2">
        The portal cannot reach what runs in{' '}
        {environments.map(({ name }) => name).join(', ')}
        {explained.length > 0
          ? ':'
          : ': deploy.yaml does not say what runs there.'}
      </Typography>
      {explained.length > 0 && (
        <ul className={classes.reasons} aria-label="Why not">
          {explained.map(({ name, inoperable = '' }) => (
            <Typography key={name} component="li" variant="body2">
              <strong>{name}</strong>: <RefText text={inoperable} />
            </Typography>
          ))}
        </ul>
      )}
      <Typography className={classes.text} variant="body2">
        It takes two things. In deploy.yaml, the platform and the resource (the
        types are azure-container-app, azure-vm, kubernetes, ecs and
        github-workflow):
      </Typography>
      <Snippet
        label="target for deploy.yaml"
        text={specSnippet(service, environments[0].name)}
      />
      <Typography className={classes.text} variant="body2">
        And in the portal's app-config, a connection that the repository may
        use: ask those who run this portal to add it. github-workflow needs
        none, it uses the GitHub App:
      </Typography>
      <Snippet
        label="connection for app-config"
        text={connectionSnippet(service, repository)}
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

function connectionSnippet(
  service: string,
  repository = 'your-organisation/your-repository',
): string {
  return [
    'deploy:',
    '  targets:',
    '    azure:',
    '      connections:',
    `        - name: ${service}`,
    `          repositories: [${repository}]`,
    '          subscriptionId: ${AZURE_SUBSCRIPTION_ID}',
    '',
  ].join('\n');
}
