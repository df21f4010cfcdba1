/**
 * Signatures that Vonage published, with what they are over: input and result of the cases in `test/Client/SignatureTest.php` of its client
 * for PHP (Vonage/vonage-php-sdk-core, commit 002c7200488e0ceb99ce52da8cf82e84b3c2efa9).
 */
export type Vector = {
  readonly method: 'md5hash' | 'md5' | 'sha1' | 'sha256' | 'sha512';
  readonly sig: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** The secret. */
  readonly by: string;
};

const sent = {
  api_key: 'fake_api_key',
  to: '14155550100',
  from: 'AcmeInc',
  text: 'Test From Nexmo',
  type: 'text',
  timestamp: '1540924779',
};
const heard = {
  'message-timestamp': '2013-11-21 15:27:30',
  messageId: '020000001B0FE827',
  msisdn: '14843472194',
  text: 'Test again',
  timestamp: '1385047698',
  to: '13239877404',
  type: 'text',
};
const sender = '71efab63122f1d179f51c46bac838fb5';
const by = 'my_secret_key_for_testing';

export const vectors: readonly Vector[] = [
  { method: 'md5', sig: '51CDAFEBB4BBCE9525B195C1617CB8D2', parameters: sent, by: sender },
  { method: 'sha1', sig: '0162AEC64BC183B2E1256545951FE5639DC98020', parameters: sent, by: sender },
  {
    method: 'sha256',
    sig: '9FEC5EF6D0F2B3D2BB7558B6E4042569823CAB9EA0DD30503472B7B304601975',
    parameters: sent,
    by: sender,
  },
  {
    method: 'sha512',
    sig: '40BD12B9A4B6000AD1138EEFD24FFE9FBD72AEE13C3FA04B32BB69DBC256AD0A04A463B1A9AF6660D10F6E1E769EE14B9CFF6A635502E93AFCD0BFAB29F38F87',
    parameters: sent,
    by: sender,
  },
  { method: 'md5hash', sig: 'd2e7b1dc968737c5998ad624e02f90b7', parameters: heard, by },
  { method: 'md5', sig: 'DDEBD46008C2D4E93CCE578A332A52D5', parameters: heard, by },
  { method: 'sha1', sig: '27D0D05C2876C7CB1720DBCDBA4D492E1E55C09A', parameters: heard, by },
  {
    method: 'sha256',
    sig: 'DDB8397C2B90AAC7F3882D306475C9A5058C92322EEF43C92B298B6E0FC0D330',
    parameters: heard,
    by,
  },
  {
    method: 'sha512',
    sig: 'E0D3C650F8C9D1A5C174D10DDDBFB003E561F59B265616208B0487C5D819481CD3C311D59CF6165ECD1139622D5BA3A256C0D763AC4A9AD9144B5A426B94FE82',
    parameters: heard,
    by,
  },
  {
    method: 'md5hash',
    sig: 'd2e7b1dc968737c5998ad624e02f90b7',
    parameters: { ...heard, sig: 'd2e7b1dc968737c5998ad624e02f90b7' },
    by,
  },
  {
    method: 'md5hash',
    sig: 'f0bfad43bd90cf1ea1f1525c18ba4dab',
    parameters: {
      'message-timestamp': '2013-11-21 17:31:42',
      messageId: '030000002A264B8B',
      msisdn: '14843472194',
      text: 'Message test',
      timestamp: '1385055102',
      to: '14849970568',
      type: 'text',
      sig: 'f0bfad43bd90cf1ea1f1525c18ba4dab',
    },
    by: '',
  },
  {
    method: 'md5hash',
    sig: '83c052a82906ec7c116e16f6d92f7eee',
    parameters: {
      'message-timestamp': '2013-11-21 17:37:31',
      messageId: '030000002A267DBB',
      msisdn: '14843472194',
      text: 'One more time',
      timestamp: '1385055451',
      to: '14849970568',
      type: 'text',
      sig: '83c052a82906ec7c116e16f6d92f7eee',
    },
    by,
  },
  {
    method: 'md5hash',
    sig: 'ff933bf31c79ab3fc6a38d100191c48f',
    parameters: {
      keyword: 'TESTINGS',
      'message-timestamp': '2017-04-04 23:05:22',
      messageId: '0C00000027217D5B',
      msisdn: '14843472194',
      nonce: 'c4ab6ed2-9bf5-48a0-af91-107e29bdd399',
      sig: 'ff933bf31c79ab3fc6a38d100191c48f',
      text: 'Testings',
      timestamp: '1491347122',
      to: '12192259404',
      type: 'text',
    },
    by,
  },
  {
    method: 'md5hash',
    sig: 'e06d9763e3fd0b9c31beb5fc2fcb011c',
    parameters: {
      keyword: 'TEST',
      'message-timestamp': '2017-04-04 22:57:47',
      messageId: '0B00000042AC53BD',
      msisdn: '14843472194',
      nonce: '929d6744-bd28-42c8-b6cf-31d5b4f43732',
      sig: 'e06d9763e3fd0b9c31beb5fc2fcb011c',
      text: 'Test with & and =',
      timestamp: '1491346667',
      to: '12192259404',
      type: 'text',
    },
    by,
  },
  {
    method: 'md5hash',
    sig: '17f5e3b22f778ec73464c01d180e9d0f',
    parameters: {
      api_key: 'not_a_key',
      from: '12192259404',
      text: 'Test&test=something',
      timestamp: '1490638615',
      to: '14843472194',
    },
    by,
  },
];
