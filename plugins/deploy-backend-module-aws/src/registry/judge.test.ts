import { judgeAnswer, judgeFailure } from './judge';

const asked = {
  image: '111122223333.dkr.ecr.eu-central-1.amazonaws.com/api:1',
  connection: 'main',
  repository: 'repository api of 111122223333 in eu-central-1',
};

function failure(name: string, more: object = {}) {
  return Object.assign(new Error('what AWS says'), { name, ...more });
}

describe('judgeAnswer', () => {
  it.each([
    [[{}], 'present'],
    [[{ imageStatus: 'ACTIVE' as const }], 'present'],
    [[{ imageStatus: 'ARCHIVED' as const }], 'missing'],
    [[{ imageStatus: 'ACTIVATING' as const }], 'missing'],
    [[], 'missing'],
    [undefined, 'missing'],
  ])('takes %j for %s', (details, state) => {
    expect(judgeAnswer(asked.image, details)).toMatchObject({ state });
  });
});

describe('judgeFailure', () => {
  it.each(['ImageNotFoundException', 'RepositoryNotFoundException'])(
    'takes %s for an image that is gone',
    name => {
      expect(judgeFailure(failure(name), asked)).toMatchObject({
        state: 'missing',
      });
    },
  );

  it.each([
    [failure('AccessDeniedException'), 'ecr:DescribeImages'],
    [failure('ExpiredTokenException'), 'does not accept the credentials'],
    [failure('CredentialsProviderError'), 'There are no AWS credentials'],
    [failure('ThrottlingException'), 'did not answer ecr:DescribeImages'],
    [failure('Error', { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [failure('InvalidParameterException'), 'InvalidParameterException'],
    ['text', 'ECR answered with Error'],
  ])('knows nothing after %s', (cause, message) => {
    expect(judgeFailure(cause, asked)).toEqual({
      state: 'unknown',
      message: expect.stringContaining(message),
    });
  });
});
