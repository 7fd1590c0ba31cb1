import { checkRepository, selectService } from './selectService';
import { specOf, validText } from './testing';

const one = validText;
const two = `${validText}    issuer:
      environments: { staging: {} }
`;
const nameless = validText.replace(/ {6}entity: .*\n/, '');

describe('selectService', () => {
  it.each([
    ['by its key', two, 'issuer', 'component:default/anything', 'issuer'],
    [
      'by its key and entity',
      two,
      'verifier',
      'component:default/vvp-verifier',
      'verifier',
    ],
    [
      'by its entity',
      two,
      undefined,
      'component:default/vvp-verifier',
      'verifier',
    ],
    [
      'whatever the letter case',
      two,
      undefined,
      'Component:default/VVP-Verifier',
      'verifier',
    ],
    [
      'as the only one',
      nameless,
      undefined,
      'component:default/anything',
      'verifier',
    ],
  ])('finds the service %s', (_, text, serviceKey, entityRef, expected) => {
    const result = selectService(specOf(text), { serviceKey, entityRef });

    expect(result).toMatchObject({ ok: true, service: { key: expected } });
  });

  it.each([
    [
      'an unknown key',
      two,
      'isuer',
      'component:default/x',
      'Did you mean "issuer"?',
    ],
    [
      'a key of another entity',
      one,
      'verifier',
      'component:default/x',
      'Change entity in the file',
    ],
    [
      'no entity among several',
      two,
      undefined,
      'component:default/x',
      'Add entity: component:default/x to the service',
    ],
    [
      'the only one naming another',
      one,
      undefined,
      'component:default/x',
      'Services: verifier.',
    ],
  ])('says what to add for %s', (_, text, serviceKey, entityRef, expected) => {
    const result = selectService(specOf(text), { serviceKey, entityRef });

    expect(result).toMatchObject({
      ok: false,
      finding: { remedy: expect.stringContaining(expected) },
    });
  });
});

describe('checkRepository', () => {
  it.each(['example-org/vvp', 'Example-Org/VVP'])('takes %s', slug => {
    expect(checkRepository(specOf(validText), slug)).toBeUndefined();
  });

  it('takes any repository if the file names none', () => {
    const text = validText.replace(/ {2}repository: .*\n/, '');

    expect(checkRepository(specOf(text), 'example-org/x')).toBeUndefined();
  });

  it('refuses another repository', () => {
    expect(checkRepository(specOf(validText), 'example-org/other')).toEqual(
      expect.objectContaining({
        path: '/spec/repository',
        message:
          'the file is for the repository example-org/vvp, but the entity is from "example-org/other"',
      }),
    );
  });
});
