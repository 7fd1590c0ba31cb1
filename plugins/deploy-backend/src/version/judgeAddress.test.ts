import { whyNotAsked } from './judgeAddress';

const never = { allowLoopback: true };

describe('whyNotAsked', () => {
  it.each([
    '93.184.215.14',
    '10.0.0.1',
    '172.16.4.2',
    '192.168.1.1',
    '100.64.0.1',
    '2606:4700::1111',
    'fd12:3456::1',
    '::ffff:10.0.0.1',
    '64:ff9b::5db8:d70e',
  ])('lets %s be asked', address => {
    expect(whyNotAsked(address, { allowLoopback: false })).toBeUndefined();
  });

  it.each([
    ['the metadata of Azure, AWS and Google', '169.254.169.254'],
    ['the credentials of ECS tasks', '169.254.170.2'],
    ['any other link-local address', '169.254.0.1'],
    ['the metadata of AWS over IPv6', 'fd00:ec2::254'],
    ['the credentials of EKS pods over IPv6', 'fd00:ec2::23'],
    ['the metadata of Google over IPv6', 'fd20:ce::254'],
    ['the host of an Azure machine', '168.63.129.16'],
    ['the metadata of Alibaba', '100.100.100.200'],
    ['the metadata of Oracle', '192.0.0.192'],
    ['link-local IPv6', 'fe80::1'],
    ['link-local IPv6 with a zone', 'fe80::1%eth0'],
    ['nowhere', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['nowhere in IPv6', '::'],
    ['multicast', '224.0.0.1'],
    ['multicast in IPv6', 'ff02::1'],
    ['broadcast', '255.255.255.255'],
    ['reserved', '240.0.0.1'],
    ['mapped metadata', '::ffff:169.254.169.254'],
    ['mapped metadata in hex', '::ffff:a9fe:a9fe'],
    ['mapped nowhere', '::ffff:0.0.0.0'],
    ['mapped multicast', '::ffff:224.0.0.1'],
    ['metadata through NAT64', '64:ff9b::a9fe:a9fe'],
    ['metadata in 6to4', '2002:a9fe:a9fe::1'],
    ['metadata in the deprecated form', '::a9fe:a9fe'],
    ['metadata in the translated form', '::ffff:0:a9fe:a9fe'],
    ['Teredo', '2001::1'],
    ['site-local', 'fec0::1'],
    ['a name', 'localhost'],
    ['an octal number', '0251.0376.0251.0376'],
    ['nothing', ''],
  ])('never lets %s be asked: %s', (_name, address) => {
    expect(whyNotAsked(address, never)).toMatch(/./);
  });

  it.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])(
    'lets the loopback address %s be asked only if that is configured',
    address => {
      expect(whyNotAsked(address, { allowLoopback: true })).toBeUndefined();
      expect(whyNotAsked(address, { allowLoopback: false })).toMatch(
        'deploy.allowLoopback',
      );
    },
  );
});
