// The binary messages about proctoring, as they pass on a page's channel: a byte for the version, then one for the kind.

/** Places in proctor::wire::Up and Down, to which its own tests hold them. */
export const KIND = { batch: 1, frame: 2, reference: 3, showMe: 3, referenceRefused: 6 };

/** Whether it is binary, and of this kind. Which of the two sides says it is the caller's to know. */
export const is = (message: string | Buffer, kind: number): message is Buffer => typeof message !== "string" && message[1] === kind;
