import Checkbox from '@material-ui/core/Checkbox';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import { makeStyles } from '@material-ui/core/styles';
import { useId } from 'react';
import { ReasonInput } from '../common';

const useStyles = makeStyles(theme => ({
  root: { color: theme.palette.text.primary },
}));

/**
 * Lets somebody with the right to go ahead although it is refused, and asks why.
 *
 * @internal
 */
export function OverrideFields(props: {
  /** Undefined while nothing is overridden. */
  override: string | undefined;
  onOverride(override: string | undefined): void;
}) {
  const { override, onOverride } = props;
  const classes = useStyles();
  const id = useId();
  return (
    <div className={classes.root}>
      <FormControlLabel
        control={
          <Checkbox
            color="primary"
            checked={override !== undefined}
            onChange={event =>
              onOverride(event.target.checked ? '' : undefined)
            }
          />
        }
        label="Go ahead all the same"
      />
      {override !== undefined && (
        <ReasonInput
          id={`${id}-override`}
          label="Why what refuses it may be passed over"
          reason={override}
          onReason={onOverride}
        />
      )}
    </div>
  );
}
