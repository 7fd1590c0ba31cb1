/** The same text, without the larger string it may be a slice of and would otherwise keep in memory. */
export function ownText(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
