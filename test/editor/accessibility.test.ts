import { AxeBuilder } from '@axe-core/playwright';
import { providers } from '@signalbox/engine/providers/catalogue.gen';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { focused, saved } from './support/drawing.ts';
import { hasRead } from './support/read.ts';
import { hardCodedTexts } from './support/visible-texts.ts';
import { narrow, pictureOnFailure, startVisit, type Visit } from './support/visit.ts';
import { until } from './support/wait.ts';
import { throttle } from './support/watched-browser.ts';

let visit: Visit;
let sampleFlow: string;
let sampleTemplate: string;
let sampleTest = '';
let sampleGoal: string;
let signUpPage = '';
/** A template that every look at it writes on. */
let scratch: string;
/** A campaign that goes out again and again, not launched. */
let draft: string;
let sampleContact: string;
let sampleWebhook: string;
beforeAll(async () => {
  visit = await startVisit();
  await until('the sample conversations to come to rest', async () => {
    const [rest] = await visit.product.sql('SELECT count(*)::int AS done FROM enrollment_history');
    return rest?.done === 4;
  });
  const { page } = visit;
  sampleFlow = (await page.getByRole('link', { name: 'Sample: say hello' }).getAttribute('href')) ?? '';
  const made = await page.request.post('/api/v1/webhooks', {
    data: { url: 'http://127.0.0.1:9/hooks', description: 'Our CRM', types: ['message.received'] },
    headers: { 'x-signalbox': '1' },
  });
  const { id } = z.object({ id: z.string() }).parse(await made.json());
  sampleWebhook = `/settings/webhooks/${id}`;
  await page.request.post(`/api/v1/webhooks/${id}/test`, { headers: { 'x-signalbox': '1' } });
  const written = await page.request.post('/api/v1/message-templates', {
    data: { name: 'Scratch', content: { default_language: 'en', texts: [{ language: 'en', text: 'Placeholder' }] } },
    headers: { 'x-signalbox': '1' },
  });
  scratch = `/messages/templates/${z.object({ id: z.string() }).parse(await written.json()).id}`;
  await page.goto('/campaigns/goals');
  sampleGoal = (await page.getByRole('link', { name: 'Sample: orders' }).getAttribute('href')) ?? '';
  await page.goto('/contacts/sign-up-forms');
  signUpPage = (await page.getByRole('link', { name: 'Open page of Sample: website' }).getAttribute('href')) ?? '';
  await page.goto('/campaigns/tests');
  sampleTest = (await page.locator('main li a').first().getAttribute('href')) ?? '';
  const campaign = await page.request.post('/api/v1/campaigns', {
    data: {
      name: 'Weekly news',
      audience: { include: [{ kind: 'everyone' }], exclude: [] },
      schedule: { kind: 'recurring', cron: '0 9 * * 1', zone: 'Europe/Berlin', ends_at: null, missed: 'skip' },
      pace: { kind: 'spread', hours: 4 },
      message: { text: 'Placeholder' },
    },
    headers: { 'x-signalbox': '1' },
  });
  draft = `/campaigns/${z.object({ id: z.string() }).parse(await campaign.json()).id}`;
  await page.goto('/messages/templates');
  sampleTemplate = (await page.getByRole('link', { name: 'Sample: first tip' }).getAttribute('href')) ?? '';
  await page.goto('/contacts?search=contact+2');
  sampleContact = (await page.getByRole('link', { name: 'Sample contact 2', exact: true }).getAttribute('href')) ?? '';
}, 120_000);
beforeEach(() => pictureOnFailure(visit.page));
afterAll(() => visit.close(), 60_000);

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe objects to on the page as it is now. */
async function objections(page: Page): Promise<string[]> {
  // Without frames, the mode that opens a second page for them costs time alone.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({
    resultTypes: ['violations'],
    runOnly: { type: 'tag', values: rules },
  });
  const { violations } = await axe.analyze();
  return violations.flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.html.slice(0, 160)}`));
}

/**
 * What axe, which stands in the page since it looked at it in light, objects to of its colours in the dark. Transitions are taken away, so
 * that each colour is what it comes to. One trip to the page: the script is large, and a busy machine reads it slowly.
 */
const darkObjections = `(async () => {
  const still = new CSSStyleSheet();
  still.replaceSync('*, *::before, *::after { transition: none !important }');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, still];
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const { violations } = await axe.run(document, { resultTypes: ['violations'], runOnly: { type: 'rule', values: ['color-contrast'] } });
  return violations.flatMap((each) => each.nodes.map((node) => 'dark: ' + each.id + ': ' + node.html.slice(0, 160)));
})()`;

/** All rules in light; in dark the page is the same but for its colours. */
async function objectionsInBothThemes(page: Page): Promise<string[]> {
  const light = await objections(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.locator('html[data-theme="dark"]').waitFor();
  const dark = z.array(z.string()).parse(await page.evaluate(darkObjections));
  await page.emulateMedia({ colorScheme: 'light' });
  return [...light, ...dark];
}

type Screen = { readonly name: string; readonly open: (page: Page) => Promise<void> };

/** Every screen, with what can lie over it. */
function screens(): Screen[] {
  const at = (name: string, address: string, ready: (page: Page) => Promise<void>): Screen => ({
    name,
    open: async (page) => {
      await page.goto(
        address
          .replace('{flow}', sampleFlow)
          .replace('{contact}', sampleContact)
          .replace('{webhook}', sampleWebhook)
          .replace('{scratch}', scratch)
          .replace('{draft}', draft),
      );
      await ready(page);
    },
  });
  const canvas = (page: Page) =>
    page.getByTestId('here-ask').or(page.locator('[data-testid^="here-"]').first()).first().waitFor();
  return [
    at('flows', '/flows', (page) =>
      page
        .getByRole('list', { name: 'Flows' })
        .or(page.getByRole('list', { name: '⟦Flows⟧' }))
        .waitFor(),
    ),
    at('create flow', '/flows', async (page) => {
      await page.getByRole('main').locator('header').getByRole('button').last().click();
      await page.getByRole('dialog').waitFor();
    }),
    at('canvas', '{flow}', canvas),
    at('step and phone', '{flow}?phone=true', async (page) => {
      await canvas(page);
      await page.locator('[data-testid^="step-"]').nth(2).click();
      await page.getByTestId('inspector').waitFor();
      await page.getByTestId('phone').waitFor();
    }),
    at('branch step', '{flow}', async (page) => {
      await canvas(page);
      await page.locator('[data-testid^="step-"]').filter({ hasText: 'means yes' }).click();
      await page.getByTestId('inspector').waitFor();
    }),
    at('picker and problems', '{flow}', async (page) => {
      await canvas(page);
      await page.keyboard.press('Control+Shift+m');
      await page.locator('[data-testid^="insert-"]').first().click();
      await page.getByRole('option').first().waitFor();
    }),
    at('outline', '{flow}', async (page) => {
      await canvas(page);
      await page.keyboard.press('Control+Shift+o');
      await page.getByRole('tree').waitFor();
    }),
    at('publish', '{flow}', async (page) => {
      await canvas(page);
      await page.keyboard.press('Control+Enter');
      await page.getByRole('dialog').waitFor();
    }),
    at('campaigns', '/campaigns', (page) => page.locator('main li a').first().waitFor()),
    at('new campaign', '/campaigns', async (page) => {
      await page.locator('main li a').first().waitFor();
      await page.getByRole('main').locator('header').getByRole('button').last().click();
      await page.locator('#campaign-name').waitFor();
    }),
    at('campaign', '/campaigns', async (page) => {
      await page.locator('main li a').first().click();
      await page.locator('#campaign-message-text').waitFor();
      await page.locator('main details').first().waitFor();
    }),
    at('launch a campaign', '{draft}', async (page) => {
      await page.locator('main details').first().waitFor();
      await page.getByRole('main').locator('header').getByRole('button').last().click();
      await page.getByRole('dialog').waitFor();
    }),
    at('campaign calendar', '/campaigns/calendar', (page) => page.locator('main ol li').first().waitFor()),
    at('contacts', '/contacts', (page) => page.getByText('Sample contact 40').waitFor()),
    at('contact', '{contact}', (page) => page.getByTestId('path').waitFor()),
    at('timeline', '{contact}', async (page) => {
      await page.getByTestId('path').waitFor();
      await page.getByRole('tab').nth(1).click();
      await page.locator('main ol li').first().waitFor();
    }),
    at('consent', '{contact}', async (page) => {
      await page.getByTestId('path').waitFor();
      await page.getByRole('tab').last().click();
      await page.getByText('Text HELLO').first().waitFor();
    }),
    at('conversation', '/conversations?phone=true', async (page) => {
      await page.getByRole('link', { name: /Sample contact 2/ }).click();
      await page.locator('li[data-direction="out"]').first().waitFor();
    }),
    at('messages', '/messages', (page) => page.locator('main li a').first().waitFor()),
    at('message', '/messages', async (page) => {
      await page.locator('main li a').first().click();
      await page.locator('main ol li').first().waitFor();
    }),
    at('queue', '/messages/queue', (page) => page.getByRole('region', { name: 'Now' }).waitFor()),
    at('commands', '/replies', (page) => page.locator('main li').first().waitFor()),
    at('new command', '/replies', async (page) => {
      await page.locator('main li').first().waitFor();
      await page.getByRole('main').locator('header').getByRole('button').last().click();
      await page.locator('#command-text-text').waitFor();
    }),
    at('auto-responses', '/replies/auto', async (page) => {
      await page.locator('#auto-closed-text-text').waitFor();
      await page.locator('main section').nth(1).getByRole('button').click();
    }),
    at('opening hours', '/settings/opening-hours', async (page) => {
      await page.locator('#opening-holidays').click();
      await page.locator('main section').last().getByRole('button').click();
      await page.locator('main input[type="date"]').waitFor();
    }),
    at('sign-up forms', '/contacts/sign-up-forms', (page) => page.locator('main li h2').first().waitFor()),
    at('new sign-up form', '/contacts/sign-up-forms', async (page) => {
      await page.locator('main li h2').first().waitFor();
      await page.getByRole('main').locator('header').getByRole('button').last().click();
      await page.locator('#sign-up-name').waitFor();
    }),
    at('lists', '/contacts/lists', async (page) => {
      await page.getByRole('main').locator('header').getByRole('button').last().click();
      await page.locator('#list-name').waitFor();
    }),
    at('deleted people', '/contacts/deleted', (page) => page.locator('main li').first().waitFor()),
    at('segments', '/contacts/segments', (page) => page.locator('main li').nth(1).waitFor()),
    at('new segment', '/contacts/segments/new', async (page) => {
      await page.locator('#segment-name').waitFor();
      await page.locator('main section').nth(1).locator('li').first().waitFor();
    }),
    at('return of a flow', '{flow}', async (page) => {
      await canvas(page);
      await page.getByRole('main').locator('header button[aria-haspopup="menu"]').last().click();
      await page.getByRole('menuitem').nth(1).click();
      await page.getByRole('dialog').locator('tbody tr').first().waitFor();
    }),
    at('goals', '/campaigns/goals', (page) => page.locator('main li a').first().waitFor()),
    at('new goal', '/campaigns/goals', async (page) => {
      await page.locator('main li a').first().waitFor();
      await page.getByRole('main').locator('header').getByRole('button').last().click();
      await page.locator('#goal-worth').click();
      await page.locator('#goal-field').waitFor();
    }),
    at('goal', '/campaigns/goals', async (page) => {
      await page.locator('main li a').first().click();
      await page.locator('main section').nth(1).locator('li').first().waitFor();
    }),
    at('tests', '/campaigns/tests', (page) => page.locator('main li a').nth(1).waitFor()),
    at('test', '/campaigns/tests', async (page) => {
      await page.locator('main li a').first().click();
      await page.locator('main figure svg').first().waitFor();
      await page.locator('main summary').click();
    }),
    at('decided test', '/campaigns/tests', async (page) => {
      await page.locator('main li a').nth(1).click();
      await page.locator('main figure svg').first().waitFor();
    }),
    at('deciding a test', '/campaigns/tests', async (page) => {
      await page.locator('main li a').first().click();
      await page.locator('main figure svg').first().waitFor();
      await page.getByRole('main').locator('header').getByRole('button').last().click();
      await page.locator('#decide-reason').waitFor();
    }),
    at('codes', '/campaigns/codes', (page) => page.locator('main li a').first().waitFor()),
    at('new pool', '/campaigns/codes', async (page) => {
      await page.locator('main li a').first().waitFor();
      await page.getByRole('main').locator('header').getByRole('button').last().click();
      await page.locator('#pool-name').waitFor();
    }),
    at('pool of codes', '/campaigns/codes', async (page) => {
      await page.locator('main li a').first().click();
      await page.locator('main section dl').waitFor();
    }),
    at('add codes', '/campaigns/codes', async (page) => {
      await page.locator('main li a').first().click();
      await page.locator('main section dl').waitFor();
      await page.getByRole('main').locator('header').getByRole('button').last().click();
      await page.locator('#codes-pattern').waitFor();
    }),
    at('templates', '/messages/templates', (page) => page.locator('main li a').first().waitFor()),
    at('new template', '/messages/templates', async (page) => {
      await page.locator('main li a').first().waitFor();
      await page.getByRole('main').locator('header').getByRole('button').last().click();
      await page.locator('#template-name').waitFor();
    }),
    at('template', '/messages/templates?search=first%20tip', async (page) => {
      await page.locator('main li a').first().click();
      await page.locator('#text-en').waitFor();
      await page.locator('main ol li').first().waitFor();
    }),
    at('completed placeholder', '{scratch}', async (page) => {
      await page.locator('#text-en').click();
      await page.keyboard.press('Control+End');
      await page.keyboard.type(' {{ na');
      await page.getByRole('option').first().waitFor();
    }),
    at('version of a template', '/messages/templates?search=first%20tip', async (page) => {
      await page.locator('main li a').first().click();
      await page.locator('main ol li button').first().click();
      await page.getByRole('dialog').locator('ins').first().waitFor();
    }),
    at('fields', '/settings/fields', async (page) => {
      await page.getByRole('main').locator('header').getByRole('button').last().click();
      await page.locator('#field-label').waitFor();
    }),
    at('settings', '/settings', (page) => page.locator('#workspace-name').waitFor()),
    at('spending', '/settings/spending', (page) => page.locator('#price-prefix').waitFor()),
    at('routing', '/settings/routing', (page) => page.locator('#preview-to').waitFor()),
    at('consent', '/settings/consent', (page) =>
      page.getByRole('list', { name: 'Sign-ups' }).waitFor({ state: 'attached' }),
    ),
    at('rules', '/settings/rules', (page) => page.locator('#rule-quiet-hours-law').waitFor()),
    at('providers', '/settings/providers', (page) => page.locator('main li a').first().waitFor()),
    at('which provider', '/settings/providers', async (page) => {
      await page.locator('main li a').first().waitFor();
      await page.getByRole('main').locator('header').getByRole('button').last().click();
      await page.getByRole('dialog').locator('li').last().waitFor();
    }),
    at('connect a provider', '/settings/providers', async (page) => {
      await page.locator('main li a').first().waitFor();
      await page.getByRole('main').locator('header').getByRole('button').last().click();
      await page.getByRole('dialog').locator('li button').first().click();
      await page.locator('#connect-name').waitFor();
    }),
    at('account', '/settings/providers', async (page) => {
      await page.locator('main li a').first().click();
      await page.locator('#account-name').waitFor();
    }),
    at('notices', '/settings/notices', (page) => page.locator('#notice-emails').waitFor()),
    at('bell', '/flows', async (page) => {
      await page.getByRole('main').locator('header button[aria-haspopup="dialog"]').click();
      await page.getByRole('dialog').waitFor();
    }),
    at('webhooks', '/settings/webhooks', (page) => page.locator('main li a').first().waitFor()),
    at('add a webhook', '/settings/webhooks', async (page) => {
      await page.locator('main li a').first().waitFor();
      await page.getByRole('main').locator('header').getByRole('button').last().click();
      await page.locator('#add-webhook-url').waitFor();
    }),
    at('webhook', '{webhook}', async (page) => {
      await page.locator('main li button').first().waitFor();
      await page.locator('main section').first().getByRole('button').last().click();
      await page.locator('main section code').first().waitFor();
    }),
    at('delivery', '{webhook}', async (page) => {
      await page.locator('main li button').first().click();
      await page.getByRole('dialog').locator('ol li').first().waitFor();
    }),
    at('command palette', '/flows', async (page) => {
      await page.getByRole('main').waitFor();
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').waitFor();
    }),
  ];
}

/** Looks at every screen in a test of its own, in a window of its own. */
function onEachScreen(
  name: string,
  prepare: (context: BrowserContext) => Promise<unknown>,
  look: (page: Page) => Promise<string[]>,
): void {
  describe(name, () => {
    let page: Page;
    beforeAll(async () => {
      const context = await visit.another({});
      await prepare(context);
      page = await context.newPage();
    });
    beforeEach(() => pictureOnFailure(page));
    afterAll(() => page.context().close());
    test.each(screens())(
      '$name',
      async ({ open }) => {
        await open(page);
        expect(await look(page)).toEqual([]);
      },
      45_000 * throttle,
    );
  });
}

describe('axe objects to nothing', () => {
  onEachScreen('on any screen, light and dark', () => Promise.resolve(), objectionsInBothThemes);

  test('and it would object to a button without a name, and to text too faint in the dark', async () => {
    const { page } = visit;
    await page.goto('/flows');
    await page.getByRole('main').waitFor();
    await page.evaluate(`
      document.querySelector('main').append(document.createElement('button'));
      document.querySelector('main').append(Object.assign(document.createElement('p'), { textContent: 'Faint', style: 'color: light-dark(#000, #333)' }))`);
    const found = (await objectionsInBothThemes(page)).join('\n');
    expect(found).toContain('button-name');
    expect(found).toMatch(/dark: color-contrast: .*Faint/);
  });

  test('at 390 px and on the sign-in screens', async () => {
    const context = await visit.another({ viewport: narrow, hasTouch: true });
    const page = await context.newPage();
    for (const address of [
      '/flows',
      sampleFlow,
      '/contacts',
      sampleContact,
      '/conversations',
      '/messages',
      '/messages/queue',
      '/settings',
      '/settings/providers',
      '/settings/notices',
      '/replies',
      '/replies/auto',
      '/settings/opening-hours',
      '/settings/fields',
      '/contacts/lists',
      '/contacts/sign-up-forms',
      '/contacts/deleted',
      '/contacts/segments',
      '/contacts/segments/new',
      '/campaigns',
      draft,
      '/campaigns/calendar',
      '/campaigns/goals',
      sampleGoal,
      '/campaigns/tests',
      sampleTest,
      '/campaigns/codes',
      '/messages/templates',
      sampleTemplate,
      '/settings/rules',
      '/settings/consent',
      '/settings/routing',
      '/settings/webhooks',
      sampleWebhook,
      '/settings/spending',
    ]) {
      await page.goto(address);
      await hasRead(page);
      expect(await objections(page), address).toEqual([]);
    }
    await context.clearCookies();
    for (const address of ['/flows', '/sign-in?token=aaaaaaaaaaaaaaaaaaaaaaaa', signUpPage, '/join/AAAAAAAAA']) {
      await page.goto(address);
      await page.getByRole('main').waitFor();
      expect(await objections(page), address).toEqual([]);
    }
    await context.close();
  }, 90_000);
});

describe('Without a mouse', () => {
  test('a flow is drawn, its steps are named by place, and it is published', async () => {
    const { page, product } = visit;
    await page.goto('/flows');
    await page.evaluate("window.pointers = 0; addEventListener('pointerdown', () => { window.pointers += 1; }, true)");
    const key = (name: string) => page.keyboard.press(name);
    const inspector = page.getByTestId('inspector');
    const pick = async (search: string) => {
      await page.getByRole('option').first().waitFor();
      await page.keyboard.type(search);
      await key('Enter');
    };
    const card = (name: RegExp) => page.getByRole('group', { name });

    await page.getByRole('list', { name: 'Flows' }).waitFor();
    await key('n');
    await focused(page.getByLabel('Name of the flow'));
    await page.keyboard.type('Without a mouse');
    await key('Enter');
    await page.getByRole('heading', { name: 'What starts this flow?' }).waitFor();
    const trigger = page.getByRole('button', { name: /^Keyword/ }).first();
    for (let tabs = 0; tabs < 60 && !(await trigger.and(page.locator(':focus')).isVisible()); tabs += 1)
      await key('Tab');
    await key('Enter');
    await focused(inspector.getByLabel('Keywords', { exact: true }));
    await page.keyboard.type('KEYS');
    await key('Escape');
    await focused(card(/^Keyword, 1 of 1/));

    await key('a');
    await pick('send');
    await focused(inspector.getByLabel('Message', { exact: true }));
    await page.keyboard.type('Do you like keys?');
    await key('Escape');
    await focused(card(/^Send SMS, Do you like keys\?, 2 of 2/));
    await key('a');
    await pick('Sent');
    await pick('wait for a reply');
    await focused(card(/^Wait for a reply, 3 of 3/));
    await key('a');
    await pick('Replied');
    await pick('end');
    await focused(card(/^End, 4 of 4/));
    await key('ArrowUp');
    await focused(card(/^Wait for a reply/));
    await key('g');
    await pick('No reply');
    await pick('End');
    await focused(card(/^End, 4 of 4/));
    await key('Home');
    await focused(card(/^Keyword, 1 of 4/));
    await saved(page);
    await key('Control+Enter');
    await focused(page.getByRole('dialog').getByRole('button', { name: 'Publish version 1' }));
    await key('Enter');
    await page.getByRole('button', { name: 'Live v1' }).waitFor();

    expect(await page.evaluate('window.pointers')).toBe(0);
    const [flow] = await product.sql('SELECT graph FROM flows WHERE name = $1', ['Without a mouse']);
    const graph = z
      .object({
        graph: z.object({
          steps: z.array(z.object({ id: z.string(), type: z.string() })),
          edges: z.array(z.object({ from: z.string(), outlet: z.string(), to: z.string() })),
        }),
      })
      .parse(flow).graph;
    const type = (id: string) => graph.steps.find((step) => step.id === id)?.type ?? id;
    expect(graph.edges.map((edge) => `${type(edge.from)} ${edge.outlet} ${type(edge.to)}`).sort()).toEqual([
      'keyword next send-sms',
      'send-sms sent wait-for-reply',
      'wait-for-reply replied end',
      'wait-for-reply timeout end',
    ]);
  });
});

describe('The outline', () => {
  test('is built by keyboard, the focus never leaves it, and its rows say where they stand', async () => {
    const { page } = visit;
    await page.goto('/flows');
    const key = (name: string) => page.keyboard.press(name);
    const inspector = page.getByTestId('inspector');
    const pick = async (search: string) => {
      await page.getByRole('option').first().waitFor();
      await page.keyboard.type(search);
      await key('Enter');
    };
    const row = (name: RegExp) => page.getByRole('treeitem', { name });

    await page.getByRole('list', { name: 'Flows' }).waitFor();
    await key('n');
    await focused(page.getByLabel('Name of the flow'));
    await page.keyboard.type('In the outline');
    await key('Enter');
    await page
      .getByRole('button', { name: /^Keyword/ })
      .first()
      .click();
    await focused(inspector.getByLabel('Keywords', { exact: true }));
    await page.keyboard.type('LINES');
    await key('Control+Shift+o');
    await page.getByRole('tree').waitFor();
    await key('Escape');
    await focused(row(/^Keyword, 1 of 1/));

    await key('ArrowDown');
    await focused(row(/^Next after Keyword/));
    await key('Enter');
    await page.getByRole('option').first().waitFor();
    await key('Escape');
    await focused(row(/^Next after Keyword/));
    await key('Enter');
    await pick('check consent');
    await focused(row(/^Check consent, 2 of 2/));
    const places = () =>
      page
        .getByRole('treeitem')
        .evaluateAll((rows) =>
          rows.map((each) =>
            ['aria-level', 'aria-posinset', 'aria-setsize', 'aria-selected'].map((name) => each.getAttribute(name)),
          ),
        );
    expect(await places()).toEqual([
      ['1', '1', '3', 'false'],
      ['1', '2', '3', 'true'],
      ['2', '1', '1', null],
      ['1', '3', '3', null],
    ]);
    await key('ArrowRight');
    await focused(page.locator('[role="treeitem"][aria-level="2"]'));
    await key('ArrowLeft');
    await focused(row(/^Check consent/));

    await key('Enter');
    await focused(inspector.locator('[data-field]').first().locator('button, input').first());
    await key('Escape');
    await focused(row(/^Check consent/));
    await key('p');
    await page.getByRole('heading', { name: 'People at Check consent' }).waitFor();
    await page.getByText('No one is at this step right now.').waitFor();
    await key('Escape');
    await focused(row(/^Check consent/));
    await key('Delete');
    await focused(row(/^Keyword, 1 of 1/));
    await saved(page);
  });
});

/** What the sample flow shows of itself: its message as a sample person gets it, its branch, the initials of its people. */
const sampleContent = [
  'Hello Sam! Would you like a tip a week? Reply YES or NO. Text STOP to end.',
  'Said yes',
  'SC',
  'Happy birthday, [first name]! A free [interests] waits for you. [snippet sample sign off]',
];

describe('Every text comes from the catalogue', () => {
  async function userData(): Promise<string[]> {
    const rows = await visit.product.sql(`
      SELECT name AS text FROM flows UNION SELECT description FROM flows UNION SELECT first_name FROM contacts UNION SELECT phone FROM contacts
      UNION SELECT body FROM messages UNION SELECT name FROM workspaces UNION SELECT upper(value) FROM flow_triggers
      UNION SELECT s->'config'->>'text' FROM flows, jsonb_array_elements(graph->'steps') AS s
      UNION SELECT name FROM consent_programmes UNION SELECT description FROM consent_programmes
      UNION SELECT s->>'name' FROM flows, jsonb_array_elements(graph->'steps') AS s
      UNION SELECT upper(k) FROM flows, jsonb_array_elements(graph->'steps') AS s, jsonb_array_elements_text(coalesce(s->'config'->'keywords', '[]')) AS k
      UNION SELECT time_zone FROM contacts UNION SELECT wording FROM consent_ledger UNION SELECT time_zone FROM workspaces UNION SELECT currency FROM workspaces UNION SELECT schedule->>'zone' FROM campaigns UNION SELECT name FROM campaigns
      UNION SELECT name FROM sign_up_forms UNION SELECT title FROM sign_up_forms UNION SELECT code FROM sign_up_forms
      UNION SELECT name FROM contact_lists UNION SELECT name FROM segments UNION SELECT label FROM contact_fields UNION SELECT key FROM contact_fields UNION SELECT currency FROM contact_fields
      UNION SELECT a->>'label' FROM tests, jsonb_array_elements(config->'arms') AS a
      UNION SELECT name FROM goals UNION SELECT event_type FROM goals UNION SELECT value_field FROM goals
      UNION SELECT name FROM code_pools UNION SELECT '{{ codes.' || key || ' }}' FROM code_pools UNION SELECT upper(replace(key, '_', '-')) || '-########' FROM code_pools
      UNION SELECT name FROM message_templates UNION SELECT key FROM message_templates UNION SELECT note FROM message_template_versions
      UNION SELECT x->>'text' FROM message_templates, jsonb_array_elements(content->'texts') AS x
      UNION SELECT x->>'text' FROM message_template_versions, jsonb_array_elements(content->'texts') AS x
      UNION SELECT o FROM contact_fields, jsonb_array_elements_text(options) AS o
      UNION SELECT name FROM accounts UNION SELECT external_id FROM accounts UNION SELECT brand FROM accounts
      UNION SELECT url FROM webhook_endpoints UNION SELECT description FROM webhook_endpoints
      UNION SELECT phone FROM deleted_contacts UNION SELECT profile->>'first_name' FROM deleted_contacts
      UNION SELECT target FROM links UNION SELECT code FROM links`);
    const ofData = rows.flatMap((row) => (typeof row.text === 'string' ? [row.text] : []));
    const ownPages = ['l', 'join'].map((name) => `${visit.product.url}/${name}/`);
    return [...ofData, ...providers.map(({ title }) => title), ...sampleContent, ...ownPages, 'GSM-7', 'UCS-2'];
  }

  onEachScreen(
    'on every screen, under the pseudo-locale',
    async (context) => {
      const start = await context.newPage();
      await start.goto('/flows?pseudo=1');
      await context.addInitScript("sessionStorage.setItem('signalbox.pseudo', '1')");
      await start.close();
    },
    async (page) => hardCodedTexts(page, await userData()),
  );

  test('and one that does not would be found', async () => {
    const context = await visit.another({});
    const page = await context.newPage();
    await page.goto('/flows?pseudo=1');
    await page.getByRole('heading', { name: '⟦Flows⟧' }).waitFor();
    await page.evaluate(
      "document.querySelector('main').append(Object.assign(document.createElement('p'), { textContent: 'Planted words' }))",
    );
    expect(await hardCodedTexts(page, await userData())).toEqual(['Planted words']);
    await context.close();
  });
});
