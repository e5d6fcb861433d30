/** The audio that may still have to be sent: bytes, counted from the first one of the page. */
export class Kept {
    pieces = [];
    begin = 0;
    end = 0;

    /** @param {number} limit bytes; when there are more, the oldest are forgotten */
    constructor(limit) {
        this.limit = limit;
    }

    add(bytes) {
        this.pieces.push(bytes);
        this.end += bytes.byteLength;
        this.forget(this.end - this.limit);
    }

    /** Forgets what comes before, piece by piece, so that some of it may stay. */
    forget(until) {
        while (this.pieces.length > 0 && this.begin + this.pieces[0].byteLength <= until) {
            this.begin += this.pieces.shift().byteLength;
        }
    }

    /** Some bytes from there on; null if there are none. */
    read(at) {
        let begin = this.begin;
        for (const piece of this.pieces) {
            if (at < begin + piece.byteLength) return piece.subarray(at - begin);
            begin += piece.byteLength;
        }
        return null;
    }

    /** Begins anew, with audio that has nothing to do with what was before. */
    clear() {
        this.pieces = [];
        this.begin = this.end = 0;
    }
}
