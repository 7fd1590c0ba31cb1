import { useApi } from '@backstage/core-plugin-api';
import Skeleton from '@material-ui/lab/Skeleton';
import {
  EnvironmentOverview,
  PromotionClass,
  PromotionRequest,
} from '@vvp/backstage-plugin-deploy-common';
import { useEffect, useId, useRef, useState } from 'react';
import { deployApiRef } from '../../api';
import { useReleases } from '../../hooks/usePromotions';
import { newKey, useStart } from '../../hooks/useStart';
import { obviousRelease, promoteReady } from '../../logic/promote';
import { classTexts } from '../../logic/promotions';
import { reasonHint } from '../../logic/rollback';
import { ChoiceField, FormDialog, LoadFailure, TextInput } from '../common';
import { ActionFailure } from '../operations';
import { ReleaseChoice } from './ReleaseChoice';
import { ReleasePreview } from './ReleasePreview';

/** Among so many releases the one whose button was pressed is looked for. */
const searchedAtMost = 200;

/**
 * Asks that a release goes into an environment: choose it, look at what stands in between, ask.
 *
 * @internal
 */
export function PromoteDialog(props: {
  entityRef: string;
  environment: string;
  /** All of the service, to tell what runs before and here. */
  environments: readonly EnvironmentOverview[];
  /** Id of the release whose button was pressed. */
  release?: string;
  onClose(): void;
  onAsked(promotionId: string): void;
}) {
  const { entityRef, environment, environments, onClose, onAsked } = props;
  const deployApi = useApi(deployApiRef);
  const id = useId();
  const releases = useReleases(entityRef, environment);
  const [picked, setPicked] = useState<string | undefined>(props.release);
  const [promotionClass, setClass] = useState<PromotionClass>('regular');
  const [reason, setReason] = useState('');
  // Another request is another promotion; the same one, sent again, is not.
  const sent = useRef({ body: '', key: '' });
  const items = releases.value?.items ?? [];
  const chosen = items.find(
    each =>
      each.id === (picked ?? obviousRelease(items, environments, environment)),
  );
  const { loadMore, loadingMore, moreError } = releases;
  // The release whose button was pressed may be an old one.
  const further =
    picked !== undefined &&
    chosen === undefined &&
    items.length < searchedAtMost &&
    Boolean(releases.value?.nextCursor) &&
    !loadingMore &&
    !moreError;
  useEffect(() => {
    if (further) {
      loadMore();
    }
  }, [further, loadMore]);
  const { start, busy, error } = useStart({
    send: (request: PromotionRequest) => {
      const body = JSON.stringify(request);
      if (sent.current.body !== body) {
        sent.current = { body, key: newKey() };
      }
      return deployApi.requestPromotion(request, {
        idempotencyKey: sent.current.key,
      });
    },
    onDone: started => onAsked(started.id),
  });
  const state = promoteReady({
    release: chosen?.id,
    class: promotionClass,
    reason,
  });
  const running = environments.find(({ name }) => name === environment)
    ?.currentDeployment?.release;
  const submit = () => {
    if (chosen) {
      const text = reason.trim();
      start({
        entityRef,
        environment,
        release: chosen.id,
        class: promotionClass,
        ...(text && { reason: text }),
      });
    }
  };
  return (
    <FormDialog
      wide
      title={`Promote to ${environment}`}
      submitLabel="Ask for promotion"
      busyLabel="Asking…"
      busy={busy}
      disabled={!state.ready}
      hint={
        state.ready
          ? 'It goes in as soon as every condition is met.'
          : state.missing
      }
      dirty={reason !== ''}
      onClose={onClose}
      onSubmit={submit}
    >
      {releases.error && (
        <LoadFailure
          what="The releases"
          error={releases.error}
          onRetry={releases.reload}
          busy={releases.busy}
          shownSince={releases.loadedAt}
        />
      )}
      {!releases.value && !releases.error && (
        <div role="status" aria-label="Loading the releases">
          <Skeleton variant="rect" height={40} />
        </div>
      )}
      {releases.value && (
        <ReleaseChoice
          id={`${id}-release`}
          list={releases}
          running={running}
          chosen={chosen?.id}
          onChoose={setPicked}
        />
      )}
      <ChoiceField
        id={`${id}-class`}
        label="Class"
        value={promotionClass}
        onChange={value => setClass(value === 'hotfix' ? 'hotfix' : 'regular')}
        options={[
          { value: 'regular', text: classTexts.regular },
          { value: 'hotfix', text: classTexts.hotfix },
        ]}
      />
      <TextInput
        required={promotionClass === 'hotfix'}
        multiline
        minRows={2}
        id={`${id}-reason`}
        label={
          promotionClass === 'hotfix' ? 'Why it is a hotfix' : 'Why (optional)'
        }
        value={reason}
        onChange={event => setReason(event.target.value)}
        helperText={
          promotionClass === 'hotfix' ? reasonHint(reason) : undefined
        }
        inputProps={{ maxLength: 2000 }}
      />
      {chosen && (
        <ReleasePreview
          place={{ entityRef, environment }}
          release={chosen}
          running={running?.commit}
          promotionClass={promotionClass}
        />
      )}
      {error && (
        <ActionFailure
          entityRef={entityRef}
          environment={environment}
          what="The promotion was not asked for"
          error={error}
          onLeave={onClose}
        />
      )}
    </FormDialog>
  );
}
