import { expect, test } from 'vitest';
import { readVisitor } from './visitor.ts';

const visit = (agent: string, { method = 'GET', ...headers }: Readonly<Record<string, string>> = {}) =>
  readVisitor({ method, header: (name) => ({ 'user-agent': agent, ...headers })[name] });

const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';
const pixel =
  'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36';
const cubot =
  'Mozilla/5.0 (Linux; Android 12; CUBOT NOTE 21) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36';
const galaxyTab =
  'Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36';
const windows =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36';

test.each([
  ['an iPhone', iphone, 'phone'],
  ['an Android phone', pixel, 'phone'],
  ['a phone of a maker called like a robot', cubot, 'phone'],
  [
    'an iPad',
    'Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1',
    'tablet',
  ],
  ['an Android tablet', galaxyTab, 'tablet'],
  ['a desktop', windows, 'desktop'],
  ['a Mac', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15', 'desktop'],
  ['something else', 'Mozilla/5.0 (Unheard Of)', 'unknown'],
] as const)('%s followed it', (_what, agent, device) => {
  expect(visit(agent)).toEqual({ device, automatic: false });
});

test.each([
  [
    'iMessage',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0',
  ],
  ['WhatsApp', 'WhatsApp/2.23.20.0'],
  ['Telegram', 'TelegramBot (like TwitterBot)'],
  ['Slack', 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)'],
  ['Skype', 'Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5'],
  ['Google', 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'],
  ['a program', 'curl/8.5.0'],
  ['nobody', ''],
])('%s looked at it', (_what, agent) => expect(visit(agent).automatic).toBe(true));

test.each<readonly [string, Readonly<Record<string, string>>]>([
  ['asks for its head alone', { method: 'HEAD' }],
  ['fetches it ahead', { 'sec-purpose': 'prefetch;prerender' }],
  ['fetches it ahead, as it was said before', { purpose: 'prefetch' }],
  ['draws its preview', { 'x-purpose': 'preview' }],
  ['fetches it ahead in Firefox', { 'x-moz': 'prefetch' }],
])('a browser that %s does not follow it', (_what, headers) => expect(visit(iphone, headers).automatic).toBe(true));
