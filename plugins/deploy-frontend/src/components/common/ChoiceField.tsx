import { makeStyles } from '@material-ui/core/styles';
import TextField from '@material-ui/core/TextField';
import { mutedColor } from './tones';

const useStyles = makeStyles(theme => ({
  root: { flex: '1 1 160px', minWidth: 0, maxWidth: 320 },
  label: { color: mutedColor(theme) },
}));

/**
 * A choice of one, as the browser's own list: it works with every keyboard, reader and phone.
 *
 * @internal
 */
export function ChoiceField(props: {
  id: string;
  label: string;
  value: string;
  options: { value: string; text: string }[];
  onChange(value: string): void;
}) {
  const { id, label, value, options, onChange } = props;
  const classes = useStyles();
  return (
    <TextField
      select
      className={classes.root}
      id={id}
      label={label}
      variant="outlined"
      size="small"
      value={value}
      onChange={event => onChange(event.target.value)}
      InputLabelProps={{ shrink: true, className: classes.label }}
      SelectProps={{ native: true }}
    >
      {options.map(option => (
        <option key={option.value} value={option.value}>
          {option.text}
        </option>
      ))}
    </TextField>
  );
}
