import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import CheckCircleIcon from '@material-ui/icons/CheckCircle';
import ErrorIcon from '@material-ui/icons/Error';
import Skeleton from '@material-ui/lab/Skeleton';
import { Promotion } from '@vvp/backstage-plugin-deploy-common';
import { useId, useRef, useState } from 'react';
import { deployApiRef } from '../../api';
import { useApproval } from '../../hooks/useApproval';
import { useLiveValue } from '../../hooks/useLiveValue';
import { failureMessage, toError } from '../../logic/failure';
import { promotionsPath } from '../../logic/links';
import {
  approvalsText,
  readinessText,
  releaseName,
  serviceName,
} from '../../logic/promotions';
import {
  FormDialog,
  LoadFailure,
  mutedColor,
  RefText,
  TextInput,
  ToneLabel,
} from '../common';

type Outcome = { promotion: Promotion } | { error: Error };

const useStyles = makeStyles(theme => ({
  list: {
    display: 'grid',
    gap: theme.spacing(1.5),
    listStyle: 'none',
    margin: 0,
    padding: 0,
    fontSize: '0.875rem',
    color: theme.palette.text.primary,
    '& li': { overflowWrap: 'anywhere' },
  },
  link: { textDecoration: 'underline', fontWeight: 600 },
  aside: { color: mutedColor(theme), fontSize: '0.8125rem' },
}));

/**
 * Approves several promotions, each as it was shown here; says of each what came of it.
 *
 * @internal
 */
export function BatchDialog(props: { ids: string[]; onClose(): void }) {
  const { ids, onClose } = props;
  const classes = useStyles();
  const fieldId = useId();
  const deployApi = useApi(deployApiRef);
  const sendApproval = useApproval();
  const loaded = useLiveValue({
    key: ids.join(' '),
    load: () => Promise.all(ids.map(id => deployApi.getPromotion(id))),
  });
  const [comment, setComment] = useState('');
  const [busy, setBusy] = useState(false);
  const [outcomes, setOutcomes] = useState<Record<string, Outcome>>();
  const sending = useRef(false);
  const promotions = loaded.value ?? [];
  const allowed = promotions.filter(({ mayApprove }) => mayApprove.allowed);

  const approve = async () => {
    if (sending.current) {
      return;
    }
    sending.current = true;
    setBusy(true);
    const text = comment.trim();
    const settled: PromiseSettledResult<Promotion>[] = [];
    for (const promotion of allowed) {
      // One after the other: the last one of a run may let all of them in.
      settled.push(
        ...(await Promise.allSettled([sendApproval(promotion, text)])),
      );
    }
    setOutcomes(
      Object.fromEntries(
        settled.map((result, index) => [
          allowed[index].id,
          result.status === 'fulfilled'
            ? { promotion: result.value }
            : { error: toError(result.reason) },
        ]),
      ),
    );
    setBusy(false);
  };

  return (
    <FormDialog
      wide
      title={`Approve ${ids.length} together`}
      submitLabel={outcomes ? 'Done' : `Approve ${allowed.length}`}
      busyLabel="Approving…"
      busy={busy}
      disabled={allowed.length === 0}
      hint={hintOf(promotions, allowed, outcomes)}
      dirty={comment !== '' && !outcomes}
      onClose={onClose}
      onSubmit={outcomes ? onClose : approve}
    >
      {loaded.error && (
        <LoadFailure
          what="The promotions"
          error={loaded.error}
          onRetry={loaded.reload}
          busy={loaded.busy}
        />
      )}
      {!loaded.value && !loaded.error && (
        <div role="status" aria-label="Loading the promotions">
          <Skeleton variant="rect" height={80} />
        </div>
      )}
      <ul className={classes.list} aria-label="To be approved">
        {promotions.map(promotion => (
          <BatchItem
            key={promotion.id}
            promotion={promotion}
            outcome={outcomes?.[promotion.id]}
          />
        ))}
      </ul>
      {allowed.length > 0 && !outcomes && (
        <TextInput
          id={`${fieldId}-comment`}
          label="Comment on all of them (optional)"
          size="small"
          value={comment}
          onChange={event => setComment(event.target.value)}
          inputProps={{ maxLength: 2000 }}
        />
      )}
    </FormDialog>
  );
}

function BatchItem(props: { promotion: Promotion; outcome?: Outcome }) {
  const { promotion, outcome } = props;
  const { id, release, entityRef, environment, readiness } = promotion;
  const classes = useStyles();
  const blocking = (readiness?.conditions ?? []).filter(
    ({ state, kind }) => kind !== 'approval' && state !== 'met',
  );
  return (
    <li>
      <Link className={classes.link} to={promotionsPath(id)} target="_blank">
        {releaseName(release)} of {serviceName(entityRef)} → {environment}
      </Link>
      <div>
        {approvalsText(promotion)}
        {readiness && `. ${readinessText(readiness)}`}
      </div>
      {blocking.map(condition => (
        <div key={condition.id} className={classes.aside}>
          <RefText text={`${condition.title}: ${condition.reason}`} />
        </div>
      ))}
      {!promotion.mayApprove.allowed && (
        <Typography variant="body2">
          You cannot approve it:{' '}
          <RefText
            text={promotion.mayApprove.why ?? 'the backend does not allow it.'}
          />
        </Typography>
      )}
      {outcome && (
        <div role="status">
          {'error' in outcome ? (
            <>
              <ToneLabel
                icon={ErrorIcon}
                text={{ label: 'Not approved', meaning: '', tone: 'error' }}
              />{' '}
              <RefText text={failureMessage(outcome.error)} />
            </>
          ) : (
            <ToneLabel
              icon={CheckCircleIcon}
              text={{ label: 'Approved', meaning: '', tone: 'success' }}
            />
          )}
        </div>
      )}
    </li>
  );
}

function hintOf(
  promotions: readonly Promotion[],
  allowed: readonly Promotion[],
  outcomes: Record<string, Outcome> | undefined,
): string | undefined {
  if (outcomes) {
    const failed = Object.values(outcomes).filter(each => 'error' in each);
    return failed.length === 0
      ? 'All of them are approved.'
      : `${failed.length} of ${allowed.length} not approved: open it and look again.`;
  }
  return allowed.length < promotions.length
    ? `${promotions.length - allowed.length} cannot be approved by you.`
    : undefined;
}
