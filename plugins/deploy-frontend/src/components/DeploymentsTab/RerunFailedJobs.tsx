import { Link } from '@backstage/core-components';
import { useEntityRefLink } from '@backstage/plugin-catalog-react';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import {
  Deployment,
  deployOperatePermission,
} from '@vvp/backstage-plugin-deploy-common';
import { useId, useState } from 'react';
import { useMayOperate } from '../../hooks/useMayOperate';
import { rollbackUrl } from '../../logic/links';
import { releaseName } from '../../logic/promotions';
import { mayBeRerun } from '../../logic/rerun';
import { mutedColor } from '../common';
import { ReasonDialog, rerunFailedJobs } from '../operations';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    marginBottom: theme.spacing(1),
    fontSize: '0.8125rem',
  },
  button: { textTransform: 'none' },
  why: { color: mutedColor(theme) },
  link: { textDecoration: 'underline' },
}));

/**
 * Offers to run the failed jobs again of the run that a failed deployment came from.
 *
 * @internal
 */
export function RerunFailedJobs(props: { deployment: Deployment }) {
  return mayBeRerun(props.deployment) ? (
    <Rerun deployment={props.deployment} />
  ) : null;
}

function Rerun(props: { deployment: Deployment }) {
  const { deployment } = props;
  const { entityRef, environment } = deployment;
  const classes = useStyles();
  const entityLink = useEntityRefLink();
  const mayOperate = useMayOperate(entityRef, environment);
  const [asking, setAsking] = useState(false);
  const [operationId, setOperationId] = useState<string>();
  const whyId = useId();
  const release = releaseName(deployment.release);
  return (
    <div className={classes.root}>
      <Button
        className={classes.button}
        size="small"
        variant="outlined"
        disabled={!mayOperate || operationId !== undefined}
        onClick={() => setAsking(true)}
        aria-label={`Re-run failed jobs of ${release} in ${environment}…`}
        aria-describedby={mayOperate === false ? whyId : undefined}
      >
        Re-run failed jobs…
      </Button>
      {mayOperate === false && (
        <span id={whyId} className={classes.why}>
          It takes the permission <code>{deployOperatePermission.name}</code>{' '}
          for {environment}.
        </span>
      )}
      <span role="status">
        {operationId && (
          <>
            The re-run was started.{' '}
            <Link
              className={classes.link}
              to={rollbackUrl(String(entityLink(entityRef)), operationId)}
            >
              Watch it
            </Link>
          </>
        )}
      </span>
      {asking && (
        <ReasonDialog
          entityRef={entityRef}
          environment={environment}
          action={rerunFailedJobs(deployment.id, release, environment)}
          onClose={() => setAsking(false)}
          onDone={result => {
            setAsking(false);
            if ('operationId' in result) {
              setOperationId(result.operationId);
            }
          }}
        />
      )}
    </div>
  );
}
