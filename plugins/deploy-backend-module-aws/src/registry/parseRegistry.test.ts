import { parseRegistry } from './parseRegistry';

describe('parseRegistry', () => {
  it.each([
    ['111122223333.dkr.ecr.eu-central-1.amazonaws.com', 'eu-central-1'],
    ['111122223333.dkr.ecr.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    ['111122223333.dkr.ecr-fips.us-east-1.amazonaws.com', 'us-east-1'],
    ['111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
    ['111122223333.dkr-ecr.eu-central-1.on.aws', 'eu-central-1'],
  ])('knows %s', (host, region) => {
    expect(parseRegistry(host)).toEqual({ account: '111122223333', region });
  });

  it.each([
    '',
    'registry.example.test',
    'public.ecr.aws',
    '11112222333.dkr.ecr.eu-central-1.amazonaws.com',
    '111122223333.dkr.ecr.eu-central-1.amazonaws.com.example.test',
    'x111122223333.dkr.ecr.eu-central-1.amazonaws.com',
    '111122223333.dkr.ecr.eu-central-1.amazonaws.com:8443',
    '111122223333.dkr.ecr.evil.example.test/.amazonaws.com',
    '111122223333.dkr.ecr.eu-central-1xamazonaws.com',
  ])('does not take %j for a registry of ECR', host => {
    expect(parseRegistry(host)).toBeUndefined();
  });
});
