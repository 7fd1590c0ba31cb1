import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { Promotion } from '@vvp/backstage-plugin-deploy-common';
import { useId, useState } from 'react';
import { useAction } from '../../hooks/useAction';
import { useApproval } from '../../hooks/useApproval';
import { noGithubSignIn, useGithubToken } from '../../hooks/useGithubToken';
import { failureKind, failureMessage } from '../../logic/failure';
import { overridableConditions } from '../../logic/promotions';
import { mutedColor, RefText, TextInput, toneColor } from '../common';
import {
  CancelPromotionDialog,
  OverrideDialog,
  RejectDialog,
} from './DecisionDialogs';

const dialogs = {
  reject: RejectDialog,
  cancel: CancelPromotionDialog,
  override: OverrideDialog,
};

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(1.5) },
  buttons: { display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1) },
  button: { textTransform: 'none' },
  why: { color: mutedColor(theme) },
  error: { color: toneColor(theme, 'error') },
}));

/**
 * The buttons that decide a promotion. What the backend does not let the user do says why.
 *
 * @internal
 */
export function Decision(props: {
  promotion: Promotion;
  /** As the backend answered to a decision. */
  onChanged(promotion: Promotion): void;
  /** What is shown may be out of date. */
  onStale(): void;
}) {
  const { promotion, onChanged, onStale } = props;
  const { mayApprove, mayReject, mayCancel, mayOverride } = promotion;
  const classes = useStyles();
  const fieldId = useId();
  const sendApproval = useApproval();
  const github = useGithubToken();
  const review = promotion.needsGithubToken
    ? reviewHint(promotion, github.configured)
    : undefined;
  const cannot = !mayApprove.allowed || (review && !github.configured);
  const [comment, setComment] = useState('');
  const [asked, setAsked] = useState<keyof typeof dialogs>();
  const { start, busy, error } = useAction({
    send: (text: string) => sendApproval(promotion, text),
    onDone: changed => {
      setComment('');
      onChanged(changed);
    },
    onFailed: onStale,
  });

  const Dialog = asked && dialogs[asked];
  const offersOverride =
    mayOverride.allowed && overridableConditions(promotion).length > 0;
  return (
    <div className={classes.root} role="group" aria-label="Decision">
      {mayApprove.allowed ? (
        <TextInput
          id={`${fieldId}-comment`}
          label="Comment on your approval (optional)"
          size="small"
          value={comment}
          onChange={event => setComment(event.target.value)}
          inputProps={{ maxLength: 2000 }}
        />
      ) : (
        <Typography
          className={classes.why}
          variant="body2"
          id={`${fieldId}-why`}
        >
          You cannot approve:{' '}
          <RefText text={mayApprove.why ?? 'the backend does not allow it.'} />
        </Typography>
      )}
      {mayApprove.allowed && review && (
        <Typography variant="body2" id={`${fieldId}-why`}>
          {review}
        </Typography>
      )}
      <div className={classes.buttons}>
        <Button
          className={classes.button}
          variant="contained"
          color="primary"
          onClick={() => start(comment.trim())}
          disabled={busy || Boolean(cannot)}
          aria-describedby={
            mayApprove.allowed && !review ? undefined : `${fieldId}-why`
          }
        >
          {busy ? 'Approving…' : approveLabel(promotion)}
        </Button>
        <DecisionButton
          may={mayReject}
          label="Reject…"
          onClick={() => setAsked('reject')}
        />
        <DecisionButton
          may={mayCancel}
          label="Take back…"
          onClick={() => setAsked('cancel')}
        />
        {offersOverride && (
          <DecisionButton
            may={mayOverride}
            label="Override…"
            onClick={() => setAsked('override')}
          />
        )}
      </div>
      {error && (
        <Typography
          className={classes.error}
          variant="body2"
          component="div"
          role="alert"
        >
          Your approval was not taken: <RefText text={failureMessage(error)} />
          {failureKind(error) === 'conflict' &&
            ' What you see now was loaded anew: look at it again before you approve.'}
        </Typography>
      )}
      {Dialog && (
        <Dialog
          promotion={promotion}
          onClose={() => {
            setAsked(undefined);
            onStale();
          }}
          onDone={changed => {
            setAsked(undefined);
            onChanged(changed);
          }}
        />
      )}
    </div>
  );
}

/** With what the approval does at GitHub, or why it cannot. */
function reviewHint({ status }: Promotion, configured: boolean): string {
  if (!configured) {
    return noGithubSignIn;
  }
  switch (status) {
    case 'approved':
      return 'Everything is met: press Let in, with your GitHub account.';
    case 'executing':
    case 'verifying':
      return 'Another job of the run waits: press Let in, with your GitHub account.';
    default:
      return 'Your approval lets the run in at GitHub, with your GitHub account.';
  }
}

function approveLabel({ status, needsGithubToken }: Promotion): string {
  if (!needsGithubToken) {
    return 'Approve';
  }
  return status === 'gated' || status === 'awaiting_approval'
    ? 'Approve and let in'
    : 'Let in';
}

function DecisionButton(props: {
  may: Promotion['mayReject'];
  label: string;
  onClick(): void;
}) {
  const { may, label, onClick } = props;
  const classes = useStyles();
  return may.allowed ? (
    <Button className={classes.button} variant="outlined" onClick={onClick}>
      {label}
    </Button>
  ) : null;
}
