import { makeStyles } from '@material-ui/core/styles';
import { Operation } from '@vvp/backstage-plugin-deploy-common';
import { ReactNode } from 'react';
import { isOver, operationTimes, progressText } from '../../logic/operations';
import {
  Elapsed,
  ExactMoment,
  mutedColor,
  Person,
  RevisionName,
} from '../common';
import { releaseText } from '../../logic/revisions';

const useStyles = makeStyles(theme => ({
  facts: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(200px, 100%), 1fr))',
    gap: theme.spacing(1.5, 3),
    margin: 0,
    color: theme.palette.text.primary,
  },
  whole: { gridColumn: '1 / -1' },
  term: { color: mutedColor(theme), fontSize: '0.75rem' },
  value: {
    margin: 0,
    overflowWrap: 'anywhere',
    fontVariantNumeric: 'tabular-nums',
  },
  reason: { whiteSpace: 'pre-wrap' },
  release: { color: mutedColor(theme), fontSize: '0.8125rem' },
}));

/**
 * Who asked for an operation, why, from where to where, and for how long it has been going on.
 *
 * @internal
 */
export function OperationHead(props: { operation: Operation }) {
  const { operation } = props;
  const { requestedBy, reason, override, from, to, createdAt, steps } =
    operation;
  const classes = useStyles();
  const times = operationTimes(operation);
  return (
    <dl className={classes.facts}>
      <Fact term={operation.status === 'queued' ? 'Waiting for' : 'Time taken'}>
        <Elapsed from={times.from} to={times.to} />
      </Fact>
      {steps.length > 0 && !isOver(operation) && (
        <Fact term="Progress">{progressText(operation)}</Fact>
      )}
      <Fact term="Asked for by">
        <Person by={requestedBy} />
      </Fact>
      <Fact term="Asked for">
        <ExactMoment at={createdAt} />
      </Fact>
      {from && (
        <Fact term="From">
          <Reference reference={from} />
        </Fact>
      )}
      {to && (
        <Fact term="To">
          <Reference reference={to} />
        </Fact>
      )}
      {reason && (
        <Fact term="Why" whole>
          <span className={classes.reason}>{reason}</span>
        </Fact>
      )}
      {override && (
        <Fact term="Went ahead all the same" whole>
          <span className={classes.reason}>{override.reason}</span>
          {override.waived.map(({ code, message }) => (
            <div key={`${code} ${message}`} className={classes.release}>
              {message}
            </div>
          ))}
        </Fact>
      )}
    </dl>
  );
}

function Reference(props: { reference: NonNullable<Operation['from']> }) {
  const { reference } = props;
  const classes = useStyles();
  const release = releaseText(reference);
  return (
    <>
      {reference.revision && <RevisionName id={reference.revision} copyable />}
      {release && <div className={classes.release}>{release}</div>}
    </>
  );
}

function Fact(props: { term: string; whole?: boolean; children: ReactNode }) {
  const classes = useStyles();
  return (
    <div className={props.whole ? classes.whole : undefined}>
      <dt className={classes.term}>{props.term}</dt>
      <dd className={classes.value}>{props.children}</dd>
    </div>
  );
}
