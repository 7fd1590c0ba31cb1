import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { EntityInfoCard } from '@backstage/plugin-catalog-react';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { deployReadPermission } from '@vvp/backstage-plugin-deploy-common';
import { Snippet } from '../common';
import { OwnerLine } from '../DeploymentsTab/OwnerLine';

const useStyles = makeStyles(theme => ({
  text: { maxWidth: '72ch', marginBottom: theme.spacing(1) },
  button: { textTransform: 'none' },
}));

/**
 * Says how reports come here.
 *
 * @internal
 */
export function NoEvidence(props: {
  entity: Entity;
  /** Days. */
  period: number;
  /** The backend does not know the service, or does not show it to this user. */
  unknown?: boolean;
  /** Absent where the period is the longest. */
  onLookBack?(): void;
}) {
  const { entity, period, unknown, onLookBack } = props;
  const classes = useStyles();
  return (
    <EntityInfoCard
      title={
        unknown
          ? 'No report is known yet'
          : `No report has come in during the last ${period} days`
      }
    >
      <Typography className={classes.text}>
        Post the reports that the pipeline writes anyway: coverage, tests,
        security and performance. The job proves who it is with a token of its
        own run, so that no secret is needed.
      </Typography>
      <Snippet
        label="steps of the workflow"
        text={stepSnippet(stringifyEntityRef(entity))}
      />
      <Typography className={classes.text}>
        Set <code>BACKSTAGE_URL</code> as a variable of the repository to the
        address of this portal's backend. For other reports, change the file and
        the <code>type</code>; the format is found out.
      </Typography>
      {unknown && (
        <>
          <Typography className={classes.text}>
            It is set up already? Then you may lack the permission{' '}
            <code>{deployReadPermission.name}</code> for this service.
          </Typography>
          <OwnerLine entity={entity} />
        </>
      )}
      {onLookBack && (
        <Button
          className={classes.button}
          variant="outlined"
          size="small"
          onClick={onLookBack}
        >
          Look back 90 days
        </Button>
      )}
    </EntityInfoCard>
  );
}

function stepSnippet(entityRef: string): string {
  return [
    'permissions:',
    '  id-token: write',
    'steps:',
    '  - name: Report the coverage',
    '    if: always()',
    '    env:',
    `      BACKSTAGE_URL: \${{ vars.BACKSTAGE_URL }}`,
    '    run: |',
    '      token=$(curl -sSf -H "Authorization: Bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" \\',
    '        "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=deploy" | jq -r .value)',
    '      curl -sSf -H "Authorization: Bearer $token" -H "Content-Type: application/octet-stream" \\',
    '        --data-binary @coverage.xml \\',
    `        "$BACKSTAGE_URL/api/deploy/evidence?entityRef=${entityRef}&commit=$GITHUB_SHA&type=coverage&suite=unit"`,
    '',
  ].join('\n');
}
