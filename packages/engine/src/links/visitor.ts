import type { LinkDevice } from '../db/states.ts';

/** A request for a short link, as far as it says who makes it. */
export type Visit = { readonly method: string; readonly header: (name: string) => string | undefined };

export type Visitor = {
  readonly device: LinkDevice;
  /** Nobody followed the link: an application drew its preview, a robot read it, or a browser fetched it ahead. */
  readonly automatic: boolean;
};

/**
 * Who looks at links that nobody touched, by what they call themselves: previews of messengers (iMessage calls itself Facebook's and
 * Twitter's at once), scanners and robots, and programs that fetch pages for another.
 */
const machines =
  /(?<!cu)bot\b|crawl|spider|slurp|preview|facebookexternalhit|facebot|facebookcatalog|whatsapp|telegram|skypeuri|slack-|slackbot|discordbot|linkedinbot|pinterest|embedly|quora link|vkshare|viber|snapchat|kakaotalk-scrap|google-read-aloud|googleother|google-safety|mediapartners|bingpreview|yahoo link|proofpoint|mimecast|barracuda|urlscan|virustotal|headlesschrome|phantomjs|lighthouse|pingdom|uptime|curl\/|wget\/|python-|python\/|aiohttp|httpx\/|go-http-client|java\/|jakarta|apache-httpclient|libwww|node-fetch|undici|axios\/|okhttp\/|got \(|postmanruntime|insomnia|guzzle|ruby/i;
const tablets = /ipad|tablet|kindle|silk\/|playbook|android(?!.*mobile)/i;
const phones = /iphone|ipod|android.*mobile|windows phone|mobile|opera mini|blackberry/i;
const desktops = /windows nt|macintosh|x11|cros|linux/i;

/** Headers by which a browser says that it asks before anybody did. */
const ahead = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'] as const;

/** What a request says of whoever makes it. Whatever calls itself nothing is a machine. */
export function readVisitor({ method, header }: Visit): Visitor {
  const agent = header('user-agent')?.trim() ?? '';
  const automatic =
    method !== 'GET' ||
    agent === '' ||
    machines.test(agent) ||
    ahead.some((name) => /prefetch|preview|prerender/i.test(header(name) ?? ''));
  return { device: deviceOf(agent), automatic };
}

function deviceOf(agent: string): LinkDevice {
  if (tablets.test(agent)) return 'tablet';
  if (phones.test(agent)) return 'phone';
  return desktops.test(agent) ? 'desktop' : 'unknown';
}
