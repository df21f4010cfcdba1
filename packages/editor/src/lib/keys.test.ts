import { describe, expect, it, test } from 'vitest';
import { isComposing, isSingleKey, type KeyPress, keepInputMethodApart, matchesKeys } from './keys.ts';

describe('a single key', () => {
  it.each(['KeyN', 'Slash', 'Shift+?', '+', 'Shift++', 'Digit1'])('%s is one', (binding) => {
    expect(isSingleKey(binding)).toBe(true);
  });

  it.each(['$mod+KeyK', 'Alt+Digit1', 'Enter', 'Escape', 'Delete', 'F8', 'Shift+F8', '$mod+Slash'])(
    '%s is none',
    (binding) => {
      expect(isSingleKey(binding)).toBe(false);
    },
  );
});

describe('shortcuts go by the letter that a key types, not by where it stands', () => {
  const press = (key: string, code: string, held = ''): KeyPress => ({
    key,
    code,
    ctrlKey: held.includes('c'),
    metaKey: held.includes('m'),
    shiftKey: held.includes('s'),
    altKey: held.includes('a'),
  });
  test.each([
    ['German Ctrl+Z undoes', '$mod+KeyZ', press('z', 'KeyY', 'c'), true],
    ['German Ctrl+Z does not redo', '$mod+KeyY', press('z', 'KeyY', 'c'), false],
    ['German Ctrl+Y redoes', '$mod+KeyY', press('y', 'KeyZ', 'c'), true],
    ['French Ctrl+Z undoes', '$mod+KeyZ', press('z', 'KeyW', 'c'), true],
    ['French Ctrl+Q selects nothing', '$mod+KeyA', press('q', 'KeyA', 'c'), false],
    ['Dvorak Ctrl+C copies', '$mod+KeyC', press('c', 'KeyI', 'c'), true],
    ['Ctrl+Shift+Z redoes', '$mod+Shift+KeyZ', press('Z', 'KeyZ', 'cs'), true],
    ['Ctrl+Shift+Z does not undo', '$mod+KeyZ', press('Z', 'KeyZ', 'cs'), false],
    ['Russian Ctrl+Z undoes, by its place', '$mod+KeyZ', press('я', 'KeyZ', 'c'), true],
    ['a French é is no letter of a shortcut', '$mod+KeyZ', press('é', 'KeyZ', 'c'), false],
    ['German ? opens the shortcuts', 'Shift+?', press('?', 'Minus', 's'), true],
    ['German / searches', 'Slash', press('/', 'Digit7', 's'), true],
    ['a plus without Shift adds a step', 'Shift++', press('+', 'BracketRight'), true],
    ['French Alt+1 goes to the first screen', 'Alt+Digit1', press('&', 'Digit1', 'a'), true],
    ['the letter alone is no command with Ctrl', 'KeyA', press('a', 'KeyA', 'c'), false],
    ['F8 with Shift is another', 'F8', press('F8', 'F8', 's'), false],
  ])('%s', (_name, binding, pressed, expected) => {
    expect(matchesKeys(binding, pressed, false)).toBe(expected);
  });
  test('on a Mac the command key counts', () => {
    expect(matchesKeys('$mod+KeyZ', press('z', 'KeyZ', 'm'), true)).toBe(true);
    expect(matchesKeys('$mod+KeyZ', press('z', 'KeyZ', 'c'), true)).toBe(false);
  });
  test('presses of an input method reach nothing on the page', () => {
    const page = new EventTarget();
    const heard: string[] = [];
    keepInputMethodApart(page);
    page.addEventListener('keydown', (event) => heard.push(String(Reflect.get(event, 'key'))), { capture: true });
    const press = (key: string, isComposing: boolean) =>
      page.dispatchEvent(Object.assign(new Event('keydown'), { key, isComposing, keyCode: 27 }));
    press('Escape', true);
    press('Escape', false);
    expect(heard).toEqual(['Escape']);
  });
  test('Enter that confirms a word of an input method is no key of ours', () => {
    expect(isComposing({ isComposing: true, keyCode: 13 })).toBe(true);
    expect(isComposing({ isComposing: false, keyCode: 229 })).toBe(true);
    expect(isComposing({ isComposing: false, keyCode: 13 })).toBe(false);
  });
});
