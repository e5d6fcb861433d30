using System.Text.Json.Serialization;

namespace SpeechStream.AspNetCore.Messages;

/// <summary>What pages and viewers are told. The README documents it: members may be added, and those that are here don't change within version 1.</summary>
/// <remarks>Times are milliseconds from the first sample of the page's audio.</remarks>
internal abstract record ServerMessage([property: JsonPropertyOrder(-2)] string Type)
{
    [JsonPropertyOrder(-3)]
    public int V { get; } = 1;

    /// <summary>Its number in the session, by which a reader says what it has; null for a message that isn't kept.</summary>
    [JsonPropertyOrder(-1)]
    public long? Seq { get; init; }
}

/// <summary>The first message of a connection: which session it is, and which byte of the audio the server wants next.</summary>
/// <param name="Id">What viewers know it by: they read <c>{id}/events</c>.</param>
/// <param name="Key">Only for the page whose microphone it is: with it, and with nothing else, the session can be taken up again.</param>
/// <param name="Received">How many bytes of the page's audio the server has, or needn't have.</param>
/// <param name="Resumed">Whether this server still had the session.</param>
/// <param name="Rate">Samples per second of the page's audio; null for audio in containers.</param>
/// <param name="Ahead">How many bytes beyond those that were received are read at once; null when nothing is read from a socket.</param>
internal sealed record SessionMessage(string Id, string? Key, long Received, bool Resumed, int? Rate, int? Ahead = null) : ServerMessage("session");

/// <summary>A sentence so far. It replaces the one before. An empty text says that a sentence has begun.</summary>
/// <param name="Index">Number of the sentence, from 1.</param>
/// <param name="Begin">Where it begins.</param>
/// <param name="Time">How far the service has listened.</param>
/// <param name="Text">The whole text so far.</param>
/// <param name="Stable">The head of the sentence that can be shown as settled.</param>
internal sealed record InterimMessage(int Index, long Begin, long Time, string Text, string Stable) : ServerMessage("interim");

/// <summary>A sentence is final.</summary>
/// <param name="Index">Number of the sentence, from 1.</param>
/// <param name="Begin">Where it begins.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Text">Its text.</param>
/// <param name="Revised">Its text doesn't begin with the last stable text.</param>
/// <param name="Latency">How long after its last sample the result came to the server.</param>
/// <param name="Covered">Up to where final results cover the audio, exactly. A page keeps what comes after it.</param>
/// <param name="Words">Its words, if the session's settings ask for them.</param>
internal sealed record FinalMessage(int Index, long Begin, long End, string Text, bool Revised, long? Latency, double Covered, IReadOnlyList<WordMessage>? Words) : ServerMessage("final");

/// <summary>A word of a final sentence.</summary>
internal sealed record WordMessage(string Text, long Begin, long End);

/// <summary>Audio that no final result will cover.</summary>
internal sealed record GapMessage(long From, long To) : ServerMessage("gap");

/// <summary>The server has lost its connection to the service, and makes another.</summary>
internal sealed record ReconnectingMessage(int Attempt, long Delay) : ServerMessage("reconnecting");

/// <summary>The server has its connection to the service again.</summary>
internal sealed record ReconnectedMessage(long Outage) : ServerMessage("reconnected");

/// <summary>Nothing else happened for a while, or some more audio was taken: so many bytes of the audio have arrived.</summary>
internal sealed record ReceivedMessage(long Received) : ServerMessage("received");

/// <summary>Messages that this reader hasn't read are no longer kept.</summary>
internal sealed record SkippedMessage(long Count) : ServerMessage("skipped");

/// <summary>The server is about to stop: connect again.</summary>
internal sealed record ReconnectMessage() : ServerMessage("reconnect");

/// <summary>Something can't be done.</summary>
/// <param name="Status">The HTTP status that says the same.</param>
/// <param name="Message">A sentence for the user.</param>
/// <param name="Retry">Whether a new session may help.</param>
internal sealed record ErrorMessage(int Status, string Message, bool Retry) : ServerMessage("error");

/// <summary>Every final result was sent.</summary>
internal sealed record CompletedMessage(int Sentences) : ServerMessage("completed");
