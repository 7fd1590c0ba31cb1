import { reasonHint } from '../../logic/rollback';
import { TextInput } from './TextInput';

/**
 * Why somebody does something, with how long the reason still has to become.
 *
 * @internal
 */
export function ReasonInput(props: {
  id: string;
  label?: string;
  reason: string;
  onReason(reason: string): void;
  /** What is wrong with it. */
  problem?: string;
}) {
  const { id, label = 'Reason', reason, onReason, problem } = props;
  return (
    <TextInput
      required
      multiline
      minRows={2}
      id={id}
      label={label}
      value={reason}
      onChange={event => onReason(event.target.value)}
      error={Boolean(problem)}
      helperText={problem ?? reasonHint(reason)}
      inputProps={{ maxLength: 2000 }}
    />
  );
}

/**
 * A word that has to be typed before something is done, so that nobody does it by a slip.
 *
 * @internal
 */
export function ConfirmInput(props: {
  id: string;
  word: string;
  typed: string;
  onTyped(typed: string): void;
  hint?: string;
}) {
  const { id, word, typed, onTyped, hint } = props;
  return (
    <TextInput
      required
      id={id}
      label={`Type ${word} to confirm`}
      size="small"
      autoComplete="off"
      value={typed}
      onChange={event => onTyped(event.target.value)}
      error={typed !== '' && !word.startsWith(typed)}
      helperText={hint}
      inputProps={{ spellCheck: false, autoCapitalize: 'off' }}
    />
  );
}
