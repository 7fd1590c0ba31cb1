import { check } from 'k6';
import http from 'k6/http';

export const options = { vus: 100, duration: '5m' };

/** The scenario "stress". */
export default function stress() {
  const response = http.get(`${__ENV.BASE_URL}/healthz`);
  check(response, { 'is well': ({ status }) => status === 200 });
}
