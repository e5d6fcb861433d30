import { Speaker } from "./speaker.js";

const pieceOfFile = 32 * 1024;

/** A recording of any format, as a file of the user's. The server takes it in real time. */
export class Recording extends Speaker {
    #file;
    isLive = false;

    /**
     * @param {string|URL} url the path of MapSpeechStream
     * @param {Blob} file the recording
     * @param {object} [options] `query` is added to the address
     */
    constructor(url, file, options = {}) {
        super(url, options);
        this.#file = file;
    }

    /** Sends it, and resolves with true when the last word has come. */
    start() {
        this._to("starting");
        this._connect({ format: "file" });
        this._isEnding = true;
        this._uplink.end();
        return this.finished;
    }

    /** Ends it at once. */
    stop() {
        this.abort();
    }

    get resumeTime() {
        return 0;
    }

    resume() {
        // Another server hears it from its beginning. The sentences that are known are left out.
        return { sentences: 0, time: 0, seen: this.seen };
    }

    async read(at) {
        if (at >= this.#file.size) return null;
        this._tell("progress", { sent: at, size: this.#file.size });
        try {
            return new Uint8Array(await this.#file.slice(at, at + pieceOfFile).arrayBuffer());
        } catch {
            this.onFailed("unreadable");
            return null;
        }
    }

    _onNewSession() { }

    _release() { }
}
