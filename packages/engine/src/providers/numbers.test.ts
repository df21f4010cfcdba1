import { expect, test } from 'vitest';
import { fromAustralia, withoutPlus, withPlus } from './numbers.ts';

test.each([
  ['15550001234', '+15550001234'],
  [' 15550001234 ', '+15550001234'],
  ['+15550001234', '+15550001234'],
  ['38421', '38421'],
  ['12345678', '12345678'],
  ['0155500012', '0155500012'],
  ['1234567890123456', '1234567890123456'],
  ['Our Shop', 'Our Shop'],
])('%j has its plus: %j', (written, number) => {
  expect(withPlus(written)).toBe(number);
});

test.each([
  ['0412345678', '+61412345678'],
  ['412345678', '+61412345678'],
  ['61412345678', '+61412345678'],
  ['+61412345678', '+61412345678'],
  [' 0255550100 ', '+61255550100'],
  ['447700900123', '+447700900123'],
  ['19901234', '19901234'],
  ['OurShop', 'OurShop'],
])('%j is written in Australia for %j', (written, number) => {
  expect(fromAustralia(written)).toBe(number);
});

test.each([
  ['+15550001234', '15550001234'],
  ['15550001234', '15550001234'],
  ['OurShop', 'OurShop'],
])('%j goes out as %j', (address, written) => {
  expect(withoutPlus(address)).toBe(written);
});
