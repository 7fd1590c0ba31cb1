import type { Account, Repository } from '../state/model';

/** Addresses as a GitHub Enterprise Server forms them. */
export class Urls {
  readonly web: string;
  readonly api: string;

  constructor(publicUrl: string) {
    this.web = publicUrl.replace(/\/+$/, '');
    this.api = `${this.web}/api/v3`;
  }

  repository(repository: Repository): string {
    return `${this.api}/repos/${repository.fullName}`;
  }

  page(repository: Repository): string {
    return `${this.web}/${repository.fullName}`;
  }

  user(account: Account): string {
    return `${this.api}/users/${encodeURIComponent(account.login)}`;
  }
}
