import { makeStyles } from '@material-ui/core/styles';
import TextField, { TextFieldProps } from '@material-ui/core/TextField';
import { mutedColor, toneColor } from './tones';

const useStyles = makeStyles(theme => ({
  label: {
    color: mutedColor(theme),
    '&.Mui-error': { color: toneColor(theme, 'error') },
  },
  helper: {
    margin: theme.spacing(0.5, 0, 0),
    fontSize: '0.8125rem',
    color: mutedColor(theme),
    '&.Mui-error': { color: toneColor(theme, 'error') },
  },
}));

/**
 * A field for text, with colours that can be read in every theme.
 *
 * @internal
 */
export function TextInput(props: TextFieldProps & { id: string }) {
  const classes = useStyles();
  return (
    <TextField
      variant="outlined"
      fullWidth
      {...props}
      FormHelperTextProps={{ className: classes.helper }}
      InputLabelProps={{ shrink: true, className: classes.label }}
    />
  );
}
