import { EntityInfoCard } from '@backstage/plugin-catalog-react';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import Skeleton from '@material-ui/lab/Skeleton';
import { OperationSummary } from '@vvp/backstage-plugin-deploy-common';
import { useOperationList } from '../../hooks/useOperations';
import { PagedList } from '../../hooks/usePagedList';
import { usePolling, useServiceSignal } from '../../hooks/useRefresh';
import {
  isOver,
  operationTimes,
  operationTitles,
  referenceText,
} from '../../logic/operations';
import {
  Elapsed,
  LoadFailure,
  LoadMore,
  Moment,
  mutedColor,
  Person,
} from '../common';
import { OperationLabel } from '../operations';

const useStyles = makeStyles(theme => ({
  list: { listStyle: 'none', margin: 0, padding: 0 },
  item: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'baseline',
    columnGap: theme.spacing(1.5),
    padding: theme.spacing(0.75, 0),
    borderBottom: `1px solid ${theme.palette.divider}`,
    color: theme.palette.text.primary,
    fontSize: '0.875rem',
    overflowWrap: 'anywhere',
    '&:last-child': { borderBottom: 'none' },
  },
  button: {
    textTransform: 'none',
    textAlign: 'left',
    padding: theme.spacing(0.25, 0.75),
    marginLeft: theme.spacing(-0.75),
    fontWeight: 600,
  },
  reason: {
    flexBasis: '100%',
    color: mutedColor(theme),
    display: '-webkit-box',
    WebkitLineClamp: 2,
    WebkitBoxOrient: 'vertical',
    overflow: 'hidden',
  },
  nothing: { color: mutedColor(theme), padding: theme.spacing(1, 0) },
}));

/**
 * What was done through the portal, newest first.
 *
 * @internal
 */
export function OperationsCard(props: {
  entityRef: string;
  onOpen(operationId: string): void;
}) {
  const { entityRef, onOpen } = props;
  const list = useOperationList(entityRef);
  useServiceSignal(entityRef, list.reload);
  usePolling(list.reload);
  return (
    <EntityInfoCard title="Operations">
      {list.error && (
        <LoadFailure
          what="The operations"
          error={list.error}
          onRetry={list.reload}
          busy={list.busy}
          shownSince={list.loadedAt}
        />
      )}
      <Items list={list} onOpen={onOpen} />
    </EntityInfoCard>
  );
}

function Items(props: {
  list: PagedList<OperationSummary>;
  onOpen(operationId: string): void;
}) {
  const { list, onOpen } = props;
  const classes = useStyles();
  if (!list.value) {
    return list.busy ? (
      <div role="status" aria-label="Loading the operations">
        <Skeleton variant="text" height={36} />
        <Skeleton variant="text" height={36} />
      </div>
    ) : null;
  }
  if (list.value.items.length === 0) {
    return (
      <Typography className={classes.nothing}>
        Nothing has been done through the portal yet.
      </Typography>
    );
  }
  return (
    <>
      <ul className={classes.list} aria-label="Operations">
        {list.value.items.map(operation => (
          <Item
            key={operation.id}
            operation={operation}
            onOpen={() => onOpen(operation.id)}
          />
        ))}
      </ul>
      <LoadMore list={list} />
    </>
  );
}

function Item(props: { operation: OperationSummary; onOpen(): void }) {
  const { operation, onOpen } = props;
  const { kind, environment, requestedBy, createdAt, reason } = operation;
  const classes = useStyles();
  const to = referenceText(operation.to);
  return (
    <li className={classes.item}>
      <Button
        className={classes.button}
        size="small"
        color="primary"
        onClick={onOpen}
      >
        {operationTitles[kind]} · {environment}
      </Button>
      <OperationLabel operation={operation} />
      {to && <span>to {to}</span>}
      <span>
        by <Person by={requestedBy} />
      </span>
      <Moment at={createdAt} />
      {operation.startedAt && (
        <span>
          {isOver(operation) ? 'took' : 'for'}{' '}
          <Elapsed {...operationTimes(operation)} />
        </span>
      )}
      {reason && (
        <span className={classes.reason} title={reason}>
          “{reason}”
        </span>
      )}
    </li>
  );
}
