import IconButton from '@material-ui/core/IconButton';
import { makeStyles } from '@material-ui/core/styles';
import CheckIcon from '@material-ui/icons/Check';
import FileCopyOutlinedIcon from '@material-ui/icons/FileCopyOutlined';
import { useEffect, useState } from 'react';
import { useCopyToClipboard } from 'react-use';
import { mutedColor } from './tones';

const shownMilliseconds = 2000;

const useStyles = makeStyles(theme => ({
  root: { padding: theme.spacing(0.5), color: mutedColor(theme) },
  icon: { fontSize: '1rem' },
}));

/**
 * Puts a text on the clipboard and says so.
 *
 * @internal
 */
export function CopyButton(props: { text: string; label: string }) {
  const classes = useStyles();
  const [, copy] = useCopyToClipboard();
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) {
      return undefined;
    }
    const timer = setTimeout(() => setCopied(false), shownMilliseconds);
    return () => clearTimeout(timer);
  }, [copied]);

  return (
    <IconButton
      className={classes.root}
      aria-label={copied ? 'Copied' : props.label}
      title={copied ? 'Copied' : props.label}
      onClick={() => {
        copy(props.text);
        setCopied(true);
      }}
    >
      {copied ? (
        <CheckIcon className={classes.icon} aria-hidden />
      ) : (
        <FileCopyOutlinedIcon className={classes.icon} aria-hidden />
      )}
    </IconButton>
  );
}
