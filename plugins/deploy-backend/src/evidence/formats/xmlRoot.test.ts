import { reportFormats } from '.';
import { xmlRoot } from './xmlRoot';

describe('xmlRoot', () => {
  it.each([
    ['<a/>', 'a', ''],
    [
      '<?xml version="1.0"?>\n<!-- <b> -->\n<a x="1">\n <!-- c --> <d/>',
      'a',
      '',
    ],
    ['<!DOCTYPE a SYSTEM "a.dtd">\n<a>', 'a', '<!DOCTYPE a SYSTEM "a.dtd"'],
    ['<a x="1"', 'a', ''],
  ])('reads %j', (head, name, doctype) => {
    expect(xmlRoot(head)).toMatchObject({ name, doctype });
  });

  it('begins the rest with the first child', () => {
    const root = xmlRoot('<a x="1">\n <!-- c --> <d/></a>');

    expect(root).toMatchObject({ tag: '<a x="1"', rest: '<d/></a>' });
  });

  it.each(['', 'TN:\nSF:a', '{"a":1}', '<?xml', '<!-- a', '< a>', '</a>'])(
    'finds none in %j',
    head => {
      expect(xmlRoot(head)).toBeUndefined();
    },
  );

  // Patterns that try again from every place would not come back from these before the test's time is up.
  it.each([
    '<coverage ',
    '<coverage>',
    '<report><!-- -->',
    '<!-- a -->',
    '<testsuite ',
    '{"a":',
    '"files":[{',
    '\n',
    ' \n',
    '#\n',
    'TN:\n',
    '\\',
    '"\\',
    ',',
    'a,b\n',
  ])('tells every format apart in a head full of %j', part => {
    const head = part.repeat(Math.ceil(65_536 / part.length));

    const found = [head, `<a ${head}`, `{"a":{${head}`, `<coverage>${head}`]
      .flatMap(text => reportFormats.filter(format => format.detect(text)))
      .map(({ format }) => format);

    expect(found).not.toContain('jacoco');
  });
});
