/** How an XML file begins. */
export interface XmlRoot {
  name: string;
  /** The root's tag, or as much of it as there is. */
  tag: string;
  /** What follows the tag, from its first child on. */
  rest: string;
  /** The DOCTYPE before it, if any. */
  doctype: string;
}

/** What stands before a root, by how it begins and ends. */
const prolog: [start: string, end: string][] = [
  ['<?', '?>'],
  ['<!--', '-->'],
  ['<!DOCTYPE', '>'],
];

/**
 * The root of an XML file, to tell its format; undefined if the text is none. Takes one pass, whatever the
 * text: patterns over the head of a hostile file can take hours.
 */
export function xmlRoot(head: string): XmlRoot | undefined {
  let doctype = '';
  let text = head.trimStart();
  for (let part = prologPart(text); part; part = prologPart(text)) {
    if (part.startsWith('<!DOCTYPE')) {
      doctype = part.slice(0, -1);
    }
    text = text.slice(part.length).trimStart();
  }
  const name = /^<([A-Za-z_][\w.:-]*)/.exec(text)?.[1];
  if (name === undefined) {
    return undefined;
  }
  const end = text.indexOf('>');
  return {
    name,
    tag: end < 0 ? text : text.slice(0, end),
    rest: end < 0 ? '' : skipComments(text.slice(end + 1)),
    doctype,
  };
}

/** What of the prolog the text begins with, up to its end; undefined if nothing, or without end. */
function prologPart(text: string): string | undefined {
  const [start, end] = prolog.find(([begin]) => text.startsWith(begin)) ?? [];
  const at = start && end ? text.indexOf(end, start.length) : -1;
  return end && at >= 0 ? text.slice(0, at + end.length) : undefined;
}

function skipComments(text: string): string {
  let rest = text.trimStart();
  while (rest.startsWith('<!--')) {
    const end = rest.indexOf('-->');
    rest = end < 0 ? '' : rest.slice(end + 3).trimStart();
  }
  return rest;
}
