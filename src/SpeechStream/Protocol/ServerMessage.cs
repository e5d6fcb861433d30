using System.Text.Json;

namespace SpeechStream.Protocol;

/// <summary>One message of the service. A connection reads each message into the same instance, but the values of its fields may be kept.</summary>
/// <remarks>
/// All times count from the first sample that was sent on this connection. These are fields, since the runtime would compile each accessor of a property up to three
/// times while a process warms up.
/// </remarks>
internal sealed class ServerMessage
{
    public ServerEvent Event = ServerEvent.Other;

    /// <summary>The name that the service gives the event; only for <see cref="ServerEvent.Other"/>.</summary>
    public string Name = "";

    /// <summary>The exception for the reason why the service gave up the task; only for <see cref="ServerEvent.TaskFailed"/>.</summary>
    public SpeechStreamException? Failure;

    /// <summary>Whether the failure says only that no speech was recognized. After the end of the audio this is a graceful end.</summary>
    public bool IsSilence;

    /// <summary>How much audio of the task the service has charged for so far; null when it doesn't say.</summary>
    public TimeSpan? BilledAudio;

    public string? SessionId;

    /// <summary>The number of the sentence in its task. Both services count from 1.</summary>
    public int Index => GivenIndex.GetValueOrDefault();

    public TimeSpan Time => GivenTime.GetValueOrDefault();

    public TimeSpan? BeginTime;

    /// <summary>Whether the message is known not to be a final result, however malformed it is. Only DashScope's reader sets it, since NLS's events have names that tell it.</summary>
    public bool IsInterim;

    /// <summary>Whether a result also begins its sentence, when no other message did. NLS always sends a message of its own for that.</summary>
    public bool ImpliesBegin;

    public string Result => GivenResult ?? "";

    public string FixedResult = "";

    public double? Confidence;

    /// <summary>A new array for each message. The caller of the reader may change its elements and keep it.</summary>
    public Word[] Words = [];

    /// <summary>Collects the words while they are read.</summary>
    public readonly List<Word> Elements = [];

    /// <summary>The status of the sentence, which is passed on in the event; 0 when the service gives none.</summary>
    public int SentenceStatus;

    /// <summary>Whether the sentence timed out in the service.</summary>
    public bool TimedOut;

    public SentenceStash? Stash;

    public string? Emotion;

    public double? EmotionConfidence;

    public string? Gender;

    public double? GenderScore;

    public string? SentenceId;

    public string? AudioExtraInfo;

    /// <summary>The whole payload, of kind undefined when there is none; only for <see cref="ServerEvent.Other"/>.</summary>
    public JsonElement Payload;

    /// <summary>The value in the message; null when the field is missing.</summary>
    public int? GivenIndex;

    /// <inheritdoc cref="GivenIndex"/>
    public TimeSpan? GivenTime;

    /// <inheritdoc cref="GivenIndex"/>
    public string? GivenResult;

    /// <summary>NLS's name of a field that the event needs and that is missing; null when none is.</summary>
    public string? MissingField => Event switch
    {
        not (ServerEvent.SentenceBegin or ServerEvent.ResultChanged or ServerEvent.SentenceEnd) => null,
        _ when GivenIndex is null => "index",
        _ when GivenTime is null => "time",
        not ServerEvent.SentenceBegin when GivenResult is null => "result",
        _ => null,
    };

    public void Clear()
    {
        Event = ServerEvent.Other;
        Name = "";
        Failure = null;
        IsSilence = IsInterim = false;
        ClearPayload();
    }

    public void ClearPayload()
    {
        SessionId = GivenResult = Emotion = Gender = SentenceId = AudioExtraInfo = null;
        FixedResult = "";
        GivenIndex = null;
        GivenTime = BeginTime = null;
        Confidence = EmotionConfidence = GenderScore = null;
        Words = [];
        SentenceStatus = 0;
        TimedOut = ImpliesBegin = false;
        BilledAudio = null;
        Stash = null;
        Payload = default;
    }
}
