/** Apps act at GitHub by a login of their own; runs tell it bare, everything else after `github:`. */
const known =
  /^(?:user:[^/]+\/(?<user>.+)|(?:github:)?(?<bot>[\w-]+)\[bot\]|github:(?<login>[\w-]+)|service:(?:plugin:(?<plugin>.+)|(?:external:)?(?<service>.+)))$/;

/**
 * Who did something, in words: people by name, for an entity ref is long; of whom the catalog does not know,
 * where they come from.
 *
 * @internal
 */
export function personText(by: string): string {
  if (by === 'automatic') {
    return 'the portal itself';
  }
  if (by === 'github:unknown') {
    return 'somebody at GitHub';
  }
  const { user, bot, login, plugin, service } = known.exec(by)?.groups ?? {};
  if (bot) {
    return bot === 'github-actions' ? 'GitHub Actions' : `${bot} (GitHub App)`;
  }
  if (login) {
    return `${login} (at GitHub)`;
  }
  if (plugin ?? service) {
    return plugin ? `the plugin ${plugin}` : `the service ${service}`;
  }
  return user ?? by;
}
