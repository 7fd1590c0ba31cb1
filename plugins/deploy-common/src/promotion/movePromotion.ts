import { approve, cancel, override, reject } from './moves/byPeople';
import { Input, unchanged } from './moves/common';
import {
  bypass,
  deployed,
  fail,
  rolledBack,
  supersede,
  verified,
  withdraw,
} from './moves/elsewhere';
import { evaluate } from './moves/evaluate';
import {
  beginReview,
  finishReview,
  lapseReview,
  tellReviewed,
  undoReview,
} from './moves/review';
import { PromotionInput, PromotionMove, PromotionState } from './types';

type Move<T extends PromotionInput['type']> = (
  state: PromotionState,
  input: Input<T>,
) => PromotionMove;

const moves: { [T in PromotionInput['type']]: Move<T> } = {
  evaluate,
  approve,
  reject,
  cancel,
  override,
  supersede,
  bypass,
  withdraw,
  'begin-review': beginReview,
  'finish-review': finishReview,
  'undo-review': undoReview,
  'lapse-review': lapseReview,
  deployed,
  verified,
  fail,
  'rolled-back': rolledBack,
};

/**
 * Moves a promotion. Only `evaluate` and `begin-review` let one through, and only on a standing with nothing
 * against it; `bypass` records that GitHub did so.
 *
 * What a person asks for is refused where it does not fit, with why; asked for twice, it is done once. What
 * a platform or the clock tells is ignored where it does not fit: it may be late, or be told again.
 *
 * Who may do what, and whether an approver saw what there is now, is checked before, at the edge; a voice
 * that saw something else lapses when the promotion is looked at next.
 *
 * @public
 */
export function movePromotion(
  state: PromotionState,
  input: PromotionInput,
): PromotionMove {
  // Whatever a newer version of the portal may have written down changes nothing here.
  const move = Object.hasOwn(moves, input.type)
    ? (moves[input.type] as Move<PromotionInput['type']>)
    : unchanged;
  return tellReviewed(state, move(state, input));
}
