import { randomBytes } from 'node:crypto';
import { AwsError } from '../ecs/AwsError';
import { Credential } from '../http/signature';

/** A role, and who may take it on. */
export interface Role {
  /** `arn:aws:iam::<account>:role/<name>`. */
  arn: string;
  /** Access keys that its trust policy names. */
  trusts: string[];
  externalId?: string;
}

export interface AssumedRole {
  credential: Credential;
  /** As in the answer of AssumeRole. */
  body: {
    Credentials: {
      AccessKeyId: string;
      SecretAccessKey: string;
      SessionToken: string;
      Expiration: Date;
    };
    AssumedRoleUser: { AssumedRoleId: string; Arn: string };
  };
}

const hour = 3_600_000;

/** Gives temporary credentials of a role to whom it trusts. */
export function assumeRole(
  roles: readonly Role[],
  caller: Credential,
  request: Record<string, string | number>,
  now: Date,
): AssumedRole {
  const role = roles.find(each => each.arn === request.RoleArn);
  if (
    !role ||
    !role.trusts.includes(caller.accessKeyId) ||
    role.externalId !== request.ExternalId
  ) {
    throw new AwsError(
      'AccessDenied',
      `User: ${caller.principal} is not authorized to perform: sts:AssumeRole on resource: ${request.RoleArn}`,
      403,
    );
  }
  const [, account, name] = /::(\d{12}):role\/(.+)$/.exec(role.arn) ?? [];
  const principal = `arn:aws:sts::${account}:assumed-role/${name}/${request.RoleSessionName}`;
  const credential = {
    accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(20).toString('hex'),
    sessionToken: randomBytes(48).toString('base64'),
    account,
    principal,
  };
  return {
    credential,
    body: {
      Credentials: {
        AccessKeyId: credential.accessKeyId,
        SecretAccessKey: credential.secretAccessKey,
        SessionToken: credential.sessionToken,
        Expiration: new Date(now.getTime() + hour),
      },
      AssumedRoleUser: {
        AssumedRoleId: `AROA${randomBytes(8).toString('hex').toUpperCase()}:${
          request.RoleSessionName
        }`,
        Arn: principal,
      },
    },
  };
}
