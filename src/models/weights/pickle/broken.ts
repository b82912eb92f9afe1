/** Thrown inside where a real unpickler stops with an error; never leaves the machine. */
export class Broken extends Error {}
