import { html, raw } from 'hono/html';
import { z } from 'zod';
import { exampleCommand, exampleSetUp } from './api-examples.ts';
import { apiPageTexts as texts } from './texts.ts';

const schemaSchema = z.looseObject({});
const contentSchema = z.record(z.string(), z.looseObject({ schema: schemaSchema.optional() }));
const operationSchema = z.looseObject({
  tags: z.array(z.string()).default([]),
  summary: z.string().default(''),
  description: z.string().optional(),
  parameters: z
    .array(
      z.looseObject({
        name: z.string(),
        in: z.string(),
        required: z.boolean().optional(),
        description: z.string().optional(),
        schema: schemaSchema.optional(),
      }),
    )
    .default([]),
  requestBody: z.looseObject({ content: contentSchema }).optional(),
  responses: z.record(z.string(), z.looseObject({ description: z.string(), content: contentSchema.optional() })),
});
const documentSchema = z.looseObject({
  servers: z.array(z.looseObject({ url: z.string() })).default([]),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.looseObject({ schemas: z.record(z.string(), schemaSchema) }),
});
type Operation = z.infer<typeof operationSchema> & { readonly method: string; readonly path: string };
type Html = ReturnType<typeof html>;

/** The API document as a page for people: no scripts, nothing loaded from elsewhere. */
export function apiPage(document: unknown): Html {
  const { servers, paths, components } = documentSchema.parse(document);
  const origin = (servers[0]?.url ?? 'http://127.0.0.1:4600/api').replace(/\/api$/, '');
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Operation => ({ ...operation, method, path: `/api${path}` })),
  );
  const groups = [...Map.groupBy(operations, (operation) => operation.tags[0] ?? '')].sort(([a], [b]) =>
    a.localeCompare(b, 'en'),
  );
  const schemas = Object.entries(components.schemas).sort(([a], [b]) => a.localeCompare(b, 'en'));
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${texts.title}</title><style>${raw(style)}</style></head>
<body><nav aria-label="${texts.operations}">${groups.map(
    ([group, list]) =>
      html`<h2>${group}</h2><ul>${list.map((operation) => html`<li><a href="#${anchor(operation)}">${operation.summary}</a></li>`)}</ul>`,
  )}<h2>${texts.schemas}</h2><ul>${schemas.map(([name]) => html`<li><a href="#${name}">${name}</a></li>`)}</ul></nav>
<main><h1>${texts.title}</h1><p>${texts.intro}</p><p><a href="/api/openapi.json">/api/openapi.json</a></p>
<h2>${texts.setUp}</h2><p>${prose(texts.setUpText)}</p><pre>${exampleSetUp(origin)}</pre>
${groups.map(([group, list]) => html`<h2>${group}</h2>${list.map((operation) => operationSection(operation, components.schemas))}`)}
<h2>${texts.schemas}</h2>${schemas.map(([name, schema]) => html`<section id="${name}"><h3>${name}</h3>${schemaBlock(schema)}</section>`)}
</main></body></html>`;
}

function anchor(operation: Operation): string {
  return `${operation.method}-${operation.path.replaceAll(/[^\w]+/g, '-')}`;
}

function operationSection(operation: Operation, schemas: Readonly<Record<string, unknown>>): Html {
  const body = Object.entries(operation.requestBody?.content ?? {});
  const [type, content] = body[0] ?? [];
  const streams = Object.values(operation.responses).some(
    (response) => 'text/event-stream' in (response.content ?? {}),
  );
  const example = exampleCommand(
    { ...operation, body: type === undefined ? null : { type, schema: content?.schema }, streams },
    schemas,
  );
  return html`<section id="${anchor(operation)}"><h3>${operation.summary}</h3><p><code class="method">${operation.method.toUpperCase()}</code> <code>${operation.path}</code></p>
${operation.description === undefined ? '' : html`<p>${prose(operation.description)}</p>`}
${
  operation.parameters.length === 0
    ? ''
    : html`<h4>${texts.parameters}</h4><dl>${operation.parameters.map(
        (parameter) =>
          html`<dt><code>${parameter.name}</code> <small>${parameter.in}</small></dt><dd>${prose(parameter.description ?? '')} ${typeOf(parameter.schema)}</dd>`,
      )}</dl>`
}
${body.map(([type, { schema }]) => html`<h4>${texts.body} <small>${type}</small></h4>${typeOf(schema)}`)}
<h4>${texts.answers}</h4><dl>${Object.entries(operation.responses).map(
    ([status, response]) =>
      html`<dt><code>${status}</code></dt><dd>${prose(response.description)} ${Object.values(response.content ?? {}).map(({ schema }) => typeOf(schema))}</dd>`,
  )}</dl><h4>${texts.example}</h4><pre>${example}</pre></section>`;
}

/** A reference as a link; anything else folded away. */
function typeOf(schema: Record<string, unknown> | undefined): Html | string {
  if (schema === undefined) return '';
  const ref = schema.$ref;
  if (typeof ref === 'string') {
    const name = ref.split('/').at(-1) ?? '';
    return html`<a href="#${name}">${name}</a>`;
  }
  const plain = Object.entries(schema).filter(([name]) => name !== 'description' && name !== 'example');
  if (plain.every(([, value]) => typeof value !== 'object' || Array.isArray(value))) {
    return html`<small>${plain.map(([name, value]) => (name === 'type' ? String(value) : `${name} ${JSON.stringify(value)}`)).join(', ')}</small>`;
  }
  return schemaBlock(schema);
}

/** Text in which `…` is code. */
function prose(text: string): Html[] {
  return text.split('`').map((part, index) => (index % 2 === 0 ? html`${part}` : html`<code>${part}</code>`));
}

function schemaBlock(schema: Record<string, unknown>): Html {
  return html`<pre>${JSON.stringify(schema, null, 2)}</pre>`;
}

const style = `
:root{color-scheme:light dark;--ink:#16202e;--paper:#fff;--side:#f6f7f9;--line:#dfe3e9;--soft:#5b6675;--act:#1f4b9a}
@media (prefers-color-scheme:dark){:root{--ink:#e8ecf2;--paper:#10151c;--side:#171e28;--line:#2a3442;--soft:#9aa6b6;--act:#7aa7f5}}
*{box-sizing:border-box}body{margin:0;color:var(--ink);background:var(--paper);font:15px/1.6 system-ui,sans-serif}
nav{padding:16px 20px;background:var(--side);border-bottom:1px solid var(--line)}nav ul{list-style:none;margin:0 0 12px;padding:0}nav h2{margin:12px 0 4px;font-size:13px;color:var(--soft)}
main{padding:24px 20px 80px;max-width:900px}h1{font-size:28px;line-height:1.2}main h2{margin-top:56px;border-bottom:1px solid var(--line)}section{margin:32px 0;scroll-margin-top:16px}h3{margin:0 0 4px}h4{margin:16px 0 4px}
a{color:var(--act)}small{color:var(--soft)}dl{display:grid;grid-template-columns:minmax(9rem,max-content) 1fr;gap:4px 16px;margin:0}dd{margin:0;min-width:0}
code,pre{font:13px/1.5 ui-monospace,monospace}pre{overflow:auto;max-height:24rem;margin:4px 0;padding:12px;background:var(--side);border:1px solid var(--line);border-radius:8px}.method{font-weight:700}
@media (min-width:1000px){body{display:grid;grid-template-columns:300px 1fr}nav{position:sticky;top:0;height:100dvh;overflow:auto;border-right:1px solid var(--line);border-bottom:0}}
@media (max-width:600px){dl{grid-template-columns:1fr}}
`;
