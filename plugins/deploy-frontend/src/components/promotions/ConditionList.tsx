import SvgIcon from '@material-ui/core/SvgIcon';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import CancelIcon from '@material-ui/icons/Cancel';
import CheckCircleIcon from '@material-ui/icons/CheckCircle';
import HourglassEmptyIcon from '@material-ui/icons/HourglassEmpty';
import PanToolIcon from '@material-ui/icons/PanTool';
import { Condition, ConditionState } from '@vvp/backstage-plugin-deploy-common';
import { useId } from 'react';
import { conditionTexts, groupConditions } from '../../logic/promotions';
import { ExactMoment, Moment, mutedColor, RefText, ToneLabel } from '../common';
import { People } from './People';

const icons: Record<ConditionState, typeof SvgIcon> = {
  met: CheckCircleIcon,
  unmet: CancelIcon,
  pending: HourglassEmptyIcon,
  waived: PanToolIcon,
};

const useStyles = makeStyles(theme => ({
  groups: { display: 'grid', gap: theme.spacing(2) },
  heading: { fontSize: '0.9375rem', fontWeight: 600 },
  list: { listStyle: 'none', margin: 0, padding: 0 },
  item: {
    display: 'grid',
    gridTemplateColumns: '6.5em minmax(0, 1fr)',
    columnGap: theme.spacing(1.5),
    padding: theme.spacing(0.75, 0),
    borderTop: `1px solid ${theme.palette.divider}`,
    fontSize: '0.875rem',
    lineHeight: 1.5,
    color: theme.palette.text.primary,
    '&:first-child': { borderTop: 0 },
    [theme.breakpoints.down('xs')]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  words: { minWidth: 0, overflowWrap: 'anywhere' },
  title: { fontWeight: 600 },
  aside: { color: mutedColor(theme), fontSize: '0.8125rem' },
}));

/**
 * Conditions between a release and an environment: those of the release, of people, of the moment. What is
 * open says since when, until when and who can clear it.
 *
 * @internal
 */
export function ConditionList(props: { conditions: readonly Condition[] }) {
  const classes = useStyles();
  const id = useId();
  return (
    <div className={classes.groups}>
      {groupConditions(props.conditions).map(group => (
        <div key={group.key}>
          <Typography
            className={classes.heading}
            component="h4"
            id={`${id}-${group.key}`}
          >
            {group.title}
          </Typography>
          <ul className={classes.list} aria-labelledby={`${id}-${group.key}`}>
            {group.conditions.map(condition => (
              <ConditionItem key={condition.id} condition={condition} />
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

function ConditionItem(props: { condition: Condition }) {
  const { title, state, reason, since, until, clearedBy, overridable } =
    props.condition;
  const classes = useStyles();
  const open = state === 'unmet' || state === 'pending';
  return (
    <li className={classes.item}>
      <span>
        <ToneLabel text={conditionTexts[state]} icon={icons[state]} />
      </span>
      <div className={classes.words}>
        <div>
          <span className={classes.title}>
            <RefText text={title} />
          </span>
          : <RefText text={reason} />
        </div>
        {open && (since || until) && (
          <div className={classes.aside}>
            {since && (
              <>
                since <Moment at={since} />
              </>
            )}
            {since && until && ', '}
            {until && (
              <>
                until <ExactMoment at={until} />
              </>
            )}
          </div>
        )}
        {open && clearedBy && (
          <div className={classes.aside}>
            <RefText text={clearedBy.how} />
            {clearedBy.people && clearedBy.people.length > 0 && (
              <>
                {' '}
                Ask <People refs={clearedBy.people} />.
              </>
            )}
            {clearedBy.permission && (
              <>
                {' '}
                It takes the permission <code>{clearedBy.permission}</code>.
              </>
            )}
          </div>
        )}
        {open && overridable && (
          <div className={classes.aside}>
            Whoever has the permission <code>deploy.override</code> may let it
            pass, with a reason.
          </div>
        )}
      </div>
    </li>
  );
}
