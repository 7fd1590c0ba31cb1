import { check } from 'k6';
import http from 'k6/http';

export const options = { vus: 10, duration: '2m' };

/** The scenario "baseline". */
export default function baseline() {
  const response = http.get(`${__ENV.BASE_URL}/healthz`);
  check(response, { 'is well': ({ status }) => status === 200 });
}
