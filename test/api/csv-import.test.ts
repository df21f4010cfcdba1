import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from './client.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness();
});
afterAll(() => api.close());

const resultSchema = z.object({
  created: z.number(),
  updated: z.number(),
  failed: z.number(),
  columns: z.array(z.object({ header: z.string(), field: z.string().nullable() })),
  errors: z.array(
    z.object({ row: z.number(), field: z.string(), code: z.string(), message: z.string(), value: z.string() }),
  ),
});
const post = (text: string, type = 'text/csv') => api.call('POST', '/api/v1/contacts/import', { text: { type, text } });
const imported = async (text: string) => resultSchema.parse((await post(text)).body);
const contact = (phone: string) =>
  api.inTx((tx) => tx.selectFrom('contacts').selectAll().where('phone', '=', phone).executeTakeFirst());

describe('CSV import', () => {
  test('stores good lines and tells the others by line and field', async () => {
    const result = await imported(
      [
        '\ufeffPhone,First name,Email,time_zone,Favourite colour',
        '+12025550110,Ann Sample,ann@example.com,America/New_York,blue',
        'nonsense,B,,,',
        '(202) 555-0111,"Quoted, ""C""",,,red',
        '+12025550112,D,not-an-email,,',
        '+12025550113,E,,Nowhere/Land,',
        '',
        '+12025550114,short',
        '+12025550114,a,,,red,too many',
        '+12025550115,F,,,',
      ].join('\r\n'),
    );
    expect([result.created, result.updated, result.failed]).toEqual([4, 0, 4]);
    expect(result.errors.map(({ row, field, code, value }) => [row, field, code, value])).toEqual([
      [3, 'phone', 'phone_not_a_number', 'nonsense'],
      [5, 'email', 'email_invalid', 'not-an-email'],
      [6, 'time_zone', 'time_zone_invalid', 'Nowhere/Land'],
      [9, '', 'columns_missing', '+12025550114, a, , , red, too many'],
    ]);
    expect(await contact('+12025550110')).toMatchObject({
      first_name: 'Ann Sample',
      time_zone: 'America/New_York',
      attributes: { favourite_colour: 'blue' },
    });
    expect(await contact('+12025550111')).toMatchObject({ first_name: 'Quoted, "C"' });
    const number = await api.inTx((tx) =>
      tx.selectFrom('numbers').selectAll().where('number', '=', '+12025550111').executeTakeFirst(),
    );
    expect(number).toBeDefined();
  });

  test('changes a known number; an empty cell changes nothing; a repeated one counts as a change', async () => {
    const result = await imported(
      'phone;first_name;city\n+12025550110;;Berlin\n+12025550116;New;\n+12025550116;Newer;Bonn\n',
    );
    expect([result.created, result.updated, result.failed]).toEqual([1, 2, 0]);
    expect(await contact('+12025550110')).toMatchObject({
      first_name: 'Ann Sample',
      attributes: { favourite_colour: 'blue', city: 'Berlin' },
    });
    expect(await contact('+12025550116')).toMatchObject({ first_name: 'Newer', attributes: { city: 'Bonn' } });
  });

  test('refuses what is no such file', async () => {
    const code = async (text: string, type?: string) => {
      const answer = await post(text, type);
      return [answer.status, z.object({ code: z.string() }).parse(answer.body).code];
    };
    expect(await code('name\nA')).toEqual([422, 'import_columns']);
    expect(await code('phone,phone\n1,2')).toEqual([422, 'import_columns']);
    expect(await code('')).toEqual([422, 'import_columns']);
    expect(await code(`phone,${'x'.repeat(4_900_000)}`)).toEqual([422, 'import_header_too_long']);
    expect(await code('phone\n+12025550117', 'application/json')).toEqual([415, 'content_type']);
    expect(await code(`phone\n${'+12025550117,\n'.repeat(400_000)}`)).toEqual([413, 'body_too_large']);
    for (const end of ['\n', '\r', '\r\n'])
      expect(await code(`phone${end}${`1${end}`.repeat(100_001)}`)).toEqual([422, 'import_too_many_rows']);
    const latin1 = await fetch(`${api.url}/api/v1/contacts/import`, {
      method: 'POST',
      headers: { authorization: `Bearer ${api.full}`, 'content-type': 'text/csv' },
      body: Buffer.from('phone,first_name\n+12025550117,J\xf6rg', 'latin1'),
    });
    expect(await latin1.json()).toMatchObject({ code: 'import_not_utf8' });
  });

  test('a cell as a spreadsheet or a phone left it is the person it names, and never another', async () => {
    const cells = [
      '="12025550143"',
      "'+12025550144",
      'tel:+12025550145',
      '\u202d+61 491 570 156\u202c',
      '\u2068+61491570157\u2069',
      '\u00a0\u200e+12025550146\u00a0',
      '+43664123456.0',
      '+٤٣٦٦٤١٢٣٤٥٧.٠',
      '61491570158.0',
      '1.20256E+10',
      '"1,20256E+10"',
      '"=""12025550147"""',
    ];
    const result = await imported(`phone\n${cells.join('\n')}`);
    expect(result.errors.map(({ row, code }) => [row, code])).toEqual([
      [10, expect.stringMatching(/^phone_/)],
      [11, 'phone_not_a_number'],
      [12, 'phone_not_a_number'],
    ]);
    const stored = await api.inTx((tx) => tx.selectFrom('contacts').select('phone').execute());
    const phones = stored.map(({ phone }) => phone);
    expect(phones).toEqual(
      expect.arrayContaining([
        ...['+12025550143', '+12025550144', '+12025550145', '+61491570156', '+61491570157', '+12025550146'],
        ...['+43664123456', '+43664123457', '+12025550147'],
      ]),
    );
    expect(phones).not.toContain('+436641234560');
    expect(phones).not.toContain('+436641234570');
  });

  test('a contact over the API likewise', async () => {
    const added = async (phone: string) => {
      const answer = await api.call('POST', '/api/v1/contacts', { body: { phone } });
      const { phone: stored = null } = z.object({ phone: z.string().optional() }).parse(answer.body);
      return [answer.status, stored];
    };
    expect(await added('\u00a0+12025550148')).toEqual([201, '+12025550148']);
    expect(await added('\u202d+61 491 570 159\u202c')).toEqual([201, '+61491570159']);
    expect(await added('="12025550149"')).toEqual([201, '+12025550149']);
    expect(await added('tel:+12025550151')).toEqual([201, '+12025550151']);
    expect(await added('+43664123458.0')).toEqual([201, '+43664123458']);
    expect(await added('1.20256E+10')).toEqual([422, null]);
  });

  test('numbers rows as a spreadsheet does, line breaks inside quotes left out', async () => {
    const result = await imported(
      'phone,note\n+12025550160,"one\ntwo\n\nthree"\nnonsense,x\n+12025550161,"a\r\nb"\n\n+12025550162,"broken" x\nmore,y\n',
    );
    expect(result.errors.map(({ row, code, value }) => [row, code, value])).toEqual([
      [3, 'phone_not_a_number', 'nonsense'],
      [6, 'csv_invalid', '+12025550162,"broken" x'],
      [7, 'phone_not_a_number', 'more'],
    ]);
    expect(await contact('+12025550160')).toMatchObject({ attributes: { note: 'one\ntwo\n\nthree' } });
  });

  test('a short row is read as if its last fields were empty, a long one whose further fields are', async () => {
    const result = await imported(
      'phone,first_name,last_name,email,plan\n+12025550170,Ann,Sample\n+12025550171,Bob\n+12025550172,Cid,,,,,\n+12025550173',
    );
    expect([result.created, result.failed]).toEqual([4, 0]);
    expect(await contact('+12025550170')).toMatchObject({ first_name: 'Ann', last_name: 'Sample', email: null });
    expect(await contact('+12025550172')).toMatchObject({ first_name: 'Cid', attributes: {} });
  });

  test('columns in any script are kept and named, and the ways of calling a phone are known', async () => {
    const result = await imported('Mobile,Имя,城市,Prénom,First Name,***\n+12025550174,Анна,北京,Zoé,Ann,x');
    expect(result.columns).toEqual([
      { header: 'Mobile', field: 'phone' },
      { header: 'Имя', field: 'имя' },
      { header: '城市', field: '城市' },
      { header: 'Prénom', field: 'prenom' },
      { header: 'First Name', field: 'first_name' },
      { header: '***', field: null },
    ]);
    expect(await contact('+12025550174')).toMatchObject({
      first_name: 'Ann',
      attributes: { имя: 'Анна', 城市: '北京', prenom: 'Zoé' },
    });
    const both = await imported('Phone Number;phone;Mobile\n1;+12025550175;2');
    expect(both.columns.map(({ field }) => field)).toEqual(['phone_number', 'phone', 'mobile']);
    expect((await imported('sep=;\nPhone Number;First Name\n+12025550176;A')).created).toBe(1);
    expect((await imported('\nphone;"City, State, Country"\n+12025550177;B')).created).toBe(1);
  });

  test('empty first lines as spreadsheets write them are no header', async () => {
    for (const empty of [';;', ',,', '   ']) {
      const separator = empty === ';;' ? ';' : ',';
      const result = await imported(`${empty}\nphone${separator}first_name\n+12025550186${separator}Ann`);
      expect([result.failed, result.created + result.updated]).toEqual([0, 1]);
    }
  });

  test('columns of one name are kept under numbers, and other languages’ names of the phone are known', async () => {
    const long = 'What would you like to hear from us about, ';
    const result = await imported(`Teléfono;Note;note;Email;email;${long}a?;${long}b?\n+12025550187;one;two;;;x;y`);
    const names = result.columns.map(({ field }) => field);
    expect(names.slice(0, 5)).toEqual(['phone', 'note', 'note_2', 'email', 'email_2']);
    expect(new Set(names).size).toBe(7);
    expect(await contact('+12025550187')).toMatchObject({ attributes: { note: 'one', note_2: 'two' } });
    for (const heading of ['Telefon', 'Home Phone', 'Contact Phone', 'Phone1', 'Phone (mobile)', 'Телефон'])
      expect((await imported(`${heading}\n+12025550188`)).failed).toBe(0);
  });

  test('UTF-16 as a spreadsheet saves it is read', async () => {
    const upload = async (body: Buffer) => {
      const answer = await fetch(`${api.url}/api/v1/contacts/import`, {
        method: 'POST',
        headers: { authorization: `Bearer ${api.full}`, 'content-type': 'text/csv' },
        body: new Uint8Array(body),
      });
      return answer.json();
    };
    const text = '\ufeffphone\tfirst_name\r\n+12025550178\tJosé';
    expect(await upload(Buffer.from(text, 'utf16le'))).toMatchObject({ created: 1, failed: 0 });
    expect(await contact('+12025550178')).toMatchObject({ first_name: 'José' });
    expect(await upload(Buffer.from(text, 'utf16le').subarray(2))).toMatchObject({ code: 'import_not_utf8' });
  });

  // That reading is in proportion to the length is asked where the records are read (packages/nodes, text/csv).
  test('a file without separators is read to its end, and the first 1,000 rows that do not fit are told', async () => {
    const result = await imported(`phone\n${'1234567\n'.repeat(8_000)}`);
    expect(result.failed).toBe(8_000);
    expect(result.errors).toHaveLength(1_000);
  });

  test('a contact has at most 100 attributes, of 32 KB together: a row that would give more is left out, others not', async () => {
    const names = (from: number, count: number) => Array.from({ length: count }, (_, index) => `a${from + index}`);
    const row = (phone: string, count: number, value: string) => [phone, ...Array(count).fill(value)].join(',');
    const first = await imported([`phone,${names(0, 60)}`, row('+12025550180', 60, 'x')].join('\n'));
    expect(first.created).toBe(1);
    const second = await imported(
      [
        `phone,${names(60, 60)}`,
        ...['+12025550181', '+12025550180', '+12025550182'].map((at) => row(at, 60, 'y')),
      ].join('\n'),
    );
    expect([second.created, second.updated, second.failed]).toEqual([2, 0, 1]);
    expect(second.errors[0]).toMatchObject({ row: 3, code: 'attributes_limit' });
    const large = await imported([`phone,${names(0, 60)}`, row('+12025550183', 60, 'z'.repeat(600))].join('\n'));
    expect([large.created, large.errors[0]?.code]).toEqual([0, 'attributes_limit']);
  });

  test('so does the API say, and a page of people with many attributes holds fewer of them', async () => {
    const attributes = (count: number, size: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`big_${index}`, 'x'.repeat(size)]));
    const created = await api.call('POST', '/api/v1/contacts', {
      body: { phone: '+12025550184', attributes: attributes(101, 1) },
    });
    expect([created.status, created.body]).toEqual([
      422,
      expect.objectContaining({ code: 'contact_attributes_limit' }),
    ]);
    for (let index = 0; index < 20; index += 1) {
      const body = { phone: `+1202555${2_000 + index}`, attributes: attributes(50, 600) };
      expect((await api.call('POST', '/api/v1/contacts', { body })).status).toBe(201);
    }
    const pageSchema = z.object({ data: z.array(z.object({ id: z.string() })), next_cursor: z.string().nullable() });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await api.call('GET', `/api/v1/contacts?limit=200${cursor === null ? '' : `&cursor=${cursor}`}`);
      expect(JSON.stringify(page.body).length).toBeLessThan(1_500_000);
      const { data, next_cursor }: z.infer<typeof pageSchema> = pageSchema.parse(page.body);
      seen.push(...data.map(({ id }) => id));
      cursor = next_cursor;
    } while (cursor !== null && seen.length < 200);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThan(20);
  });

  test('imports at once, each with its key, never wait for a connection that one of them holds', async () => {
    const files = Array.from({ length: 30 }, (_, index) => `phone,first_name\n+12025550185,File ${index}`);
    const answers = await Promise.all(
      files.map((text, index) =>
        api.call('POST', '/api/v1/contacts/import', {
          text: { type: 'text/csv', text },
          headers: { 'idempotency-key': `import-at-once-${index}` },
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(30).fill(200));
    const again = await api.call('POST', '/api/v1/contacts/import', {
      text: { type: 'text/csv', text: files[0] ?? '' },
      headers: { 'idempotency-key': 'import-at-once-0' },
    });
    expect(again.body).toEqual(answers[0]?.body);
  });

  test('an unclosed quote loses its own line, not those before', async () => {
    const result = await imported('phone,first_name\n+12025550118,Fine\n+12025550119,"open\n');
    expect([result.created, result.failed]).toEqual([1, 1]);
    expect(result.errors[0]?.code).toBe('csv_invalid');
  });

  test('takes thousands of lines', async () => {
    const lines = Array.from({ length: 5_000 }, (_, index) => `+1202${5_600_000 + index},Many ${index}`);
    const result = await imported(`phone,first_name\n${lines.join('\n')}`);
    expect([result.created, result.failed]).toEqual([5_000, 0]);
  });
});
