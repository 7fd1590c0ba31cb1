import { buildsImageApart } from '../jobs/conditions';
import { imageJob } from '../jobs/imageJob';
import { Job } from '../model';
import { names } from '../names';
import { Group, PipelinePlan } from '../planModel';
import { imagesOf } from './images';
import { repositoryImageJobs } from './repositoryImageJob';

/** The jobs that build what a group runs; none where the job that deploys builds it itself. */
export function imageJobs(plan: PipelinePlan, group: Group): [string, Job][] {
  const own = imagesOf(group);
  if (own.length > 0) {
    return own.flatMap(built => repositoryImageJobs(plan, group, built));
  }
  return buildsImageApart(group)
    ? [[names.image(group.key), imageJob(plan, group)]]
    : [];
}
