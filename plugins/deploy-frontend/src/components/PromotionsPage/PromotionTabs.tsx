import Paper from '@material-ui/core/Paper';
import { makeStyles } from '@material-ui/core/styles';
import Tab from '@material-ui/core/Tab';
import Tabs from '@material-ui/core/Tabs';
import Typography from '@material-ui/core/Typography';
import Skeleton from '@material-ui/lab/Skeleton';
import {
  activeStatuses,
  PromotionFilter,
} from '@vvp/backstage-plugin-deploy-common';
import { useId } from 'react';
import { useSearchParams } from 'react-router-dom';
import { usePromotionList } from '../../hooks/usePromotions';
import { failureKind } from '../../logic/failure';
import { decidedStatuses, groupByRun } from '../../logic/promotions';
import { LoadFailure, LoadMore, mutedColor, NotAllowed } from '../common';
import { PromotionGroup } from './PromotionGroup';
import { PromotionRow } from './PromotionRow';

interface TabContent {
  key: string;
  title: string;
  filter: Pick<PromotionFilter, 'status' | 'waitingFor'>;
  nothing: string;
}

const tabs: TabContent[] = [
  {
    key: 'waiting',
    title: 'Waiting for me',
    filter: { waitingFor: 'me' },
    nothing: 'Nothing waits for you.',
  },
  {
    key: 'active',
    title: 'All under way',
    filter: { status: [...activeStatuses] },
    nothing: 'No promotion is under way.',
  },
  {
    key: 'decided',
    title: 'Decided',
    filter: { status: decidedStatuses },
    nothing: 'No promotion was decided yet.',
  },
];

const useStyles = makeStyles(theme => ({
  tabs: { marginBottom: theme.spacing(2) },
  tab: { textTransform: 'none' },
  paper: { padding: theme.spacing(2) },
  list: { listStyle: 'none', margin: 0, padding: 0 },
  nothing: { color: mutedColor(theme), padding: theme.spacing(2, 0) },
}));

/**
 * What waits for the user, what is under way, and what was decided.
 *
 * @internal
 */
export function PromotionTabs() {
  const classes = useStyles();
  const id = useId();
  const [params, setParams] = useSearchParams();
  const tab = tabs.find(({ key }) => key === params.get('tab')) ?? tabs[0];
  const choose = (key: string) =>
    setParams(previous => {
      const next = new URLSearchParams(previous);
      next.set('tab', key);
      return next;
    });
  return (
    <>
      <Tabs
        className={classes.tabs}
        value={tab.key}
        onChange={(_event, key) => choose(key)}
        indicatorColor="primary"
        textColor="inherit"
        variant="scrollable"
        scrollButtons="auto"
        aria-label="Promotions"
      >
        {tabs.map(({ key, title }) => (
          <Tab
            key={key}
            className={classes.tab}
            value={key}
            label={title}
            id={`${id}-${key}`}
            aria-controls={`${id}-panel`}
          />
        ))}
      </Tabs>
      <div
        role="tabpanel"
        id={`${id}-panel`}
        aria-labelledby={`${id}-${tab.key}`}
      >
        <PromotionList key={tab.key} tab={tab} />
      </div>
    </>
  );
}

function PromotionList(props: { tab: TabContent }) {
  const { key, filter, nothing } = props.tab;
  const classes = useStyles();
  const list = usePromotionList(filter);
  const { value, error, busy, reload, loadedAt } = list;
  if (error && failureKind(error) === 'not-allowed') {
    return <NotAllowed what="promotions" />;
  }
  return (
    <>
      {error && (
        <LoadFailure
          what="The promotions"
          error={error}
          onRetry={reload}
          busy={busy}
          shownSince={loadedAt}
        />
      )}
      {!value && !error && (
        <div role="status" aria-label="Loading the promotions">
          {[0, 1, 2, 3].map(row => (
            <Skeleton key={row} variant="text" height={52} />
          ))}
        </div>
      )}
      {value && (
        <Paper className={classes.paper}>
          {value.items.length === 0 && (
            <Typography className={classes.nothing} role="status">
              {nothing}
            </Typography>
          )}
          {key === 'waiting'
            ? groupByRun(value.items).map(group => (
                <PromotionGroup
                  key={group.key}
                  group={group}
                  onDecided={reload}
                />
              ))
            : value.items.length > 0 && (
                <ul className={classes.list} aria-label="Promotions">
                  {value.items.map(promotion => (
                    <li key={promotion.id}>
                      <PromotionRow promotion={promotion} />
                    </li>
                  ))}
                </ul>
              )}
          <LoadMore list={list} />
        </Paper>
      )}
    </>
  );
}
