import { issueComment } from '../serialize';
import type { IssueComment, Repository } from '../state/model';
import { pageOf } from './paging';
import {
  actorOf,
  notFound,
  repositoryOf,
  RestError,
  type Handlers,
  type RestCall,
} from './types';

const LONGEST_BODY = 65_536;

/** The number of a pull request; there are no issues. */
function numberOf(call: RestCall, repository: Repository): number {
  const number = Number(call.params.issue_number);
  if (!repository.pulls.some(pull => pull.number === number)) throw notFound();
  return number;
}

function commentOf(call: RestCall, repository: Repository): IssueComment {
  const id = Number(call.params.comment_id);
  const comment = repository.comments.find(candidate => candidate.id === id);
  if (!comment) throw notFound();
  return comment;
}

function textOf(call: RestCall): string {
  const text = String(call.body.body ?? '');
  if (text.trim() === '') {
    throw new RestError(422, "Validation Failed: body can't be blank");
  }
  if (text.length > LONGEST_BODY) {
    throw new RestError(
      422,
      `Validation Failed: body is too long (maximum is ${LONGEST_BODY} characters)`,
    );
  }
  return text;
}

export const commentHandlers: Handlers = {
  'issues/list-comments': call => {
    const repository = repositoryOf(call);
    const number = numberOf(call, repository);
    const page = pageOf(
      call,
      repository.comments.filter(comment => comment.number === number),
    );
    return {
      status: 200,
      headers: page.headers,
      body: page.items.map(comment =>
        issueComment(call.world.urls, repository, comment),
      ),
    };
  },

  'issues/create-comment': call => {
    const repository = repositoryOf(call);
    const comment: IssueComment = {
      id: call.world.ids.next(),
      number: numberOf(call, repository),
      author: actorOf(call),
      body: textOf(call),
      createdAt: call.world.now,
      updatedAt: call.world.now,
    };
    repository.comments.push(comment);
    return {
      status: 201,
      body: issueComment(call.world.urls, repository, comment),
    };
  },

  'issues/get-comment': call => {
    const repository = repositoryOf(call);
    const comment = commentOf(call, repository);
    return {
      status: 200,
      body: issueComment(call.world.urls, repository, comment),
    };
  },

  'issues/update-comment': call => {
    const repository = repositoryOf(call);
    actorOf(call);
    const comment = commentOf(call, repository);
    comment.body = textOf(call);
    comment.updatedAt = call.world.now;
    return {
      status: 200,
      body: issueComment(call.world.urls, repository, comment),
    };
  },

  'issues/delete-comment': call => {
    const repository = repositoryOf(call);
    actorOf(call);
    const comment = commentOf(call, repository);
    repository.comments = repository.comments.filter(one => one !== comment);
    return { status: 204 };
  },
};
