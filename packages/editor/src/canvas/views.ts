import { cardHeight, cardWidth, type Layout } from './layout.ts';

/** A part of the canvas at a size, as React Flow takes it. */
export type View = { readonly x: number; readonly y: number; readonly zoom: number };
type Size = { readonly width: number; readonly height: number };
type Area = Size & { readonly x: number; readonly y: number };

const smallestWhole = 0.8;
const railWidth = 92;
/** What the palette takes of the canvas where it is open, with its distance from the edge. */
export const paletteRoom = 232;

/** Down to here a "+" between two cards can be drawn large enough to be hit without covering them. */
export const smallestFit = 0.46;
/** The side of a "+" in the canvas's own pixels, and the least that a finger or a mouse hits with ease, in those of the screen. */
export const plusSide = 24;
const fairTarget = 24;

/** How much a "+" is enlarged at a zoom, so that it stays a fair target; in quarters, so that it changes seldom. */
export function plusScale(zoom: number): number {
  return Math.ceil(Math.max(1, fairTarget / (plusSide * Math.max(zoom, smallestFit))) * 4) / 4;
}

/** The flow from its top at a size that can be read; large flows go on below and to the right. `beside`: room that is taken at the right. */
export function startView(layout: Layout, beside: number): View {
  const room = { width: window.innerWidth - railWidth - beside, height: window.innerHeight - 52 };
  const palette = window.innerWidth >= 1_280 ? paletteRoom : 0;
  const usable = room.width - palette - 48;
  const whole = Math.min(1, usable / layout.width, (room.height - 64) / layout.height);
  // Where a little less shows all of it, it is shown; else at full size, as far as the width allows.
  const zoom = whole >= smallestWhole ? whole : Math.max(smallestWhole, Math.min(1, usable / layout.width));
  const width = layout.width * zoom;
  const left = palette + 24 + Math.max(0, (usable - Math.max(width, 560)) / 2);
  return { x: left + (cardWidth / 2) * zoom, y: 36, zoom };
}

/**
 * All of the flow in sight, as far as every "+" can still be hit; of a larger flow, the part around a card, else its top.
 * `covered`: what the palette takes at the left.
 */
export function wholeView(layout: Layout, room: Size, covered: number, around: string | null): View {
  const gap = 32;
  const usable = { width: room.width - covered - 2 * gap, height: room.height - 2 * gap };
  const fitting = Math.min(1, usable.width / layout.width, usable.height / layout.height);
  const zoom = Math.max(smallestFit, fitting);
  const card = around === null ? undefined : layout.cards.get(around);
  const centre = {
    x: card === undefined ? 0 : card.x + cardWidth / 2,
    y: card === undefined ? 0 : card.y + cardHeight / 2,
  };
  /** Where one side begins on the screen: in the middle where it fits, else around the centre without leaving the flow. */
  const begin = (from: number, length: number, space: number, middle: number) => {
    const spare = space - length * zoom;
    if (spare >= 0) return spare / 2 - from * zoom;
    const wanted = space / 2 - middle * zoom;
    return Math.min(-from * zoom, Math.max(wanted, space - (from + length) * zoom));
  };
  return {
    x: covered + gap + begin(-cardWidth / 2, layout.width, usable.width, centre.x),
    y: gap + begin(0, layout.height, usable.height, centre.y),
    zoom,
  };
}

/** The least movement that brings an area into a room; null where it is in sight. */
export function movedIntoView(area: Area, view: View, room: Size, covered: number): View | null {
  const by = (low: number, high: number, from: number, to: number) =>
    low < from ? from - low : high > to ? Math.max(to - high, from - low) : 0;
  const [left, top] = [area.x * view.zoom + view.x, area.y * view.zoom + view.y];
  const dx = by(left, left + area.width * view.zoom, covered + 24, room.width - 24);
  const dy = by(top, top + area.height * view.zoom, 24, room.height - 48);
  return dx === 0 && dy === 0 ? null : { x: view.x + dx, y: view.y + dy, zoom: view.zoom };
}
