/** How large a report may be, in bytes. */
export interface ReportLimits {
  /** As sent, compressed or not. */
  body: number;
  /** After decompression. */
  uncompressed: number;
  /** After decompression, of a format that is JSON. */
  json: number;
  /** Uncompressed bytes to each compressed one, beyond the first MiB. XML of coverage tools reaches 40. */
  ratio: number;
}

const megabyte = 1_000_000;

export const defaultLimits: ReportLimits = {
  body: 100 * megabyte,
  uncompressed: 200 * megabyte,
  json: 64 * megabyte,
  ratio: 100,
};
