import { expect, test } from 'vitest';
import { apiPage } from './api-page.ts';

test('the API page shows every operation, escapes what it shows, and loads nothing', async () => {
  const page = String(
    await apiPage({
      servers: [{ url: 'https://sms.example.com/api' }],
      paths: {
        '/v1/things': {
          get: {
            tags: ['Things'],
            summary: 'List <things>',
            'x-signalbox': { resource: 'things', verb: 'list', needs: 'things.read' },
            parameters: [{ name: 'limit', in: 'query', schema: { type: 'integer', maximum: 200 } }],
            responses: {
              200: {
                description: '`fine`',
                content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
              },
            },
          },
        },
      },
      components: { schemas: { Thing: { type: 'object', properties: { name: { type: 'string' } } } } },
    }),
  );
  expect(page).toContain('List &lt;things&gt;');
  expect(page).toContain('/api/v1/things');
  expect(page).toContain('needs <code>things.read</code>');
  expect(page).toContain('<a href="#Thing">Thing</a>');
  expect(page).toContain('integer, maximum 200');
  expect(page).toContain('<code>fine</code>');
  expect(page).toContain('curl -H &quot;Authorization: Bearer $TOKEN&quot; &quot;$URL/api/v1/things&quot;');
  expect(page).toContain('export URL=https://sms.example.com\n');
  expect(page).not.toMatch(/<script|<link|<img|\bsrc=|url\(|@import/);
});
