import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { MessageMedia } from './message-media.tsx';
import { messageLine } from './message-text.ts';

type File = Parameters<typeof MessageMedia>[0]['message']['media'][number];

const picture: File = {
  id: 'med_01jd4w7h8zqv3m5k2n9x6r0t4c',
  url: '/api/v1/media/med_01jd4w7h8zqv3m5k2n9x6r0t4c/content',
  type: 'image/jpeg',
  state: 'stored',
  reason: null,
  bytes: 1_000,
  width: 320,
  height: 240,
};
const file: File = { ...picture, id: 'med_2', url: '/api/v1/media/med_2/content', type: 'text/vcard' };
const gone: File = { ...picture, id: 'med_3', url: null, bytes: null, width: null, height: null };

const draw = (...media: File[]): string =>
  renderToStaticMarkup(
    createElement(
      QueryClientProvider,
      { client: new QueryClient() },
      createElement(MessageMedia, { message: { media } }),
    ),
  );

describe('what came with a text', () => {
  it('is named in the line of a text without words, and not where there are words', () => {
    expect(messageLine({ text: 'hello', media: [picture] })).toBe('hello');
    expect(messageLine({ text: ' ', media: [picture] })).toMatch(/picture/i);
    expect(messageLine({ text: '', media: [picture, file] })).toMatch(/file/i);
    expect(messageLine({ text: '', media: [] })).toBe('');
  });

  it('is shown as what it is: a picture in its size, with words for it, and a file to be saved', () => {
    const shown = draw(picture, file);
    expect(shown).toMatch(/<img[^>]*alt="[^"]+"[^>]*width="320"[^>]*height="240"/);
    expect(shown).toMatch(/href="\/api\/v1\/media\/med_2\/content".*File/i);
  });

  it('says that it is coming, or why it is not there, and offers to try again what may come', () => {
    expect(draw({ ...gone, state: 'waiting' })).toMatch(/being fetched/);
    const reason = { code: 'media_gone', text: 'The provider does not have it' };
    expect(draw({ ...gone, state: 'lost', reason })).toMatch(/The provider does not have it.*<button[^>]*>Try again/);
    expect(draw({ ...gone, state: 'refused', reason })).not.toMatch(/<button/);
    expect(draw({ ...gone, state: 'erased' })).toMatch(/erased/);
  });

  it('leads to the provider for what an earlier version left there', () => {
    expect(draw({ ...gone, id: null, url: 'https://api.example.com/Media/ME1', state: 'elsewhere' })).toMatch(
      /href="https:\/\/api\.example\.com\/Media\/ME1".*Picture/,
    );
  });
});
