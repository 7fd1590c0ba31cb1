import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import {
  ApprovalStanding,
  Promotion,
} from '@vvp/backstage-plugin-deploy-common';
import { approvalsText } from '../../logic/promotions';
import { Moment, mutedColor, Person, RefText } from '../common';
import { People } from './People';

const useStyles = makeStyles(theme => ({
  list: {
    display: 'grid',
    gap: theme.spacing(0.75),
    listStyle: 'none',
    margin: theme.spacing(0.5, 0, 0),
    padding: 0,
    fontSize: '0.875rem',
    color: theme.palette.text.primary,
    '& li': { overflowWrap: 'anywhere' },
  },
  rules: { color: mutedColor(theme), fontSize: '0.8125rem' },
  comment: { whiteSpace: 'pre-wrap' },
  lapsed: { color: mutedColor(theme) },
}));

/**
 * Who approved, how many there still have to be, and whose voice lapsed and why.
 *
 * @internal
 */
export function Voices(props: { promotion: Promotion }) {
  const { promotion } = props;
  const { approvals, readiness } = promotion;
  const classes = useStyles();
  return (
    <div>
      <Typography variant="body2">
        <strong>{approvalsText(promotion)}</strong>
      </Typography>
      {(readiness?.approvals ?? []).map(standing => (
        <div key={JSON.stringify(standing)} className={classes.rules}>
          <Standing {...standing} />
        </div>
      ))}
      {approvals.length > 0 && (
        <ul className={classes.list} aria-label="Approvals">
          {approvals.map(({ by, at, comment, lapsed }) => (
            <li key={`${by} ${at}`} className={lapsed && classes.lapsed}>
              {lapsed ? (
                <>
                  <s>
                    <Person by={by} /> <Moment at={at} />
                  </s>{' '}
                  lapsed <Moment at={lapsed.at} />:{' '}
                  <RefText text={lapsed.why} />
                </>
              ) : (
                <>
                  <Person by={by} /> <Moment at={at} />
                </>
              )}
              {comment && <div className={classes.comment}>“{comment}”</div>}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** One rule on approvals: "1 of 2 from VVP leads or Omar". */
function Standing({ from = [], required, approvers }: ApprovalStanding) {
  return (
    <>
      {approvers.length} of {required} from{' '}
      {from.length > 0 ? <People refs={from} /> : 'whoever may approve'}
    </>
  );
}
