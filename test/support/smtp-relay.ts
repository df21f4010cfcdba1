import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A mail as a relay took it. */
export type RelayedMail = {
  readonly from: string;
  readonly to: readonly string[];
  /** By their names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
  /** What its sender logged in with; null where it did not. */
  readonly login: string | null;
};

export type SmtpRelay = {
  /** `smtp://` with a user and a password. */
  readonly url: string;
  readonly mails: RelayedMail[];
  /** How the next mail ends: with a refusal in the relay's words, or with the connection gone once it has it, or before. */
  readonly next: (end: 'refuse' | 'take and go' | 'go') => void;
  readonly close: () => Promise<void>;
};

/** A relay that speaks as much SMTP (RFC 5321) as it takes to hand a mail over. */
export async function startSmtpRelay(): Promise<SmtpRelay> {
  const mails: RelayedMail[] = [];
  const ends: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    serve(socket, mails, ends);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The relay has no port.');
  const { port }: AddressInfo = address;
  return {
    url: `smtp://user:secret@127.0.0.1:${port}`,
    mails,
    next: (end) => void ends.push(end),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function serve(socket: Socket, mails: RelayedMail[], ends: string[]): void {
  let [from, login]: [string, string | null] = ['', null];
  let to: string[] = [];
  let data: string | null = null;
  let unread = '';
  const say = (line: string): void => void socket.write(`${line}\r\n`);
  const take = (text: string): void => {
    const end = ends.shift();
    if (end === undefined || end === 'take and go') mails.push({ from, to, login, ...parse(text) });
    if (end === undefined) say('250 Taken');
    else if (end === 'refuse') say(`451 Not now, ${to.join()}`);
    else socket.destroy();
  };
  const hear = (line: string): void => {
    if (data !== null) {
      if (line !== '.') data += `${line.replace(/^\./, '')}\r\n`;
      else {
        take(data);
        data = null;
      }
      return;
    }
    const [verb = ''] = line.split(' ');
    const given = /<([^>]*)>/.exec(line)?.[1] ?? '';
    if (verb === 'EHLO') say('250-relay\r\n250-8BITMIME\r\n250 AUTH PLAIN');
    else if (verb === 'AUTH') {
      login = Buffer.from(line.split(' ')[2] ?? '', 'base64')
        .toString()
        .replaceAll('\0', ' ')
        .trim();
      say('235 Welcome');
    } else if (verb === 'MAIL') {
      [from, to] = [given, []];
      say('250 Yes');
    } else if (verb === 'RCPT') {
      to.push(given);
      say('250 Yes');
    } else if (verb === 'DATA') {
      data = '';
      say('354 Go on');
    } else if (verb === 'QUIT') {
      say('221 Bye');
      socket.end();
    } else say('502 What?');
  };
  socket.on('data', (bytes) => {
    const lines = (unread + bytes.toString('latin1')).split('\r\n');
    unread = lines.pop() ?? '';
    for (const line of lines) hear(line);
  });
  say('220 relay');
}

/** The headers, unfolded, and the text behind them as it was written: quoted-printable, or as it is. */
function parse(data: string): Pick<RelayedMail, 'headers' | 'text'> {
  const [head = '', ...rest] = data.split('\r\n\r\n');
  const headers = new Map(
    head
      .replace(/\r\n\s+/g, ' ')
      .split('\r\n')
      .map((line) => /^([^:]+): (.*)$/.exec(line) ?? ['', '', ''])
      .map(([, name = '', value = '']) => [name.toLowerCase(), decodedWords(value)] as const),
  );
  const body = rest.join('\r\n\r\n').replaceAll('\r\n', '\n');
  const quoted = headers.get('content-transfer-encoding') === 'quoted-printable';
  return { headers, text: (quoted ? unquoted(body.replace(/=\n/g, '')) : body).trimEnd() };
}

const unquoted = (text: string): string =>
  Buffer.from(
    text.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString();

/** Encoded words (RFC 2047) as they are read. */
const decodedWords = (value: string): string =>
  value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([QB])\?([^?]*)\?=/gi, (_, how: string, text: string) =>
      how.toUpperCase() === 'B' ? Buffer.from(text, 'base64').toString() : unquoted(text.replaceAll('_', ' ')),
    );
