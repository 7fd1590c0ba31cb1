import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

/** What the portal's operator allows when environments are asked for their version. */
export interface VersionConfig {
  /** `host` or `host:port`, besides the hosts of the environments themselves. */
  allowedHosts: string[];
  allowLoopback: boolean;
}

/** Reads `deploy.versionHosts` and `deploy.allowLoopback`. Throws an InputError that names what is wrong. */
export function readVersionConfig(config: Config): VersionConfig {
  const allowedHosts = config.getOptionalStringArray('deploy.versionHosts');
  allowedHosts?.forEach((host, index) => {
    const address = `https://${host}`;
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (
      !url ||
      url.username ||
      url.href !== `${url.origin}/` ||
      /\/$/.test(host)
    ) {
      throw new InputError(
        `deploy.versionHosts[${index}] in app-config is no host. Write a name such as api.example.test, or with a port api.example.test:8443.`,
      );
    }
  });
  return {
    allowedHosts: (allowedHosts ?? []).map(host => host.toLowerCase()),
    allowLoopback: config.getOptionalBoolean('deploy.allowLoopback') ?? false,
  };
}
