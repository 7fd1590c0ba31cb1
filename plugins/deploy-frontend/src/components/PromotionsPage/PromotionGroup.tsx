import Button from '@material-ui/core/Button';
import Checkbox from '@material-ui/core/Checkbox';
import { makeStyles } from '@material-ui/core/styles';
import { useState } from 'react';
import { safeUrl } from '../../logic/links';
import { releaseName, RunGroup, serviceName } from '../../logic/promotions';
import { ExternalLink } from '../common';
import { BatchDialog } from './BatchDialog';
import { PromotionRow } from './PromotionRow';

const useStyles = makeStyles(theme => ({
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: theme.spacing(1),
    marginTop: theme.spacing(1.5),
    fontSize: '0.875rem',
    color: theme.palette.text.primary,
  },
  list: { listStyle: 'none', margin: 0, padding: 0 },
  box: { padding: theme.spacing(0.25) },
  button: { textTransform: 'none' },
}));

/**
 * Promotions that wait for the same run; several of them can be chosen and approved together.
 *
 * @internal
 */
export function PromotionGroup(props: { group: RunGroup; onDecided(): void }) {
  const { group, onDecided } = props;
  const { run, promotions } = group;
  const classes = useStyles();
  const [chosen, setChosen] = useState<string[]>([]);
  // What is asked for stays as it was when the button was pressed: the list behind it goes on.
  const [asked, setAsked] = useState<string[]>();
  const several = run !== undefined && promotions.length > 1;
  const ids = promotions.map(({ id }) => id).filter(id => chosen.includes(id));
  const name = run ? `${run.workflowName ?? 'Run'} ${run.runId}` : '';
  return (
    <div>
      {several && (
        <div className={classes.head}>
          <span>
            {promotions.length} wait for{' '}
            <ExternalLink to={safeUrl(run.url)}>{name}</ExternalLink>
            {ids.length === 0 && ': tick those to approve together'}
          </span>
          <Button
            className={classes.button}
            variant="contained"
            color="primary"
            size="small"
            disabled={ids.length === 0}
            onClick={() => setAsked(ids)}
          >
            {ids.length > 1
              ? `Approve ${ids.length} together…`
              : 'Approve together…'}
          </Button>
        </div>
      )}
      <ul
        className={classes.list}
        aria-label={several ? `Waiting for ${name}` : 'Waiting'}
      >
        {promotions.map(promotion => (
          <li key={promotion.id}>
            <PromotionRow
              promotion={promotion}
              before={
                several && (
                  <Checkbox
                    className={classes.box}
                    color="primary"
                    checked={chosen.includes(promotion.id)}
                    onChange={event =>
                      setChosen(
                        event.target.checked
                          ? [...chosen, promotion.id]
                          : chosen.filter(id => id !== promotion.id),
                      )
                    }
                    inputProps={{
                      'aria-label': `Choose ${releaseName(
                        promotion.release,
                      )} of ${serviceName(promotion.entityRef)} → ${
                        promotion.environment
                      }`,
                    }}
                  />
                )
              }
            />
          </li>
        ))}
      </ul>
      {asked && (
        <BatchDialog
          ids={asked}
          onClose={() => {
            setAsked(undefined);
            setChosen([]);
            onDecided();
          }}
        />
      )}
    </div>
  );
}
