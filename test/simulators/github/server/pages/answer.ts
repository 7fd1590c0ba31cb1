import type { RestReply } from '../rest/types';
import { html, type Html } from './html';

/** A whole page. */
export function answer(title: string, body: Html): RestReply {
  return {
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${
      html`${title}`.text
    }</title>
<style>body{font:16px/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}td,th{text-align:left;padding:.2rem 1rem .2rem 0}pre{overflow:auto}</style>
</head><body><p><em>Simulated GitHub. Nothing here left this machine.</em></p><h1>${
      html`${title}`.text
    }</h1>${body.text}</body></html>`,
  };
}

/** There is no such page. */
export const NOT_FOUND: RestReply = {
  status: 404,
  headers: { 'content-type': 'text/plain' },
  body: 'Not Found\n',
};
