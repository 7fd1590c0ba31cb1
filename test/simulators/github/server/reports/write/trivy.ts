export interface Vulnerability {
  id: string;
  title: string;
  severity: 'CRITICAL' | 'HIGH' | 'MEDIUM' | 'LOW';
  package: string;
  installed: string;
  fixed?: string;
}

/** A report of Trivy about an image, or about the files of a repository. */
export function writeTrivy(options: {
  target: string;
  /** Default: an image. */
  kind?: 'container_image' | 'filesystem';
  vulnerabilities: Vulnerability[];
  time: number;
}): string {
  return JSON.stringify({
    SchemaVersion: 2,
    CreatedAt: new Date(options.time).toISOString(),
    ArtifactName: options.target,
    ArtifactType: options.kind ?? 'container_image',
    Results: [
      {
        Target: options.target,
        ...(options.kind === 'filesystem'
          ? { Class: 'lang-pkgs', Type: 'cargo' }
          : { Class: 'os-pkgs', Type: 'debian' }),
        Vulnerabilities: options.vulnerabilities.map(one => ({
          VulnerabilityID: one.id,
          PkgName: one.package,
          InstalledVersion: one.installed,
          ...(one.fixed && { FixedVersion: one.fixed }),
          Title: one.title,
          Severity: one.severity,
          PrimaryURL: `https://avd.example.test/nvd/${one.id.toLowerCase()}`,
        })),
      },
    ],
  });
}
