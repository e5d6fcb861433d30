namespace SpeechStream.Protocol;

/// <summary>Whether a new task may succeed where one failed.</summary>
internal enum Retry
{
    /// <summary>It would fail the same way: the request or the account has to change.</summary>
    No,

    /// <summary>After a delay.</summary>
    Yes,

    /// <summary>Once, with another token.</summary>
    Token,

    /// <summary>After a longer delay: the account's limit is reached, perhaps by our own lost task.</summary>
    Quota,

    /// <summary>As soon as there is audio again: the service got none for too long.</summary>
    Idle,

    /// <summary>Once, no faster than the send rate, and only if the audio was sent faster than that: as fast as before, it would fail the same way.</summary>
    TooFast,
}
