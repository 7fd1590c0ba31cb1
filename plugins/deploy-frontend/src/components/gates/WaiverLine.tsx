import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import { Waiver } from '@vvp/backstage-plugin-deploy-common';
import { ExactMoment, mutedColor } from '../common';

const useStyles = makeStyles(theme => ({
  root: {
    marginTop: theme.spacing(0.75),
    paddingLeft: theme.spacing(1),
    borderLeft: `2px solid ${theme.palette.divider}`,
    fontSize: '0.8125rem',
    overflowWrap: 'anywhere',
  },
  reason: { whiteSpace: 'pre-wrap' },
  facts: { color: mutedColor(theme) },
}));

/**
 * Who let a release through a gate, why, and until when.
 *
 * @internal
 */
export function WaiverLine(props: { waiver: Waiver; active: boolean }) {
  const { grantedBy, reason, expiresAt } = props.waiver;
  const classes = useStyles();
  return (
    <div className={classes.root}>
      <div className={classes.reason}>“{reason}”</div>
      <div className={classes.facts}>
        {props.active ? 'Waived by ' : 'Was waived by '}
        <EntityRefLink entityRef={grantedBy} defaultKind="user" /> until{' '}
        <ExactMoment at={expiresAt} />
      </div>
    </div>
  );
}
