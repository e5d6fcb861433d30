/** A sentence for the page to show, for each thing that can be wrong. Replace them to translate them. */
export const problems: Record<"insecure" | "unsupported" | "denied" | "missing" | "busy" | "disconnected" | "unreadable" | "unreachable" | "gone", string>;

/** Its `name` is a key of `problems`, or "refused" for what the server says; its `message` is a sentence for the page to show. */
export class Problem extends Error {}

/**
 * - `starting`: the microphone is asked for, or the first connection is made
 * - `listening`: words come
 * - `reconnecting`: the network is gone. Audio is kept and sent again; nothing is lost for two minutes
 * - `stopping`: nothing more is recorded, and the last words are on their way
 * - `completed`: every word has come
 * - `failed`: `problem` says why
 */
export type State = "idle" | "starting" | "listening" | "reconnecting" | "stopping" | "completed" | "failed";

/** All times are milliseconds from the first sample. */
export interface CaptionEvents {
    state: CustomEvent<{ state: State; problem: string | null }>;
    /** Which session it is, and the path of its server-sent events for viewers. */
    session: CustomEvent<{ id: string; events: string }>;
    /** A sentence so far, which replaces the one before. `text` begins with `stable`, except for a moment after a reconnect. An empty `text` says that a sentence begins. */
    interim: CustomEvent<{ index: number; begin: number; time: number; text: string; stable: string }>;
    /** A sentence that doesn't change any more. `latency` is the service's; `delay`, of a microphone only, is how late it is after it was spoken, as this page sees it. */
    final: CustomEvent<{
        index: number; begin: number; end: number; text: string; revised: boolean; latency?: number; delay?: number; covered: number;
        words?: { text: string; begin: number; end: number }[];
    }>;
    /** Audio that no sentence will cover. */
    gap: CustomEvent<{ from: number; to: number }>;
    /** The server waits for its connection to the transcription service, and has it. Nothing is lost by that. */
    reconnecting: CustomEvent<{ attempt: number; delay: number }>;
    reconnected: CustomEvent<{ outage: number }>;
    /** What was said before is no longer kept by the server. */
    skipped: CustomEvent<{ count: number }>;
    /** A sentence for the page to show; `status` is the HTTP status that says the same, or 0. */
    problem: CustomEvent<{ status: number; message: string }>;
    /** How loud it is, from 0 to 1, ten times a second. */
    level: CustomEvent<{ level: number }>;
    /** What was recorded, in pieces of 100 ms, for a page that keeps it or draws it. Not with a MediaRecorder. */
    samples: CustomEvent<{ samples: Int16Array; rate: number }>;
    /** How much of a file was read. */
    progress: CustomEvent<{ sent: number; size: number }>;
    /** The connection was lost for the given number of times in a row. */
    lost: CustomEvent<{ attempt: number }>;
}

export interface Captions extends EventTarget {
    readonly state: State;
    readonly problem: Problem | null;
    /** The session's id, for a viewer's link; null before there is a session. */
    readonly id: string | null;
    addEventListener<K extends keyof CaptionEvents>(type: K, listener: (event: CaptionEvents[K]) => void, options?: boolean | AddEventListenerOptions): void;
    addEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | AddEventListenerOptions): void;
}

export interface MicrophoneOptions {
    /** Added to the address, for the server's ConfigureSession. */
    query?: Record<string, string>;
    /** Constraints of getUserMedia. */
    audio?: MediaTrackConstraints;
    /** Used in place of the microphone, as of a tab that is shared. Its tracks aren't stopped. */
    stream?: MediaStream;
    /** Sends what a MediaRecorder makes, about a tenth of the bytes. What no sentence covers is lost when the server restarts; the samples of the default aren't. */
    recorder?: boolean;
}

/** The microphone of this page. */
export class Microphone implements Captions {
    constructor(url: string | URL, options?: MicrophoneOptions);
    /** Asks for the microphone, and connects. Rejects with a `Problem`. */
    start(): Promise<void>;
    /** Ends the recording; resolves when the last word has come, with false if it can't come. */
    stop(): Promise<boolean>;
    /** Ends it at once, without the last words. */
    abort(): void;
    /** As `stop`, for whoever only waits. */
    readonly finished: Promise<boolean>;
}
export interface Microphone extends Captions {}

/** A recording of any format, as a file of the user's. The server takes it in real time. */
export class Recording implements Captions {
    constructor(url: string | URL, file: Blob, options?: { query?: Record<string, string> });
    /** Resolves when the last word has come, with false if it can't come. */
    start(): Promise<boolean>;
    /** Ends it at once. */
    stop(): void;
    readonly finished: Promise<boolean>;
}
export interface Recording extends Captions {}

/** Somebody else's session, to read. */
export class Viewer implements Captions {
    constructor(url: string | URL, id: string);
    start(): void;
    stop(): void;
}
export interface Viewer extends Captions {}
