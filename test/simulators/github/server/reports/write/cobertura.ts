import { hashedNumber } from '../../state/Ids';
import { escapeXml } from './xml';

export interface CoveredModule {
  /** From the root of the repository. */
  path: string;
  lines: number;
}

/** A Cobertura report as coverage.py writes it, with about this share of the lines run. */
export function writeCobertura(options: {
  modules: CoveredModule[];
  /** 0 to 1. */
  rate: number;
  time: number;
  /** What the lines that are not run depend on. */
  seed: string;
}): string {
  const files = options.modules.map(module => {
    const hits = lineHits(module, options.rate, options.seed);
    return { ...module, hits, covered: hits.filter(Boolean).length };
  });
  const valid = files.reduce((sum, { hits }) => sum + hits.length, 0);
  const covered = files.reduce((sum, file) => sum + file.covered, 0);
  const classes = files
    .map(file => {
      const name = file.path.slice(file.path.lastIndexOf('/') + 1);
      const lines = file.hits
        .map((hit, index) => `<line number="${index + 3}" hits="${hit}"/>`)
        .join('');
      return `<class name="${escapeXml(name)}" filename="${escapeXml(
        file.path,
      )}" complexity="0" line-rate="${(file.covered / file.hits.length).toFixed(
        4,
      )}" branch-rate="0"><methods/><lines>${lines}</lines></class>`;
    })
    .join('\n');
  return `<?xml version="1.0" ?>
<coverage version="7.6.1" timestamp="${
    options.time
  }" lines-valid="${valid}" lines-covered="${covered}" line-rate="${(
    covered / valid
  ).toFixed(
    4,
  )}" branches-covered="0" branches-valid="0" branch-rate="0" complexity="0">
<sources><source>.</source></sources>
<packages><package name="app" line-rate="${(covered / valid).toFixed(
    4,
  )}" branch-rate="0" complexity="0"><classes>
${classes}
</classes></package></packages>
</coverage>
`;
}

/** The whole report has the rate; single files have more or less of it. */
function lineHits(module: CoveredModule, rate: number, seed: string): number[] {
  const slant = (hashedNumber(module.path, 0, 100) - 50) / 1000;
  const missed = Math.round(module.lines * Math.max(0, 1 - rate + slant));
  const start = hashedNumber(`${seed}-${module.path}`, 0, module.lines);
  return Array.from({ length: module.lines }, (_, index) => {
    const distance = (index - start + module.lines) % module.lines;
    return distance < missed
      ? 0
      : hashedNumber(`${module.path}-${index}`, 1, 9);
  });
}
