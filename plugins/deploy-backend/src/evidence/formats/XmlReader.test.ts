import { XmlReader } from './XmlReader';

type Event = string | [name: string, line: number, attributes: object];

function read(xml: string, size = xml.length || 1): Event[] {
  const events: Event[] = [];
  const reader = new XmlReader({
    open: (name, attributes, line) =>
      events.push([name, line, { ...attributes }]),
    text: text => events.push(`text ${text}`),
    close: name => events.push(`/${name}`),
  });
  for (let from = 0; from < xml.length; from += size) {
    reader.write(xml.slice(from, from + size));
  }
  reader.end();
  return events;
}

describe('XmlReader', () => {
  it.each([1, 5, 1000])('reads pieces of %d characters', size => {
    const events = read(
      '<?xml version="1.0"?>\n<a>\n<b x="&lt;1 &#65;&#x1F600;"\n y=\'2\'/><![CDATA[<u>&amp;]]></a>',
      size,
    );

    expect(events).toEqual([
      'text \n',
      ['a', 2, {}],
      'text \n',
      ['b', 3, { x: '<1 A😀', y: '2' }],
      '/b',
      'text <u>&amp;',
      '/a',
    ]);
  });

  it.each([
    '<!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd"><report/>',
    '<!DOCTYPE coverage SYSTEM "http://cobertura.example.test/coverage-04.dtd"><coverage/>',
    "<!DOCTYPE a SYSTEM 'with[brackets].dtd'><a/>",
  ])('passes over %s', xml => {
    expect(read(xml)).toHaveLength(2);
  });

  it.each([
    ['an internal subset', '\n<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', 2],
    [
      'an external entity',
      '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
      1,
    ],
    [
      'a bomb of entities',
      '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;">]><a>&c;</a>',
      1,
    ],
    ['an empty subset', '<!DOCTYPE a SYSTEM "a.dtd" []><a/>', 1],
  ])('refuses a DOCTYPE with %s', (_, xml, line) => {
    expect(() => read(xml)).toThrow(
      `Line ${line} of the XML: a DOCTYPE with declarations is not read; remove it`,
    );
  });

  it.each([
    ['an undefined entity', '<a>\n&x;</a>', 2, 'undefined entity'],
    ['a property of objects as entity', '<a>&toString;</a>', 1, 'undefined'],
    ['nothing', '', 1, 'document must contain a root element'],
    ['no XML', 'hello', 1, 'text data outside of root node'],
    ['a truncated file', '<a>\n<b', 2, ''],
    ['an open element', '<a>\n<b/>\n', 3, 'unclosed tag: a'],
    ['a wrong end', '<a>\n</b>', 2, 'unexpected close tag'],
    ['two roots', '<a/>\n<b/>', 2, 'documents may contain only one root'],
    ['an attribute twice', '<a x="1" x="2"/>', 1, 'duplicate attribute'],
    ['an attribute without value', '<a x/>', 1, ''],
    ['a NUL', '<a>\u0000</a>', 1, 'disallowed character'],
    [
      '10,000 levels',
      '<a>\n'.repeat(10_000),
      257,
      'nested deeper than 256 levels',
    ],
  ])('refuses %s', (_, xml, line, reason) => {
    for (const size of [3, 100_000]) {
      expect(() => read(xml, size)).toThrow(
        `Line ${line} of the XML: ${reason}`,
      );
    }
  });

  it.each([
    ['tag', `<a x="${'x'.repeat(1_200_000)}"/>`],
    ['text', `<a>${'x'.repeat(34_000_000)}</a>`],
    ['comment', `<a><!--${'x'.repeat(34_000_000)}--></a>`],
  ])('refuses a %s without end', (_, xml) => {
    expect(() => read(xml)).toThrow('a tag or text is too long to be read');
  });

  it('hands on what a handler throws', () => {
    const problem = new TypeError('a bug');
    const reader = new XmlReader({
      open: () => {
        throw problem;
      },
    });

    expect(() => reader.write('<a>')).toThrow(problem);
  });
});
