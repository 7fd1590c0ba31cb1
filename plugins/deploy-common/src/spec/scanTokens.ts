import { CST, Lexer } from 'yaml';

/** Why a text is refused before it is parsed. */
export interface ScanProblem {
  message: string;
  remedy: string;
  offset: number;
}

const MAX_PARTS = 50_000;
const MAX_TOKENS = 200_000;
const MAX_ALIASES = 100;
const MAX_DEPTH = 64;
const MAX_INDENT = 200;

/** Tokens that the lexer adds without text of their own. */
const markers = new Set(['doc-mode', 'flow-error-end', 'scalar']);

/** Tokens that make no value. */
const fillers = new Set([...markers, 'space', 'newline', 'comment']);

const tooDeep = {
  message: 'the file is nested too deeply',
  remedy: 'A deploy.yaml needs fewer than 20 levels; remove the needless ones.',
};

/**
 * Looks for what would cost the parser memory, time or stack, token by token and without recursion.
 */
export function scanTokens(text: string): ScanProblem | undefined {
  let offset = 0;
  let tokens = 0;
  let parts = 0;
  let aliases = 0;
  let flowDepth = 0;
  let indicatorsInLine = 0;
  let atLineStart = true;

  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token);
    tokens += 1;
    parts += type !== null && fillers.has(type) ? 0 : 1;
    switch (type) {
      case 'newline':
        indicatorsInLine = 0;
        break;
      case 'alias':
        aliases += 1;
        break;
      case 'flow-map-start':
      case 'flow-seq-start':
        flowDepth += 1;
        break;
      case 'flow-map-end':
      case 'flow-seq-end':
        flowDepth = Math.max(0, flowDepth - 1);
        break;
      case 'seq-item-ind':
      case 'explicit-key-ind':
      case 'map-value-ind':
        // In a flow collection they stand side by side; its brackets tell how deep it is.
        indicatorsInLine += flowDepth === 0 ? 1 : 0;
        break;
      default:
        break;
    }

    const indented =
      atLineStart && type === 'space' && token.length > MAX_INDENT;
    const nestedInLine = indicatorsInLine > MAX_DEPTH;
    if (flowDepth > MAX_DEPTH || nestedInLine || indented) {
      return { ...tooDeep, offset };
    }
    if (aliases > MAX_ALIASES) {
      return {
        message: `the file has more than ${MAX_ALIASES} aliases`,
        remedy: 'Write the values out where they are used.',
        offset,
      };
    }
    if (parts > MAX_PARTS || tokens > MAX_TOKENS) {
      return {
        message: `the file has more than ${MAX_PARTS} parts`,
        remedy: 'Split the repository, or use globs instead of single paths.',
        offset,
      };
    }

    atLineStart = type === 'newline';
    offset += type !== null && markers.has(type) ? 0 : token.length;
  }
  return undefined;
}
