/** A revision of a family of task definitions. */
export interface TaskDefinitionName {
  family: string;
  revision: number;
}

const form = /^([A-Za-z0-9_-]{1,255}):([1-9]\d{0,8})$/;

/** Reads `family:revision`; `undefined` if it is none. */
export function parseTaskDefinition(
  text: string,
): TaskDefinitionName | undefined {
  const match = form.exec(text);
  return match ? { family: match[1], revision: Number(match[2]) } : undefined;
}

/** `family:revision` of an ARN or of what is one already; `undefined` if it is neither. */
export function taskDefinitionOf(arn: string | undefined): string | undefined {
  const name = arn?.slice(arn.lastIndexOf('/') + 1);
  return name !== undefined && form.test(name) ? name : undefined;
}

/** Number of the account in an ARN. */
export function accountOf(arn: string | undefined): string | undefined {
  const account = arn?.split(':')[4];
  return account && /^\d{12}$/.test(account) ? account : undefined;
}
