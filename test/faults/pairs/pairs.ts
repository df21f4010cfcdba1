import type { Outcome, Scene } from '../../support/scene.ts';

/** What can befall one person at the same moment. A cancel is somebody who stops the flow. */
export const kinds = ['step', 'event', 'timer', 'STOP', 'claim', 'cancel'] as const;

export type Kind = (typeof kinds)[number];

/** Two of them in an order: the first has its work done and not committed when the second begins. */
export type Order = { [First in Kind]: `${First}, then ${Exclude<Kind, First>}` }[Kind];

/** Brings two of them about at the same time and says what must become of the person. */
export type Play = (scene: Scene) => Promise<Outcome>;

/** The plays of one first kind. */
export type PlaysOf<First extends Kind> = Readonly<Record<Extract<Order, `${First}, then ${string}`>, Play>>;
