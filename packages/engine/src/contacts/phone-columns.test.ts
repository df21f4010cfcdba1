import { describe, expect, it } from 'vitest';
import { readCsv } from './csv-import.ts';
import { phoneColumns } from './phone-columns.ts';

const fieldsOf = (header: string): Array<string | null> => {
  const [first] = readCsv(new TextEncoder().encode(header), { country: 'US', fields: null, custom: [] });
  return first !== undefined && 'columns' in first ? first.columns.map(({ field }) => field) : [];
};

describe('a column of phone numbers', () => {
  for (const heading of [
    ...['Phone', 'phone number', 'Mobile', 'MOBILE NUMBER', 'Cell Phone', 'Phone (mobile)', 'Home Phone'],
    ...['Número de teléfono', 'Teléfono móvil', 'Celular', 'N.º de teléfono', 'Telefone celular', 'Telemóvel'],
    ...['Numéro de téléphone', 'N° de téléphone', 'Téléphone portable', 'Tél.', 'Cellulare', 'Numero di telefono'],
    ...['Telefonnummer', 'Handynummer', 'Mobilnummer', 'Telefon (mobil)', 'Telefon-Nr.', 'Telefoonnummer', 'Tlf.'],
    ...['Matkapuhelin', 'Numer telefonu', 'Telefonní číslo', 'Telefonszám', 'Номер телефона', 'Мобильный телефон'],
    ...['Κινητό', 'Cep telefonu', 'Telefon numarası', 'رقم الهاتف', 'جوال', 'מספר טלפון', 'טלפון נייד', 'شماره موبایل'],
    ...[
      '手机',
      '手机号',
      '手机号码',
      '手機號碼',
      '电话号码',
      '電話番号',
      '携帯電話',
      '携帯電話番号',
      '휴대폰',
      '휴대폰 번호',
    ],
    ...['전화번호', 'मोबाइल नंबर', 'फ़ोन', 'Số điện thoại', 'เบอร์โทรศัพท์', 'No. HP', 'Nomor telepon'],
  ]) {
    it(`is found under the heading ${heading}`, () => {
      expect(fieldsOf(`First name,${heading}`)).toEqual(['first_name', 'phone']);
      expect(fieldsOf(`${heading.toUpperCase()};City`)[0]).toBe('phone');
    });
  }

  it('is the one called so where several hold a number', () => {
    expect(fieldsOf('Teléfono,phone,手机')).toEqual(['telefono', 'phone', '手机']);
    expect(fieldsOf('電話番号,携帯電話')).toEqual(['電話番号', 'phone']);
    expect(fieldsOf('Telefon,Handy')).toEqual(['telefon', 'phone']);
  });

  it('is no column of anything else', () => {
    for (const heading of ['Name', 'CEP', 'Telegram', 'Mobility', 'Handicap', '名前', 'رقم', 'Nummer'])
      expect(() => fieldsOf(`${heading},first_name`)).toThrow(expect.objectContaining({ code: 'import_columns' }));
  });

  it('has one name for each way of calling it', () => {
    expect(new Set(phoneColumns).size).toBe(phoneColumns.length);
  });
});
