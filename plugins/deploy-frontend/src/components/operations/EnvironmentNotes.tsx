import { Link } from '@backstage/core-components';
import { useEntityRefLink } from '@backstage/plugin-catalog-react';
import SvgIcon from '@material-ui/core/SvgIcon';
import { makeStyles, Theme } from '@material-ui/core/styles';
import AcUnitIcon from '@material-ui/icons/AcUnit';
import BlockIcon from '@material-ui/icons/Block';
import LockIcon from '@material-ui/icons/Lock';
import PanToolIcon from '@material-ui/icons/PanTool';
import ScheduleIcon from '@material-ui/icons/Schedule';
import SyncIcon from '@material-ui/icons/Sync';
import { EnvironmentOverview } from '@vvp/backstage-plugin-deploy-common';
import { ReactNode } from 'react';
import { allowsText } from '../../logic/freezes';
import { rollbackUrl } from '../../logic/links';
import { operationTitles } from '../../logic/operations';
import { Tone } from '../../logic/status';
import { ExactMoment, Moment, Person, ToneIcon, toneColor } from '../common';

const useStyles = makeStyles<Theme, { tone: Tone }>(theme => ({
  list: {
    display: 'grid',
    gap: theme.spacing(0.75),
    listStyle: 'none',
    margin: theme.spacing(1, 0),
    padding: 0,
    fontSize: '0.875rem',
    color: theme.palette.text.primary,
  },
  note: {
    display: 'flex',
    gap: theme.spacing(1),
    padding: theme.spacing(0.75, 1.25),
    border: `1px solid ${theme.palette.divider}`,
    borderLeft: ({ tone }) => `4px solid ${toneColor(theme, tone)}`,
    borderRadius: theme.shape.borderRadius,
  },
  sign: { flexShrink: 0, lineHeight: 1.5 },
  words: { minWidth: 0, overflowWrap: 'anywhere' },
  title: { fontWeight: 600 },
  reason: { whiteSpace: 'pre-wrap' },
  link: { textDecoration: 'underline' },
}));

/**
 * What stops or changes an environment just now: operation under way, freeze, lock, hold, quarantine. Who, why and
 * until when.
 *
 * @internal
 */
export function EnvironmentNotes(props: {
  entityRef: string;
  environment: EnvironmentOverview;
}) {
  const { entityRef, environment } = props;
  const { lock, hold, freeze, runningOperation, currentDeployment } =
    environment;
  const quarantine = currentDeployment?.release.quarantine;
  const entityLink = useEntityRefLink();
  const classes = useStyles({ tone: 'neutral' });
  if (!lock && !hold && !freeze && !runningOperation && !quarantine) {
    return null;
  }
  const linkTo = (operationId: string) =>
    rollbackUrl(String(entityLink(entityRef)), operationId);
  return (
    <ul className={classes.list} aria-label={`State of ${environment.name}`}>
      {runningOperation && (
        <Note
          tone="progress"
          icon={runningOperation.status === 'queued' ? ScheduleIcon : SyncIcon}
          turning={runningOperation.status === 'running'}
          title={`${operationTitles[runningOperation.kind]} ${
            runningOperation.status === 'queued' ? 'queued' : 'under way'
          }`}
        >
          <Link className={classes.link} to={linkTo(runningOperation.id)}>
            Watch it
          </Link>
        </Note>
      )}
      {freeze && (
        <Note tone="attention" icon={AcUnitIcon} title="Frozen">
          ({freeze.title}) until <ExactMoment at={freeze.nextOpen} />.{' '}
          {allowsText(freeze.allows)}
        </Note>
      )}
      {lock && (
        <Note tone="attention" icon={LockIcon} title="Locked">
          by <Person by={lock.owner} /> <Moment at={lock.since} />
          {lock.expiresAt ? (
            <>
              , until <ExactMoment at={lock.expiresAt} />
            </>
          ) : (
            ', until it is released'
          )}
          <Reason text={lock.reason} />
        </Note>
      )}
      {hold && (
        <Note tone="attention" icon={PanToolIcon} title="On hold">
          no automatic promotion, by <Person by={hold.by} />{' '}
          <Moment at={hold.since} />
          {hold.operationId && (
            <>
              {', '}
              <Link className={classes.link} to={linkTo(hold.operationId)}>
                set by a rollback
              </Link>
            </>
          )}
          <Reason text={hold.reason} />
        </Note>
      )}
      {quarantine && (
        <Note
          tone="error"
          icon={BlockIcon}
          title="The release here is quarantined"
        >
          by <Person by={quarantine.by} /> <Moment at={quarantine.since} />
          <Reason text={quarantine.reason} />
        </Note>
      )}
    </ul>
  );
}

function Note(props: {
  tone: Tone;
  icon: typeof SvgIcon;
  turning?: boolean;
  title: string;
  children: ReactNode;
}) {
  const { tone, icon, turning, title } = props;
  const classes = useStyles({ tone });
  return (
    <li className={classes.note}>
      <span className={classes.sign}>
        <ToneIcon tone={tone} icon={icon} turning={turning} />
      </span>
      <div className={classes.words}>
        <span className={classes.title}>{title}</span> {props.children}
      </div>
    </li>
  );
}

function Reason(props: { text: string }) {
  const classes = useStyles({ tone: 'neutral' });
  return <div className={classes.reason}>“{props.text}”</div>;
}
