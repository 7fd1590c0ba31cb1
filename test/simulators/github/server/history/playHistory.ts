import type { Simulator } from '../Simulator';
import { approveUntil } from './approvals';
import { ORGANIZATION } from './loadExamples';
import { perform } from './perform';
import { phoenixStory } from './stories/phoenix';
import { sandboxStory } from './stories/sandbox';
import { edencoStory, voiceStory } from './stories/voice';
import { vvpStory } from './stories/vvp';

/** Plays the month before the anchor in every example repository that exists. */
export async function playHistory(
  simulator: Simulator,
  anchor: number,
): Promise<void> {
  const { world } = simulator;
  const stories = [
    vvpStory(anchor),
    phoenixStory(anchor),
    sandboxStory(anchor),
    edencoStory(anchor),
    voiceStory(anchor),
  ];
  await simulator.playUntil(anchor, async () => {
    for (const story of stories) {
      const repository = world.repository(ORGANIZATION, story.repository);
      if (!repository) continue;
      const main = await repository.git.resolve(repository.defaultBranch);
      for (const branch of story.branches ?? []) {
        if (main) await repository.git.setBranch(branch, main);
      }
      for (const [name, settings] of Object.entries(story.environments ?? {})) {
        const environment = world.environment(repository, name);
        environment.reviewers = (settings.reviewers ?? []).map(login =>
          world.account(login),
        );
        if (!settings.customRule) continue;
        environment.protectionRules = [
          {
            id: world.ids.next(),
            appId: world.app.id,
            appSlug: world.app.slug,
          },
        ];
      }
      for (const entry of story.entries) {
        world.scheduler.schedule(entry.at, () =>
          perform(world, repository, entry),
        );
      }
    }
    approveUntil(world, anchor);
  });
}
