export type FloorActivities = {
  readonly touch: (id: string) => Promise<string>;
  readonly post: (to: string) => Promise<string>;
};
