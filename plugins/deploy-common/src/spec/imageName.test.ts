import { canonicalImageName, imageNameOf } from './imageName';

describe('the name of a repository of images', () => {
  // The cases of distribution/reference, and what becomes of them.
  it.each([
    ['test_com', 'docker.io', 'library/test_com'],
    ['foo/foo_bar.com', 'docker.io', 'foo/foo_bar.com'],
    ['library/foo', 'docker.io', 'library/foo'],
    ['docker.io/foo', 'docker.io', 'library/foo'],
    ['docker.io/library/foo', 'docker.io', 'library/foo'],
    ['index.docker.io/foo', 'docker.io', 'library/foo'],
    ['index.docker.io/example/foo', 'docker.io', 'example/foo'],
    ['test.com/foo', 'test.com', 'foo'],
    ['test:8080/foo', 'test:8080', 'foo'],
    ['test.com:8080/foo/bar', 'test.com:8080', 'foo/bar'],
    ['xn--n3h.com/myimage', 'xn--n3h.com', 'myimage'],
    ['localhost/foo', 'localhost', 'foo'],
    ['localhost', 'docker.io', 'library/localhost'],
    ['127.0.0.1:5000/foo', '127.0.0.1:5000', 'foo'],
    ['[2001:db8::1]:5000/foo', '[2001:db8::1]:5000', 'foo'],
    ['aa/asdf$$^/aa', 'docker.io', 'aa/asdf$$^/aa'],
    ['Foo/bar', 'foo', 'bar'],
    ['FOO.test/bar', 'foo.test', 'bar'],
    ['Docker.io/foo', 'docker.io', 'library/foo'],
    ['test.com:443/foo', 'test.com', 'foo'],
    ['docker.io:443/foo', 'docker.io', 'library/foo'],
    ['test.com:8443/foo', 'test.com:8443', 'foo'],
    ['test.com:443.test/foo', 'test.com:443.test', 'foo'],
    ['docker.io.test/foo', 'docker.io.test', 'foo'],
  ])('%s is at %s: %s', (name, host, path) => {
    expect(imageNameOf(name)).toEqual({ host, path });
  });

  it.each([
    'shop',
    'library/shop',
    'docker.io/shop',
    'docker.io/library/shop',
    'index.docker.io/shop',
    'INDEX.docker.io:443/library/shop',
  ])('is one, however it is written: %s', name => {
    expect(canonicalImageName(name)).toBe('docker.io/library/shop');
  });

  it.each(['example/shop', 'quay.io/shop', 'docker.io/library/shop/shop'])(
    'is another one: %s',
    name => {
      expect(canonicalImageName(name)).not.toBe('docker.io/library/shop');
    },
  );
});
