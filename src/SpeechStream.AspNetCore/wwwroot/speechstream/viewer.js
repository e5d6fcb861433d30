import { Captions, eventsOf, Problem } from "./captions.js";

/** Somebody else's session, to read. */
export class Viewer extends Captions {
    #source = null;
    #timer = null;
    #attempts = 0;
    #hasBegun = false;
    #isMoving = false;
    #isDrained = false;

    /**
     * @param {string|URL} url the path of MapSpeechStream
     * @param {string} id the session's id
     */
    constructor(url, id) {
        super();
        this.id = id;
        this.url = eventsOf(url, id);
    }

    start() {
        this._to("starting");
        this.#connect();
    }

    stop() {
        this.#finish("completed");
    }

    #connect() {
        const url = new URL(this.url);
        url.searchParams.set("after", this.seen);
        const source = this.#source = new EventSource(url);
        source.onopen = () => {
            this.#attempts = 0;
            this.#isDrained = false;
            this.#hasBegun = true;
            this._recover();
            this._to("listening");
        };
        source.onmessage = ({ data }) => this.#take(JSON.parse(data));
        source.onerror = () => {
            if (source === this.#source) this.#again();
        };
    }

    #take(message) {
        this._hear(message);
        if (message.type === "reconnect") {
            this.#isMoving = true;
        } else if (message.type === "completed") {
            // A server that stops says so of what it has heard. The page that speaks may be on its way to another one.
            if (this.#isMoving) this.#isDrained = true;
            else this.#finish("completed");
        } else if (message.type === "error" && !message.retry && message.status !== 413) {
            this.#finish("failed");
        }
    }

    /** The page that speaks may need a while until it is back, too. */
    #again() {
        this.#isMoving = false;
        this.#source.close();
        if (++this.#attempts > (this.#isDrained ? 8 : this.#hasBegun ? 40 : 4)) {
            if (!this.#isDrained) this.problem = new Problem("gone");
            this.#finish(this.#isDrained ? "completed" : "failed");
            return;
        }

        if (this.#hasBegun) this._to("reconnecting");
        this.#timer = setTimeout(() => this.#connect(), Math.min(3000, 250 * 2 ** this.#attempts));
    }

    #finish(state) {
        clearTimeout(this.#timer);
        this.#source?.close();
        this.#source = null;
        this._to(state);
    }
}
