import { type ImportColumn, type ReadRow, type RowError, readCsv } from '@signalbox/engine/contacts/csv-import';
import { csvRecords } from '@signalbox/nodes/text/csv';
import { describe, expect, test } from 'vitest';
import { refusedRows } from '../../packages/editor/src/contacts/refused-rows.ts';

/** A file of people, imported: what is stored of each, and what is told of the rows that do not fit. */
function imported(csv: string) {
  const people: Array<ReadRow['contact']> = [];
  const errors: RowError[] = [];
  let columns: readonly ImportColumn[] = [];
  for (const item of readCsv(new TextEncoder().encode(csv), { country: 'US', fields: null, custom: [] }))
    if ('columns' in item) columns = item.columns;
    else if ('contact' in item) people.push(item.contact);
    else errors.push(item);
  return { people, errors, columns };
}

const phone = '+12025550143';
const ann: ReadRow['contact'] = { phone, first_name: 'Ann', attributes: {} };

/** Rows with a fault, what mends it, and the person that is meant where it is not Ann. `|` stands for the separator. */
const faults: ReadonlyArray<{
  readonly name: string;
  readonly row: string;
  readonly wrong: string;
  readonly right: string;
  readonly person?: ReadRow['contact'];
}> = [
  { name: 'that is short', row: 'bad|Ann', wrong: 'bad', right: phone },
  { name: 'of a number alone', row: 'bad', wrong: 'bad', right: phone, person: { phone, attributes: {} } },
  { name: 'that is as long as the header', row: 'bad|Ann||', wrong: 'bad', right: phone },
  { name: 'with empty cells behind it', row: 'bad|Ann||||', wrong: 'bad', right: phone },
  { name: 'with blanks in cells behind it', row: 'bad|Ann|||  | ', wrong: 'bad', right: phone },
  { name: 'with an empty first cell', row: '|Ann', wrong: '|Ann', right: `${phone}|Ann` },
  {
    name: 'with separators and line breaks in its cells',
    row: 'bad|"Ann"|"A| ""B""\nC"||||',
    wrong: 'bad',
    right: phone,
    person: { ...ann, last_name: 'A| "B"\nC' },
  },
  { name: 'with a value beyond the columns', row: `${phone}|Ann||||x`, wrong: '|x', right: '' },
  { name: 'whose quotation marks are broken', row: `${phone}|"An"n`, wrong: '"An"n', right: 'Ann' },
  { name: 'with several faults', row: 'bad|Ann||nobody', wrong: 'bad|Ann||nobody', right: `${phone}|Ann||` },
];

/** What may stand before the header. */
const beginnings = ['', '\ufeff', '\r\n', '|||\n', '||\n \n', ';;\n,,\n'];

describe.each([
  [',', ''],
  [';', ''],
  ['\t', ''],
  [',', 'sep=,\n'],
  [';', 'sep=;\r\n'],
  ['|', 'sep=|\n'],
  ['^', '"sep=^"\n'],
])('the refused rows of a file with %j, said by %j', (separator, said) => {
  const written = (text: string) => text.replaceAll('|', separator);

  for (const { name, row, wrong, right, person = ann } of faults) {
    test(`a row ${name} keeps its problem in its column, and imports once it is corrected`, () => {
      for (const beginning of said === '' ? beginnings : ['', '|||\n']) {
        const csv = `${said}${written(`${beginning}phone|first_name|last_name|email\n+12025550144|Bob\n${row}\n`)}`;
        const first = imported(csv);
        expect([first.people.length, first.errors.length]).toEqual([1, 1]);

        const refused = refusedRows(csv, first.errors);
        const again = imported(refused);
        expect(again.columns.map(({ field }) => field)).toEqual([
          'phone',
          'first_name',
          'last_name',
          'email',
          'problem',
        ]);
        expect([again.people.length, again.errors.length]).toEqual([0, 1]);
        const [, cells] = [...csvRecords(refused)].map(({ fields }) => fields);
        if (cells !== null) expect(cells?.[4]).toContain(first.errors[0]?.message);

        const corrected = imported(refused.replace(written(wrong), written(right)));
        expect(corrected.errors).toEqual([]);
        const meant = person.last_name == null ? person : { ...person, last_name: written(person.last_name) };
        expect(corrected.people).toEqual([meant]);
      }
    });
  }
});

test('rows that are refused twice are imported once they are right, without what was wrong with them', () => {
  const once = imported('phone,note\nbad,x\n');
  const first = refusedRows('phone,note\nbad,x\n', once.errors);
  const second = refusedRows(first, imported(first).errors);
  expect(second.split('\r\n')[0]).toBe('phone,note,problem,problem');
  expect(imported(second.replace('bad', phone)).people).toEqual([{ phone, attributes: { note: 'x' } }]);
});

test('a column of one’s own that is called problem is kept', () => {
  const { people } = imported(`phone,Problem\n${phone},phone: does not ring`);
  expect(people).toEqual([{ phone, attributes: { problem: 'phone: does not ring' } }]);
});
