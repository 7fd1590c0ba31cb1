import IconButton from '@material-ui/core/IconButton';
import { makeStyles } from '@material-ui/core/styles';
import KeyboardArrowDownIcon from '@material-ui/icons/KeyboardArrowDown';
import KeyboardArrowRightIcon from '@material-ui/icons/KeyboardArrowRight';
import { OperationStep } from '@vvp/backstage-plugin-deploy-common';
import { useId, useState } from 'react';
import { countText } from '../../logic/numbers';
import { nameRefs } from '../../logic/refs';
import { stepTexts } from '../../logic/operations';
import { Elapsed, mutedColor, RefText, toneColor } from '../common';
import { StepIcon } from '../operations';
import { StepLog } from './StepLog';

const useStyles = makeStyles(theme => ({
  root: {
    padding: theme.spacing(1, 0),
    borderBottom: `1px solid ${theme.palette.divider}`,
    '&:last-child': { borderBottom: 'none' },
  },
  head: {
    display: 'grid',
    gridTemplateColumns: '36px 1.5em minmax(0, 1fr)',
    alignItems: 'center',
    columnGap: theme.spacing(1),
  },
  toggle: { padding: theme.spacing(0.5) },
  sign: { fontSize: '1.125rem', lineHeight: 1 },
  words: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'baseline',
    justifyContent: 'space-between',
    columnGap: theme.spacing(2),
    minWidth: 0,
  },
  title: { minWidth: 0, overflowWrap: 'anywhere', fontWeight: 600 },
  later: { fontWeight: 400, color: mutedColor(theme) },
  facts: {
    color: mutedColor(theme),
    fontSize: '0.8125rem',
    fontVariantNumeric: 'tabular-nums',
  },
  body: {
    display: 'grid',
    gap: theme.spacing(1),
    padding: theme.spacing(1, 0, 0.5, 5),
    '& > *': { minWidth: 0 },
    [theme.breakpoints.down('xs')]: { paddingLeft: 0 },
  },
  failure: {
    color: toneColor(theme, 'error'),
    overflowWrap: 'anywhere',
    whiteSpace: 'pre-wrap',
  },
  nothing: { color: mutedColor(theme), fontSize: '0.8125rem' },
}));

/**
 * One step of an operation. What runs or failed is open by itself, until somebody closes it.
 *
 * @internal
 */
export function StepItem(props: { step: OperationStep }) {
  const { step } = props;
  const { status, attempts, startedAt, finishedAt, failure, log } = step;
  const title = nameRefs(step.title);
  const classes = useStyles();
  const id = useId();
  const [wanted, setWanted] = useState<boolean>();
  const begun = attempts > 0 || log.length > 0 || failure !== undefined;
  const open =
    begun && (wanted ?? (status === 'running' || status === 'failed'));
  return (
    <li className={classes.root}>
      <div className={classes.head}>
        <span>
          {begun && (
            <IconButton
              className={classes.toggle}
              size="small"
              aria-expanded={open}
              aria-controls={open ? id : undefined}
              aria-label={`Log of: ${title}`}
              onClick={() => setWanted(!open)}
            >
              {open ? <KeyboardArrowDownIcon /> : <KeyboardArrowRightIcon />}
            </IconButton>
          )}
        </span>
        <span className={classes.sign}>
          <StepIcon status={status} />
        </span>
        <div className={classes.words}>
          <span
            className={`${classes.title} ${begun ? '' : classes.later}`.trim()}
          >
            {title}
          </span>
          <span className={classes.facts}>
            <span title={stepTexts[status].meaning}>
              {stepTexts[status].label}
            </span>
            {attempts > 1 && `, attempt ${attempts}`}
            {startedAt && (finishedAt || status === 'running') && (
              <>
                {', '}
                <Elapsed from={startedAt} to={finishedAt} />
              </>
            )}
          </span>
        </div>
      </div>
      {open && (
        <div className={classes.body} id={id}>
          {failure && (
            <div className={classes.failure}>
              <RefText
                text={[failure.message, failure.remedy]
                  .filter(Boolean)
                  .join(' ')}
              />
            </div>
          )}
          {log.length > 0 ? (
            <StepLog step={step} />
          ) : (
            <span className={classes.nothing}>
              {step.droppedLines > 0
                ? `${countText(step.droppedLines, 'line')} dropped`
                : 'It has written nothing.'}
            </span>
          )}
        </div>
      )}
    </li>
  );
}
