import { Report } from './checkGateRule';
import { checkPromotionRule } from './checkPromotionRule';
import { HotfixDocument, PromotionDocument } from './normalisePromotion';
import { PipelineDocument } from './schema';
import { quote } from './suggest';

type Path = readonly string[];
type ServiceDocument = PipelineDocument['spec']['services'][string];

/** A policy with the place where it is written. */
interface Written {
  document: PromotionDocument;
  path: Path;
}

/** Checks what a file says of promotions: each place by itself, and what holds for each service there. */
export function checkPromotion(
  document: PipelineDocument,
  reportAll: Report,
): void {
  const report = withoutRepetition(reportAll);
  const { environments, services } = document.spec;
  const shared = new Map<string, Written>();
  environments.forEach(({ name, promotion }, index) => {
    if (promotion) {
      const path = ['spec', 'environments', String(index), 'promotion'];
      shared.set(name, { document: promotion, path });
      checkPromotionRule(promotion, path, report);
    }
  });
  const names = environments.map(({ name }) => name);
  for (const [key, service] of Object.entries(services)) {
    const places = names.filter(name =>
      Object.hasOwn(service.environments, name),
    );
    for (const [earlier, name] of places.entries()) {
      const path = ['spec', 'services', key, 'environments', name];
      const { promotion } = service.environments[name];
      const own = promotion && {
        document: promotion,
        path: [...path, 'promotion'],
      };
      if (own) {
        checkPromotionRule(own.document, own.path, report);
      }
      const layers = [own, shared.get(name)].flatMap(each => each ?? []);
      checkOrder(layers, { key, name, earlier }, report);
      checkDispatch(layers, service.environments[name], key, report);
    }
  }
}

/** The place that decides comes first. */
function checkOrder(
  layers: readonly Written[],
  place: { key: string; name: string; earlier: number },
  report: Report,
) {
  const regular = layers.find(({ document }) => document.order !== undefined);
  const hotfix = layers.find(
    ({ document }) => hotfixOf(document)?.order !== undefined,
  );
  const asked = [
    { order: regular?.document.order, path: regular?.path ?? [] },
    {
      order: hotfix && hotfixOf(hotfix.document)?.order,
      path: [...(hotfix?.path ?? []), 'hotfix'],
    },
  ];
  for (const { order, path } of asked) {
    if (typeof order === 'object' && order.atLeast > place.earlier) {
      report(
        [...path, 'order', 'atLeast'],
        `the service ${quote(place.key)} runs in ${
          place.earlier
        } environments before ${quote(place.name)}, not in ${order.atLeast}`,
        'Ask for fewer, or for all.',
      );
    }
  }
}

function hotfixOf(document: PromotionDocument): HotfixDocument | undefined {
  return typeof document.hotfix === 'object' ? document.hotfix : undefined;
}

function checkDispatch(
  layers: readonly Written[],
  { workflows }: ServiceDocument['environments'][string],
  key: string,
  report: Report,
) {
  const written = layers.find(({ document }) => document.seam !== undefined);
  if (written?.document.seam !== 'dispatch') {
    return;
  }
  if (!workflows?.deploy?.releaseInput) {
    report(
      [...written.path, 'seam'],
      `the portal cannot start the deployment of ${quote(
        key,
      )}: it has no workflows.deploy with releaseInput here`,
      'Add workflows.deploy with releaseInput to the service in this environment, or choose another seam.',
    );
  }
}

function withoutRepetition(report: Report): Report {
  const seen = new Set<string>();
  return (path, message, remedy) => {
    const key = JSON.stringify([path, message]);
    if (!seen.has(key)) {
      seen.add(key);
      report(path, message, remedy);
    }
  };
}
