import { expect, test } from 'vitest';
import { summariseTemplate } from './template-summary.ts';

test.each([
  ["Welcome {{ contact.first_name | default: 'there' }}!", 'Welcome [first name]!'],
  ['You said {{reply.text}}', 'You said [reply text]'],
  ['To {{- contact.attributes.home_town -}}', 'To [home town]'],
  ['Order {{ event.order_id }} {% if event.paid %}is paid{% endif %}.', 'Order [event order id] is paid.'],
  ["{{ 'x' | upcase }}", '[…]'],
  ['Two\n  lines', 'Two lines'],
  ['Not closed {{ contact.first_name', 'Not closed {{ contact.first_name'],
])('%s reads as %s', (source, text) => {
  expect(summariseTemplate(source)).toBe(text);
});
