import { toAttributeName } from '@signalbox/nodes/define/attribute-name';

/** What phone numbers are called in English, best first. */
const english = [
  'phone_number, mobile, mobile_phone, mobile_number, mobile_phone_number, cell, cell_phone, cellphone',
  'cell_number, cell_phone_number, cellphone_number, telephone, telephone_number, tel, phone_no, mobile_no',
  'msisdn, phone_1, phone1, phone_1_value, phone_mobile, primary_phone, contact_phone, contact_number',
];

/** What mobile numbers are called elsewhere, as people write it over a column. */
const mobile = [
  // Spanish and Portuguese
  'Teléfono móvil, Móvil, Celular, Teléfono celular, Número de celular, Número celular, Número de móvil',
  'Número móvil, Tel. móvil, Telemóvel, Número de telemóvel, Telefone celular, Telefone móvel',
  'Número do celular, Número de telefone celular, Número de teléfono móvil, Número de teléfono celular',
  // French, Italian, Romanian
  'Portable, Téléphone portable, Téléphone mobile, Numéro de portable, Numéro de téléphone portable',
  'Numéro de mobile, Numéro de téléphone mobile, Tél. portable, Tél. mobile, GSM, Numéro de GSM, Cellulare',
  'Numero di cellulare, Numero cellulare, Telefono cellulare',
  // German, Dutch, the north
  'Handy, Handynummer, Handy-Nr., Handynr, Mobil, Mobilnummer, Mobil-Nr., Mobilnr, Mobiltelefon',
  'Mobiltelefonnummer, Mobilfunknummer, Mobilfunk, Telefon (mobil), Natel, Mobiel, Mobiele telefoon',
  'Mobiel nummer, Mobiele nummer, Mobieltje, GSM-nummer, Mobiltelefon nr, Matkapuhelin, Matkapuhelinnumero',
  'Farsími',
  // Central and eastern Europe
  'Telefon komórkowy, Numer komórkowy, Numer telefonu komórkowego, Komórka, Mobilní telefon, Mobilné číslo',
  'Mobilní číslo, Mobilszám, Mobitel, Broj mobitela, Мобильный, Мобильный телефон, Номер мобильного',
  'Номер мобильного телефона, Сотовый, Сотовый телефон, Мобільний, Мобільний телефон, Мобилен, Мобилен телефон',
  'Κινητό, Κινητο, Κινητό τηλέφωνο, Αριθμός κινητού',
  // Turkish, Arabic, Hebrew, Persian
  'Cep telefonu, Cep telefonu numarası, Cep telefonu numarasi, Cep no, جوال, الجوال, رقم الجوال, موبايل',
  'رقم الموبايل, الهاتف المحمول, رقم الهاتف المحمول, محمول, نייד, נייד, טלפון נייד, מספר נייד, موبایل',
  'شماره موبایل, تلفن همراه',
  // East and south Asia
  '手机, 手机号, 手机号码, 手機, 手機號, 手機號碼, 移动电话, 移动电话号码, 行動電話, 流動電話, 携帯, 携帯電話, 携帯番号, 携帯電話番号, ケータイ, 휴대폰, 휴대폰 번호, 휴대폰번호',
  '휴대전화, 휴대전화 번호, 휴대전화번호, 핸드폰, 핸드폰 번호, 핸드폰번호, 모바일, मोबाइल, मोबाइल नंबर, मोबाइल नम्बर, Di động, Số di động',
  'Điện thoại di động, มือถือ, เบอร์มือถือ, โทรศัพท์มือถือ, Ponsel, Nomor ponsel, No HP, Nomor HP',
  'Telefon bimbit, No. telefon bimbit',
];

/** And phone numbers of any kind. */
const anyPhone = [
  // Spanish and Portuguese, French, Italian, Romanian
  'Teléfono, Número de teléfono, Número telefónico, Nº de teléfono, N.º de teléfono, Nº teléfono',
  'Número de contacto, Teléfono de contacto, Telefone, Número de telefone, Nº de telefone, Fone',
  'Numéro de téléphone, N° de téléphone, N° téléphone, Numéro téléphone, Numero di telefono, Numero telefono',
  'Recapito telefonico, Număr de telefon',
  // German, Dutch, the north
  'Telefon, Telefonnummer, Telefon-Nr., Telefonnr, Telefon-Nummer, Rufnummer, Tel.-Nr., Telnr, Telefoon',
  'Telefoonnummer, Telefoonnr, Tlf, Tlf.nr., Tlfnr, Puhelin, Puhelinnumero, Símanúmer, Sími',
  // Central and eastern Europe
  'Numer telefonu, Nr telefonu, Nr tel., Telefonní číslo, Číslo telefonu, Telefónne číslo, Telefonszám',
  'Broj telefona, Telefonska številka, Telefoninumber, Tālrunis, Tālruņa numurs, Telefono numeris, Телефон',
  'Номер телефона, Тел., Контактный телефон, Номер телефону, Телефонен номер, Број телефона, Τηλέφωνο, Τηλεφωνο',
  'Αριθμός τηλεφώνου',
  // Turkish, Arabic, Hebrew, Persian
  'Telefon numarası, Telefon numarasi, Telefon no, هاتف, الهاتف, رقم الهاتف, رقم هاتف, تليفون, טלפון',
  'מספר טלפון, تلفن, شماره تلفن, شماره تماس',
  // East and south Asia
  '电话, 电话号码, 联系电话, 電話, 電話號碼, 聯絡電話, 電話番号, お電話番号, 連絡先電話番号, 전화, 전화번호, 전화 번호, 연락처, फ़ोन, फोन, फ़ोन नंबर, फोन नंबर',
  'Điện thoại, Số điện thoại, SĐT, โทรศัพท์, เบอร์โทร, เบอร์โทรศัพท์, หมายเลขโทรศัพท์, Telepon, No. telepon',
  'Nomor telepon, No. telefon, Nombor telefon, Numero ng telepono',
];

/** What other programs call the number, best first: a name counts where no column has a better one. */
export const phoneColumns: readonly string[] = [...english, ...mobile, ...anyPhone, 'home_phone, sms, number']
  .flatMap((headings) => headings.split(', '))
  .flatMap((heading) => toAttributeName(heading) ?? []);
