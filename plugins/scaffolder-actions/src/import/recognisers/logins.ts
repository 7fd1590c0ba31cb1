import { settingOf } from '../source/scope';
import { StepRecogniser } from './types';

const BY_KEY = {
  message:
    'a key of the cloud is kept at GitHub; generated jobs log in by their token',
  remedy:
    'Trust the token of the job, as deploy/azure or deploy/aws says after "generate", then delete the secret.',
} as const;

/** Log-ins to clouds: by the token of the job, or by keys. */
export const logins: StepRecogniser = {
  concern: 'log-in to a cloud',
  recognise(step, { facts, accounts }) {
    const uses = step.at('uses');
    if (!uses) {
      return;
    }
    const keys = (names: readonly string[]) =>
      accounts.refuse(
        names.flatMap(name => step.at('with', name) ?? []),
        BY_KEY.message,
        BY_KEY.remedy,
      );
    switch (step.uses?.toLowerCase()) {
      case 'azure/login':
        facts.add('azureLogin', { value: true, leaves: [uses] }, step.number);
        keys(['creds']);
        for (const name of ['client-id', 'tenant-id', 'subscription-id']) {
          const leaf = step.at('with', name);
          const secret = `AZURE_${name.replace('-', '_').toUpperCase()}`;
          const { secret: own } = Object(settingOf(String(leaf?.value ?? '')));
          if (leaf && own === secret) {
            accounts.kept(
              [leaf],
              `generated jobs log in to Azure with ${secret}`,
            );
          } else if (leaf) {
            accounts.refuse(
              [leaf],
              `generated jobs log in to Azure with the secret ${secret}`,
              `Keep it at GitHub by the name ${secret}.`,
            );
          }
        }
        accounts.kept([uses], 'generated jobs log in to Azure');
        break;
      case 'aws-actions/configure-aws-credentials':
        facts.add('awsRole', step.input('role-to-assume'), step.number);
        facts.add('awsRegion', step.input('aws-region'), step.number);
        keys([
          'aws-access-key-id',
          'aws-secret-access-key',
          'aws-session-token',
        ]);
        accounts.kept([uses], 'generated jobs log in to AWS');
        break;
      case 'aws-actions/amazon-ecr-login':
        accounts.kept([uses], 'generated jobs log in to the registry');
        break;
      case 'docker/login-action':
        accounts.refuse(
          [uses, ...step.under('with')],
          'generated jobs log in to the registry of the target by the token of the job',
          'Let the identity of the job push there, then delete the secrets.',
        );
        break;
      default:
    }
  },
};
