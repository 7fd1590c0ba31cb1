import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Table from '@material-ui/core/Table';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import {
  EnvironmentOverview,
  RevisionEntry,
} from '@vvp/backstage-plugin-deploy-common';
import { useState } from 'react';
import { shownRevisions } from '../../logic/revisions';
import { mutedColor, VisuallyHidden } from '../common';
import { RevisionRow } from './RevisionRow';

const useStyles = makeStyles(theme => ({
  table: {
    '& th, & td': {
      padding: theme.spacing(1, 1.5, 1, 0),
      verticalAlign: 'top',
      lineHeight: 1.5,
    },
    '& th:first-child, & td:first-child': { paddingLeft: theme.spacing(1.5) },
    '& th': {
      color: mutedColor(theme),
      fontWeight: 600,
      whiteSpace: 'nowrap',
    },
  },
  wide: { [theme.breakpoints.down('sm')]: { display: 'none' } },
  more: { marginTop: theme.spacing(1), textTransform: 'none' },
}));

/**
 * What can be put back, newest first; the one that runs now is marked.
 *
 * @internal
 */
export function RevisionTable(props: {
  environment: EnvironmentOverview;
  entries: RevisionEntry[];
  onRollBack(revision: string): void;
  onRedeploy(entry: RevisionEntry): void;
  /** What can be done about the quarantine of one. */
  quarantining(
    entry: RevisionEntry,
  ): { label: string; onSelect(): void } | undefined;
}) {
  const { environment, entries } = props;
  const classes = useStyles();
  const [all, setAll] = useState(false);
  const shown = shownRevisions(entries, all);
  const hidden = entries.length - shown.length;
  return (
    <>
      <Table
        className={classes.table}
        size="small"
        aria-label={`Revisions of ${environment.name}`}
      >
        <TableHead>
          <TableRow>
            <TableCell>Revision</TableCell>
            <TableCell className={classes.wide}>How it went here</TableCell>
            <TableCell className={classes.wide}>State</TableCell>
            <TableCell>
              <VisuallyHidden>Actions</VisuallyHidden>
            </TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {shown.map(entry => (
            <RevisionRow
              key={entry.id}
              environment={environment}
              entry={entry}
              onRollBack={() => props.onRollBack(entry.id)}
              onRedeploy={() => props.onRedeploy(entry)}
              quarantining={props.quarantining(entry)}
            />
          ))}
        </TableBody>
      </Table>
      {(hidden > 0 || all) && (
        <Button
          className={classes.more}
          size="small"
          color="primary"
          aria-expanded={all}
          onClick={() => setAll(!all)}
        >
          {all ? 'Show fewer' : `Show all ${entries.length} revisions`}
        </Button>
      )}
    </>
  );
}
