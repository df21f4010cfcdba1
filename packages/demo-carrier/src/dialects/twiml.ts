const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decode(text: string): string {
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (name.startsWith('#')) {
      const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    }
    return named[name.toLowerCase()] ?? whole;
  });
}

/** The texts that a TwiML answer asks to be sent back: each `<Message>`, with or without a `<Body>`. */
export function readTwiml(xml: string): string[] {
  const replies: string[] = [];
  for (const [, inner = ''] of xml.matchAll(/<Message\b[^>/]*>([\s\S]*?)<\/Message>/g)) {
    const body = /<Body\b[^>]*>([\s\S]*?)<\/Body>/.exec(inner)?.[1] ?? inner.replace(/<[^>]*>/g, '');
    const text = decode(body).trim();
    if (text !== '') replies.push(text);
  }
  return replies;
}
