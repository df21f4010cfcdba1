import { html, raw } from 'hono/html';
import { z } from 'zod';
import { pageLook, pageMark } from '../http/page-look.ts';
import { apiPageTexts as texts } from '../http/texts.ts';
import { exampleCommand, exampleSetUp } from './api-examples.ts';

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
  'x-signalbox': z.looseObject({ needs: z.string() }).optional(),
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
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${texts.title}</title><style>${raw(pageLook + style)}</style></head>
<body><nav aria-label="${texts.operations}"><p class="home">${raw(pageMark(28))}${texts.title}</p>${groups.map(
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
  return html`<section id="${anchor(operation)}"><h3>${operation.summary}</h3><p><code class="method">${operation.method.toUpperCase()}</code> <code>${operation.path}</code>${needsOf(operation)}</p>
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

/** The permission that an operation needs; nothing where it is enough to be signed in. */
function needsOf(operation: Operation): Html | '' {
  const needs = operation['x-signalbox']?.needs ?? 'signed_in';
  return needs === 'signed_in' ? '' : html` <small>${texts.needs} <code>${needs}</code></small>`;
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
body{line-height:1.5}
nav{padding:16px 24px;background:var(--surface);border-bottom:1px solid var(--line)}
.home{display:flex;align-items:center;gap:12px;margin:0 0 24px;font-weight:600;font-size:16px}
nav h2{margin:20px 0 4px;color:var(--ink-3);font-size:12px;font-weight:500;letter-spacing:0}nav ul{list-style:none;margin:0;padding:0}
nav li a{display:block;margin:0 -8px;padding:4px 8px;border-radius:8px;color:var(--ink-2);text-decoration:none;overflow-wrap:anywhere}nav li a:hover{background:var(--sunken);color:var(--ink)}
main{min-width:0;max-width:880px;padding:32px 24px 96px}h1{margin:0 0 12px;font-size:28px}
main>h2{margin:64px 0 0;padding-bottom:12px;border-bottom:1px solid var(--line);font-size:20px}
section{padding:24px 0;scroll-margin-top:16px}section+section{border-top:1px solid var(--line)}
section:target h3{color:var(--action)}
h3{margin:0 0 8px;font-size:16px}h4{margin:20px 0 8px;color:var(--ink-2);font-size:13px}p{margin:8px 0}main>p{color:var(--ink-2);font-size:16px}
main a{color:var(--action);text-underline-offset:3px}small{color:var(--ink-3);font-size:12px}
dl{display:grid;grid-template-columns:minmax(9rem,max-content) 1fr;gap:6px 16px;margin:0}dd{margin:0;min-width:0;color:var(--ink-2);overflow-wrap:anywhere}
.method{display:inline-block;padding:2px 8px;border-radius:6px;background:var(--action-soft);color:var(--action);font-size:12px;font-weight:600}
pre{overflow:auto;max-height:24rem;margin:4px 0;padding:12px 16px;background:var(--surface);border:1px solid var(--line);border-radius:12px}
@media (min-width:1000px){body{display:grid;grid-template-columns:304px 1fr}nav{position:sticky;top:0;height:100dvh;overflow:auto;border-right:1px solid var(--line);border-bottom:0;scrollbar-width:thin}main{padding:32px 48px 96px}}
@media (max-width:999px){nav{max-height:40dvh;overflow:auto}}
@media (max-width:600px){dl{grid-template-columns:1fr;gap:2px}dd{margin-bottom:8px}}
`;
