import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { FreezeWindow } from '@vvp/backstage-plugin-deploy-common';
import { useEffect, useId, useState } from 'react';
import { useFreezePreview } from '../../hooks/usePromotions';
import { failureMessage } from '../../logic/failure';
import {
  FreezeForm,
  recurrenceText,
  recurringWindow,
} from '../../logic/freezes';
import { toneColor, WeekdayMoment } from '../common';

/** So long somebody types on before the backend is asked. */
const pauseMilliseconds = 400;

const useStyles = makeStyles(theme => ({
  root: { fontSize: '0.875rem', color: theme.palette.text.primary },
  rule: {
    marginBottom: theme.spacing(1),
    '&::first-letter': { textTransform: 'uppercase' },
  },
  heading: { fontSize: '0.875rem', fontWeight: 600 },
  list: { margin: 0, paddingLeft: theme.spacing(2.5), lineHeight: 1.6 },
  error: { color: toneColor(theme, 'error') },
}));

/**
 * A rule in words and its next windows, as the backend reads it; nothing before it is filled in.
 *
 * @internal
 */
export function WindowsPreview(props: { form: FreezeForm }) {
  const window = recurringWindow(props.form);
  const typed = window && JSON.stringify(window);
  const [asked, setAsked] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(typed), pauseMilliseconds);
    return () => clearTimeout(timer);
  }, [typed]);
  return asked !== undefined && asked === typed ? (
    <Preview window={JSON.parse(asked)} />
  ) : null;
}

function Preview(props: { window: FreezeWindow }) {
  const { window } = props;
  const classes = useStyles();
  const id = useId();
  const { value, error } = useFreezePreview(window);
  if (error) {
    return (
      <Typography className={classes.error} variant="body2" role="status">
        {failureMessage(error)}
      </Typography>
    );
  }
  return (
    <div className={classes.root} role="status">
      <div className={classes.rule}>{recurrenceText(window)}</div>
      {value && (
        <>
          <Typography
            className={classes.heading}
            component="h4"
            id={`${id}-title`}
          >
            Its next windows
          </Typography>
          <ol className={classes.list} aria-labelledby={`${id}-title`}>
            {value.windows.map(({ from, to }) => (
              <li key={from}>
                <WeekdayMoment at={from} /> to <WeekdayMoment at={to} />
              </li>
            ))}
          </ol>
        </>
      )}
    </div>
  );
}
