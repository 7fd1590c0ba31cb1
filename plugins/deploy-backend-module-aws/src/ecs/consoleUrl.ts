/** Page of a service in the console of its partition. */
export function consoleUrlOf(place: {
  region: string;
  cluster: string;
  service: string;
}): string {
  const { region, cluster, service } = place;
  return `https://${hostOf(region)}/ecs/v2/clusters/${encodeURIComponent(
    cluster,
  )}/services/${encodeURIComponent(service)}/health?region=${region}`;
}

function hostOf(region: string): string {
  if (region.startsWith('cn-')) {
    return `${region}.console.amazonaws.cn`;
  }
  if (region.startsWith('us-gov-')) {
    return `${region}.console.amazonaws-us-gov.com`;
  }
  return `${region}.console.aws.amazon.com`;
}
