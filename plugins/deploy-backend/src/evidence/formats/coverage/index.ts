import { ReportFormat } from '../types';
import { clover } from './clover';
import { cobertura } from './cobertura';
import { coveragePy } from './coveragePy';
import { goCover } from './goCover';
import { istanbul } from './istanbul';
import { istanbulSummary } from './istanbulSummary';
import { jacoco } from './jacoco';
import { lcov } from './lcov';
import { tarpaulin } from './tarpaulin';

export const coverageFormats: readonly ReportFormat[] = [
  cobertura,
  clover,
  jacoco,
  lcov,
  goCover,
  istanbulSummary,
  istanbul,
  coveragePy,
  tarpaulin,
];
