import { createLocalSetting } from './local-setting.ts';

/** How much room rows of lists take. */
export const density = createLocalSetting('density', ['roomy', 'compact']);

/** Whether keys that are pressed alone, such as N or /, are shortcuts (WCAG 2.1.4). */
export const singleKeys = createLocalSetting('single_keys', ['on', 'off']);
