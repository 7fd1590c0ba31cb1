import { CoverageCount } from '@vvp/backstage-plugin-deploy-common';

/** Factor that packs two counts into one number. */
const pack = 2 ** 26;

/** Branches by line, where a format tells their number only. A line that is told of twice counts once. */
export class LineBranches {
  readonly #byLine = new Map<number, number>();

  add(line: number, { covered, total }: CoverageCount): void {
    const known = this.#byLine.get(line) ?? 0;
    const most = Math.max(total, Math.floor(known / pack));
    this.#byLine.set(line, most * pack + Math.max(covered, known % pack));
  }

  count(): CoverageCount {
    let covered = 0;
    let total = 0;
    for (const packed of this.#byLine.values()) {
      covered += packed % pack;
      total += Math.floor(packed / pack);
    }
    return { covered, total };
  }
}
