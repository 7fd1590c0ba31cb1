import { answerReview, answerRule, commentRule } from '../engine';
import {
  deploymentPayload,
  environmentPayload,
  pendingDeploymentPayload,
  simpleUser,
} from '../serialize';
import { latestAttempt } from '../state/model';
import { runOf } from './runs';
import type { Handlers } from './types';
import { actorOf, RestError } from './types';

const LONGEST_COMMENT = 1024;

function nothingWaits(environment: string): string {
  return `No pending deployment protection rule for environment ${environment}`;
}

export const protectionHandlers: Handlers = {
  'actions/review-custom-gates-for-run': async call => {
    const actor = actorOf(call);
    const run = runOf(call);
    const environment = String(call.body.environment_name);
    const state = call.body.state;
    const comment = String(call.body.comment ?? '');
    if (actor.login !== `${call.world.app.slug}[bot]`) {
      throw new RestError(
        403,
        'GitHub Apps can only review their own custom deployment protection rules',
      );
    }
    if (comment.length > LONGEST_COMMENT) {
      throw new RestError(
        422,
        'Comment is too long (maximum is 1024 characters)',
      );
    }
    if (state === undefined) {
      const outcome = commentRule(call.world, run, { environment, comment });
      if (outcome === 'taken') return { status: 204 };
      throw new RestError(
        422,
        outcome === 'too-many'
          ? 'The status of this deployment was reported too often'
          : nothingWaits(environment),
      );
    }
    const answered = await answerRule(call.world, run, {
      environment,
      approved: state === 'approved',
      comment,
      actor,
    });
    if (!answered) throw new RestError(422, nothingWaits(environment));
    return { status: 204 };
  },

  'actions/get-pending-deployments-for-run': call => {
    const run = runOf(call);
    const names = latestAttempt(run)
      .jobs.filter(job => job.status === 'waiting')
      .map(job => job.environment?.name ?? '');
    return {
      status: 200,
      body: [...new Set(names)].map(name =>
        pendingDeploymentPayload(
          call.world.urls,
          run.repository,
          call.world.environment(run.repository, name),
          call.actor,
        ),
      ),
    };
  },

  'actions/review-pending-deployments-for-run': async call => {
    const actor = actorOf(call);
    const run = runOf(call);
    const ids = Array.isArray(call.body.environment_ids)
      ? call.body.environment_ids.map(Number)
      : [];
    const deployments = await answerReview(call.world, run, {
      environmentIds: ids,
      approved: call.body.state === 'approved',
      comment: String(call.body.comment ?? ''),
      actor,
    });
    if (!deployments) {
      throw new RestError(
        422,
        'There are no pending deployment requests to approve or reject',
      );
    }
    return {
      status: 200,
      body: deployments.map(one => deploymentPayload(call.world.urls, one)),
    };
  },

  'actions/get-reviews-for-run': call => {
    const run = runOf(call);
    return {
      status: 200,
      body: run.approvals.map(approval => {
        const environment = environmentPayload(
          call.world.urls,
          run.repository,
          approval.environment,
        );
        return {
          state: approval.state,
          comment: approval.comment,
          user: simpleUser(call.world.urls, approval.user),
          environments: [
            {
              id: environment.id,
              node_id: environment.node_id,
              name: environment.name,
              url: environment.url,
              html_url: environment.html_url,
              created_at: environment.created_at,
              updated_at: environment.updated_at,
            },
          ],
        };
      }),
    };
  },
};
