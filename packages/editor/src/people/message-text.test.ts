import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { MessageMedia } from './message-media.tsx';
import { messageLine } from './message-text.ts';

const picture = { url: 'https://api.example.com/Media/ME1', type: 'image/jpeg' };
const file = { url: 'https://api.example.com/Media/ME2', type: 'text/vcard' };

describe('what came with a text', () => {
  it('is named in the line of a text without words, and not where there are words', () => {
    expect(messageLine({ text: 'hello', media: [picture] })).toBe('hello');
    expect(messageLine({ text: ' ', media: [picture] })).toMatch(/picture/i);
    expect(messageLine({ text: '', media: [picture, file] })).toMatch(/file/i);
    expect(messageLine({ text: '', media: [] })).toBe('');
  });

  it('is shown as what it is, with its address', () => {
    const shown = renderToStaticMarkup(createElement(MessageMedia, { message: { media: [picture, file] } }));
    expect(shown).toMatch(/href="https:\/\/api\.example\.com\/Media\/ME1".*Picture.*Media\/ME2".*File/i);
  });
});
