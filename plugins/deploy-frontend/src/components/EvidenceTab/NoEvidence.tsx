import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { EntityInfoCard } from '@backstage/plugin-catalog-react';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { useMayRead } from '../../hooks/useMayRead';
import { usePortalAddress } from '../../hooks/usePortalAddress';
import { reportSnippet } from '../../logic/reportSnippet';
import { Loading, NotAllowed, Snippet } from '../common';
import { OwnerLine } from '../DeploymentsTab/OwnerLine';

const useStyles = makeStyles(theme => ({
  text: { maxWidth: '72ch', marginBottom: theme.spacing(1) },
  button: { textTransform: 'none' },
}));

interface NoEvidenceProps {
  entity: Entity;
  /** Days. */
  period: number;
  /** The backend does not know the service, or does not show it to this user. */
  unknown?: boolean;
  /** Absent where the period is the longest. */
  onLookBack?(): void;
}

/**
 * Says how reports come here.
 *
 * @internal
 */
export function NoEvidence(props: NoEvidenceProps) {
  return props.unknown ? (
    <UnknownService {...props} />
  ) : (
    <HowTo
      {...props}
      title={`No report has come in during the last ${props.period} days`}
    />
  );
}

function UnknownService(props: NoEvidenceProps) {
  const { entity } = props;
  const mayRead = useMayRead(stringifyEntityRef(entity));
  if (mayRead === undefined) {
    return <Loading what="the evidence" />;
  }
  if (mayRead) {
    return <HowTo {...props} title="No report is known yet" />;
  }
  return (
    <>
      <NotAllowed what="the reports of this service" orNone>
        <OwnerLine entity={entity} />
      </NotAllowed>
      <HowTo {...props} title="If it is not set up yet" />
    </>
  );
}

function HowTo(props: NoEvidenceProps & { title: string }) {
  const { entity, title, onLookBack } = props;
  const classes = useStyles();
  const portal = usePortalAddress();
  return (
    <EntityInfoCard title={title}>
      <Typography className={classes.text}>
        Post the reports that the pipeline writes anyway: coverage, tests,
        security and performance. A generated pipeline does so once{' '}
        <code>pipeline.portal</code> in deploy.yaml is <code>{portal}</code>.
        Any other takes a job of its own, which proves who it is with a token of
        its run, so that no secret is needed:
      </Typography>
      <Snippet
        label="jobs of the workflow"
        text={reportSnippet({
          entityRef: stringifyEntityRef(entity),
          portal,
        })}
      />
      <Typography className={classes.text}>
        For other reports, change the file and the <code>type</code>; the format
        is found out.
      </Typography>
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
