namespace SpeechStream.Protocol;

/// <summary>Whether a new task may succeed after one has failed (PROTOCOL 6).</summary>
internal enum Retry
{
    /// <summary>It would fail again, until the request or the account is changed.</summary>
    No,

    /// <summary>It may succeed after a delay.</summary>
    Yes,

    /// <summary>It may succeed with another token, which is tried once.</summary>
    Token,

    /// <summary>It may succeed after a longer delay. The limit of the account is reached, perhaps because the lost task of this session still counts.</summary>
    Quota,

    /// <summary>It may succeed when there is audio again: the service got none for too long.</summary>
    Idle,

    /// <summary>It may succeed at the send rate, if the audio was sent faster than that. At the same rate it would fail again.</summary>
    TooFast,
}
